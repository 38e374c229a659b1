/** The words of the pages, in the language of this phone. */

import { computed } from "@preact/signals";
import type { EventDocument, Localized } from "../generated/documents.ts";
import { settings } from "../state/session.ts";
import type { Language } from "../store/phone.ts";
import { dateIn, numberIn } from "./formatters.ts";
import { preferred } from "./preferred.ts";
import { type Key, LOCALES, say, type Values } from "./texts.ts";

export type { Key, PlainKey } from "./texts.ts";

export const language = computed<Language>(() => settings.value.language ?? preferred(navigator.languages));

const locale = computed(() => LOCALES[language.value]);

/** The text of a key in the language of this phone. Keys and the values each of them needs are types: see build/keys.mjs. */
export function t<K extends Key>(key: K, ...values: Values<K>): string {
  return say(language.value, key, ...values);
}

/** What the app is called on this phone: by its own name, or by the one it was built with. */
export function appName(): string {
  return __APP_NAME__ ?? t("app-name");
}

/** Words that documents carry in both languages: in the language of this phone if they are there. */
export function inLanguage(words: Localized): string {
  return (language.value === "ru" ? words.ru || words.en : words.en || words.ru) ?? "";
}

/** What there is to say in one line, with a dot after each part but the last. No line begins with a dot or the number of a thing. */
export function dotted(parts: readonly (string | null | undefined | false)[]): string {
  return parts.filter(Boolean).join("\u00a0· ").replaceAll("№ ", "№\u00a0");
}

export function formatNumber(number: number): string {
  return numberIn(locale.value, number);
}

function zoned(event: EventDocument, options: Intl.DateTimeFormatOptions, written = locale.value): string {
  const starts = new Date(event.starts);
  try {
    return dateIn(written, starts, event.zone ? { ...options, timeZone: event.zone } : options);
  } catch {
    // A time zone this browser does not know.
    return dateIn(written, starts, options);
  }
}

/** When an event begins, by the clock on the wall of its place. */
export function eventTime(event: EventDocument): string {
  return zoned(event, {
    weekday: "short",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
  });
}

/** The postmark of an event: its day, its month and its year, in the language of this phone or another. */
export function postmark(
  event: EventDocument,
  tongue: Language = language.value,
): { day: string; month: string; year: string } {
  const part = (options: Intl.DateTimeFormatOptions) => zoned(event, options, LOCALES[tongue]);
  return {
    day: part({ day: "numeric" }),
    month: part({ month: "short" }).replace(".", ""),
    year: part({ year: "numeric" }),
  };
}

/** A moment of the recent past: only the time if it was today. */
export function moment(milliseconds: number): string {
  const then = new Date(milliseconds);
  const today = then.toDateString() === new Date().toDateString();
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  return dateIn(locale.value, then, today ? time : { day: "numeric", month: "short", ...time });
}

const CALENDAR: Intl.DateTimeFormatOptions = { timeZone: "UTC" };

/** A calendar day, as exact as it is given: 29 января 2026 г., январь 2026 г., 2026. */
export function vagueDay(vague: string): string {
  const [year, month, day] = vague.split("-");
  const options: Intl.DateTimeFormatOptions = { ...CALENDAR, year: "numeric" };
  if (month) options.month = "long";
  if (day) options.day = "numeric";
  return dateIn(
    locale.value,
    new Date(Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1))),
    options,
  );
}

/** A day of the year, without the year: 29 января; a month alone: январь. */
export function dayOfYear(month: number, day: number | undefined): string {
  const options: Intl.DateTimeFormatOptions = { ...CALENDAR, month: "long" };
  if (day) options.day = "numeric";
  return dateIn(locale.value, new Date(Date.UTC(2024, month - 1, day ?? 1)), options);
}

/** How long ago: 5 месяцев назад. */
export function timeAgo({ n, unit }: { n: number; unit: "day" | "month" | "year" }): string {
  return new Intl.RelativeTimeFormat(locale.value, { numeric: "auto" }).format(-n, unit);
}

/** What a language is called: `ru` → русский. */
export function languageName(code: string): string {
  return new Intl.DisplayNames(locale.value, { type: "language", fallback: "code" }).of(code) ?? code;
}

/** "14 letters and 3 people" */
export function formatList(parts: readonly string[]): string {
  return new Intl.ListFormat(locale.value).format(parts);
}

/** How long something has been so, in its largest whole unit: "2 h". */
export function formatAge(milliseconds: number): string {
  const minutes = Math.max(1, Math.floor(milliseconds / 60_000));
  if (minutes < 60) return measured(minutes, { unit: "minute" });
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? measured(hours, { unit: "hour" }) : measured(Math.floor(hours / 24), { unit: "day" });
}

/** A number and its unit, which no end of a line parts. */
function measured(amount: number, options: Intl.NumberFormatOptions): string {
  return numberIn(locale.value, amount, { style: "unit", ...options }).replaceAll(" ", "\u00a0");
}

const UNITS = [
  { unit: "gigabyte", size: 1e9 },
  { unit: "megabyte", size: 1e6 },
  { unit: "kilobyte", size: 1e3 },
] as const;

/** A size in bytes, with two digits at most after the first. */
export function formatSize(bytes: number): string {
  const { unit, size } = UNITS.find(({ size }) => bytes >= size) ?? UNITS[2];
  return measured(bytes / size, { unit, maximumSignificantDigits: 3 });
}
