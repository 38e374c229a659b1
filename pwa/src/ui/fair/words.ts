/** How a prisoner's entry is put into words. */

import type { Placement, PrisonerDocument } from "../../generated/documents.ts";
import { inLanguage, type PlainKey, t } from "../../i18n/index.ts";
import { say } from "../../i18n/texts.ts";
import { facility, theme } from "../../state/register.ts";

/** What the post reads, whatever this phone speaks. */
export const POST = "ru";

const STATUSES: Readonly<Record<string, PlainKey>> = {
  detained: "person-status-detained",
  convicted: "person-status-convicted",
  released: "person-status-released",
  exchanged: "person-status-exchanged",
  deceased: "person-status-deceased",
};

/** A status in words; one that this app does not know as it was written. */
export function statusWords(status: string): string {
  const key = STATUSES[status];
  return key ? t(key) : status;
}

/** A theme by its document, or by its slug until that is here. */
export function themeName(slug: string): string {
  const document = theme(slug);
  return document ? inLanguage(document.name) : slug;
}

/** The address to write to: the placement's own, else that of its facility. */
export function addressOf(placement: Placement): string {
  return placement.address || (placement.facility_id && facility(placement.facility_id)?.address) || "";
}

/** The lines of an envelope: who, where, the address. */
export function envelopeLines({ name, born }: PrisonerDocument, placement: Placement): string[] {
  const who = name.ru || name.en || "";
  const year = born ? say(POST, "letters-born", { year: born.slice(0, 4) }) : "";
  return [[who, year].filter(Boolean).join(", "), placement.facility, addressOf(placement)].filter(Boolean);
}
