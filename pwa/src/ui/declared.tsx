import type { Declarable } from "../generated/documents.ts";
import { type Key, t } from "../i18n/index.ts";
import { useClosing } from "../state/chapter.ts";

const WORDS = [
  ["heads", "declared-heads"],
  ["letters", "declared-letters"],
  ["cards", "declared-cards"],
  ["handmade", "declared-handmade"],
  ["recipients", "declared-recipients"],
] as const satisfies readonly (readonly [Declarable, Key])[];

/** The numbers a coordinator has declared, beside those tallied: where they differ, both are to be seen. */
export function Declared({ event }: { event: string }) {
  const closing = useClosing(event);
  if (!closing) return null;
  const what = WORDS.flatMap(([field, key]) => {
    const number = closing[field];
    if (number === null || number === undefined) return [];
    return [
      t(key, { n: closing.at_least?.includes(field) ? t("declared-at-least", { n: number }) : number }),
    ];
  });
  if (what.length === 0) return null;
  return (
    <p class="notice" data-testid="declared">
      {t("declared-line", { what: what.join(", ") })}
    </p>
  );
}
