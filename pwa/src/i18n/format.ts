/** Choosing and filling texts of a catalogue: plural forms by `Intl.PluralRules`, `{name}` by the values given. */

export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
export type Text = string | PluralForms;
export type Catalogue = Readonly<Record<string, Text>>;
export type Values = Readonly<Record<string, string | number>>;

/** Fills a text. A text with plural forms is chosen by the value `n`; numbers are written as the language writes them. */
export function fill(text: Text, language: string, values: Values = {}): string {
  const number = new Intl.NumberFormat(language);
  const chosen =
    typeof text === "string"
      ? text
      : (text[new Intl.PluralRules(language).select(Number(values.n))] ?? text.other);
  return chosen.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? number.format(value) : value;
  });
}

/** The language of a browser that prefers these: Russian where it comes before English, else English. */
export function preferred(languages: readonly string[]): "ru" | "en" {
  const known = languages
    .map((tag) => tag.slice(0, 2).toLowerCase())
    .find((tag) => tag === "ru" || tag === "en");
  return known === "ru" ? "ru" : "en";
}
