/** The press line in words, in whichever language is asked for: both are needed, whatever this phone speaks. */

import { type PressKey, type PressNumbers, pressLine } from "../domain/press.ts";
import type { Language } from "../store/phone.ts";
import { say } from "./texts.ts";

/** Empty where nothing may be said. */
export function pressWords(language: Language, numbers: PressNumbers): string {
  return pressLine(numbers)
    .map(({ key, values }) => say(language, key, values as Record<Texts[PressKey], string | number>))
    .join(" ");
}
