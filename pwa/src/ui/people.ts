/** How the people letters are written to are called on the pages. */

import { placementNow } from "../domain/fair.ts";
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
export function distinction(person: PrisonerDocument): string {
  const { name, born } = person;
  const other = language.value === "ru" ? name.en : name.ru;
  const held = placementNow(person)?.facility;
  return dotted([
    other && other !== inLanguage(name) && other,
    born && t("letters-born", { year: born.slice(0, 4) }),
    held,
  ]);
}
