/** The language of a browser that prefers these: Russian where it comes before English, else English. */
export function preferred(languages: readonly string[]): "ru" | "en" {
  const known = languages
    .map((tag) => tag.slice(0, 2).toLowerCase())
    .find((tag) => tag === "ru" || tag === "en");
  return known === "ru" ? "ru" : "en";
}
