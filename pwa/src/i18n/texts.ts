/**
 * The texts that have been loaded, in both languages: choosing a form, filling in values, writing numbers is Fluent's work.
 *
 * `build/texts.ts` calls `add` with the texts of every area that the loaded pages name.
 */

import { FluentBundle, type FluentResource } from "@fluent/bundle";
import type { Language } from "../store/phone.ts";

export type Key = keyof Texts;

/** The keys whose text needs no values. */
export type PlainKey = { [K in Key]: [Texts[K]] extends [never] ? K : never }[Key];

/** What has to be given for the text of a key: nothing, or a value for each name in it. */
export type Values<K extends Key> = [Texts[K]] extends [never]
  ? []
  : [values: Record<Texts[K], string | number>];

type Pattern = FluentResource["body"][number]["value"];

/** How numbers and dates are written: English without Americanisms, because the day comes before the month here. */
export const LOCALES: Record<Language, string> = { ru: "ru", en: "en-GB" };

// No isolating marks around values: both languages run left to right, and people copy these texts into others.
const BUNDLES: Record<Language, FluentBundle> = {
  ru: new FluentBundle(LOCALES.ru, { useIsolating: false }),
  en: new FluentBundle(LOCALES.en, { useIsolating: false }),
};

export function add(language: Language, texts: Readonly<Record<string, Pattern>>): void {
  const body = Object.entries(texts).map(([id, value]) => ({ id, value, attributes: {} }));
  // Two areas may bring the same term.
  BUNDLES[language].addResource({ body }, { allowOverrides: true });
}

/** The text of a key. A text or a value that is missing is shown by its name: a page must not fall for the lack of a word. */
export function say<K extends Key>(language: Language, key: K, ...[values]: Values<K>): string {
  const bundle = BUNDLES[language];
  const pattern = bundle.getMessage(key)?.value;
  return pattern ? bundle.formatPattern(pattern, values, []) : key;
}
