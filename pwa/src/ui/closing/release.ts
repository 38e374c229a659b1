/** The line for the press as it is drafted, edited and signed. */

import { claimsSent } from "../../domain/press.ts";
import { dayOf } from "../../domain/time.ts";
import type { Press } from "../../generated/documents.ts";
import { draft } from "../../i18n/press.ts";
import type { Evening } from "../../state/closing.ts";
import { chapterDocument } from "../../state/register.ts";
import type { Language } from "../../store/phone.ts";

export type Texts = Record<Language, string>;

/** What a chapter is called in a language; its slug until the register is here. */
export function placeIn(language: Language, slug: string): string {
  const name = chapterDocument(slug)?.name;
  return (language === "ru" ? name?.ru || name?.en : name?.en || name?.ru) || slug;
}

export function draftOf({ event, press }: Evening): Texts {
  const drafted = (language: Language) =>
    draft(language, placeIn(language, event.chapter), dayOf(event), press);
  return { ru: drafted("ru"), en: drafted("en") };
}

export function isSigned(texts: Texts, press: Press | null | undefined): boolean {
  return !!press && texts.ru.trim() === (press.ru ?? "") && texts.en.trim() === (press.en ?? "");
}

/** Whether letters were sent after the line was signed: ids are made of the time, so a later one is greater. */
export function isOutdated({ standing, dispatches }: Evening): boolean {
  const made = (id: string) => id.split(":").at(-1) ?? "";
  return !!standing?.press && dispatches.some(({ _id }) => made(_id) > made(standing._id));
}

/** Whether a text says "sent" of an evening of which nothing was. */
export function claimsTooMuch(texts: Texts, sent: number): boolean {
  return sent === 0 && (claimsSent(texts.ru) || claimsSent(texts.en));
}
