import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import en from "../../locales/phone.en.json";
import ru from "../../locales/phone.ru.json";
import { type Catalogue, fill, preferred, type Text } from "../src/i18n/format.ts";

const CATALOGUES: Record<string, Catalogue> = { ru, en };

function forms(text: Text | undefined): string[] {
  return typeof text === "object" ? Object.values(text) : [text ?? ""];
}

function placeholders(text: Text | undefined): string[] {
  return [...new Set(forms(text).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();
}

test("both languages say the same things with the same values", () => {
  expect(Object.keys(en)).toEqual(Object.keys(ru));
  for (const key of Object.keys(ru)) {
    expect([key, placeholders(CATALOGUES.en?.[key])]).toEqual([key, placeholders(CATALOGUES.ru?.[key])]);
  }
});

test.each(["ru", "en"])("every form a number can take in %s is there", (language) => {
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
  for (const [key, text] of Object.entries(CATALOGUES[language] ?? {})) {
    if (typeof text === "object") expect([key, Object.keys(text).sort()]).toEqual([key, categories]);
  }
});

test("no text is left that no page says", () => {
  const root = new URL("../src/", import.meta.url);
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.startsWith("generated"))
    .map((name) => readFileSync(new URL(name, root), "utf8"))
    .join("\n");
  // Keys made from a value, as in `records.${progress}`, count for everything that begins like them.
  const made = [...sources.matchAll(/`([\w.]+\.)\$\{/g)].map(([, beginning]) => beginning ?? "");
  const unsaid = Object.keys(ru).filter(
    (key) => !sources.includes(`"${key}"`) && !made.some((beginning) => key.startsWith(beginning)),
  );
  expect(unsaid).toEqual([]);
});

test("numbers choose the form of their language", () => {
  const text = ru["unsent.counting"];
  expect(fill(text, "ru", { n: 1 })).toContain("1 касание ");
  expect(fill(text, "ru", { n: 3 })).toContain("3 касания ");
  expect(fill(text, "ru", { n: 12 })).toContain("12 касаний ");
  expect(fill(en["unsent.counting"], "en", { n: 1 })).toBe("1 tap not at the server yet");
});

test("a value is filled in, and one that is missing stays visible", () => {
  expect(fill("{who} · {n}", "en", { who: "Quiet", n: 1234 })).toBe("Quiet · 1,234");
  expect(fill("{who}", "en")).toBe("{who}");
});

test("the browser's first language that we speak is taken, English otherwise", () => {
  expect(preferred(["de-DE", "ru-RU", "en"])).toBe("ru");
  expect(preferred(["en-GB", "ru"])).toBe("en");
  expect(preferred(["fr"])).toBe("en");
});
