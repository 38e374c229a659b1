/** How the people letters are written to are called on the pages. */

import type { PrisonerDocument } from "../generated/documents.ts";
import { dotted, inLanguage, language, t } from "../i18n/index.ts";
import { prisoner } from "../state/register.ts";

/** The name of a line's recipient. */
export function recipientName(to: string | null): string {
  if (to === null) return t("letters-no-name");
  const known = prisoner(to);
  return known ? inLanguage(known.name) : t("letters-unknown-person", { id: to.slice(-4) });
}

/** What tells two people of one name apart: the other spelling, the year of birth, where they are held. */
export function distinction({ name, born, placements }: PrisonerDocument): string {
  const other = language.value === "ru" ? name.en : name.ru;
  const held = placements?.find(({ to }) => !to)?.facility;
  return dotted([
    other && other !== inLanguage(name) && other,
    born && t("letters-born", { year: born.slice(0, 4) }),
    held,
  ]);
}
