import type { ClosingDocument } from "../generated/documents.ts";
import { formatNumber, type Key, t } from "../i18n/index.ts";
import { useClosing } from "../state/chapter.ts";

type Declarable = NonNullable<ClosingDocument["at_least"]>[number];

const WORDS: readonly [Declarable, Key][] = [
  ["heads", "event.declaredHeads"],
  ["letters", "event.declaredLetters"],
  ["cards", "event.declaredCards"],
  ["handmade", "event.declaredHandmade"],
  ["recipients", "event.declaredRecipients"],
];

/** The numbers a coordinator has declared, beside those tallied: where they differ, both are to be seen. */
export function Declared({ event }: { event: string }) {
  const closing = useClosing(event);
  if (!closing) return null;
  const what = WORDS.flatMap(([field, key]) => {
    const number = closing[field];
    if (number === null || number === undefined) return [];
    const exact = formatNumber(number);
    return [
      t(key, { n: closing.at_least?.includes(field) ? t("event.declaredAtLeast", { n: exact }) : exact }),
    ];
  });
  if (what.length === 0) return null;
  return (
    <p class="notice" data-testid="declared">
      {t("event.declared", { what: what.join(", ") })}
    </p>
  );
}
