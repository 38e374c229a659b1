/** The press line in words, in whichever language is asked for: both are needed, whatever this phone speaks. */

import { type PressKey, type PressNumbers, pressLine } from "../domain/press.ts";
import type { Language } from "../store/phone.ts";
import { LOCALES, say } from "./texts.ts";

/** Empty where nothing may be said. */
export function pressWords(language: Language, numbers: PressNumbers): string {
  return pressLine(numbers)
    .map(({ key, values }) => say(language, key, values as Record<Texts[PressKey], string | number>))
    .join(" ");
}

/** A calendar day as a language writes it: 29 января 2026 г. */
export function dayIn(language: Language, day: string): string {
  const date = new Date(`${day}T00:00Z`);
  return date.toLocaleDateString(LOCALES[language], {
    ...{ day: "numeric", month: "long", year: "numeric", timeZone: "UTC" },
  });
}

/** A whole draft: where and when, then the line. Empty where there is nothing to say. */
export function draft(language: Language, place: string, day: string, numbers: PressNumbers): string {
  const line = pressWords(language, numbers);
  const when = `${place}, ${dayIn(language, day)}`;
  return line && `${when.endsWith(".") ? when : `${when}.`} ${line}`;
}
