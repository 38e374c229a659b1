/**
 * Brings texts into the build, each with the code that says it.
 *
 *     locales/ru/fair.ftl ┐
 *     locales/en/fair.ftl ┴─► virtual:texts/fair ◄─import─ src/ui/fair.tsx, because it says "fair-…"
 *
 * A module that names a key imports that key's area, so the texts of a page that is loaded lazily are loaded with it. Of an
 * area only what the phone says is taken: its other texts are the server's. Parsing happens here and not on the phone.
 */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { LANGUAGES, LOCALES, mentioned, readTexts } from "./catalogue.mjs";

const SOURCES = fileURLToPath(new URL("../src/", import.meta.url));
const PREFIX = "virtual:texts/";
const STORE = fileURLToPath(new URL("../src/i18n/texts.ts", import.meta.url));

const isSource = (path: string) => /\.tsx?$/.test(path) && !path.includes("/generated/");

/** The keys a source names: `"area-thing"` whole, and `` `area-thing-${value}` `` by its beginning. */
function keysIn(source: string, keys: readonly string[]): string[] {
  const whole = new Set([...source.matchAll(/"([a-z][\w-]*)"/g)].map(([, key]) => key));
  const beginnings = [...source.matchAll(/`([a-z][\w-]*-)\$\{/g)].map(([, beginning = ""]) => beginning);
  return keys.filter((key) => whole.has(key) || beginnings.some((beginning) => key.startsWith(beginning)));
}

export function texts(): Plugin {
  const catalogues = LANGUAGES.map((language) => ({ language, texts: readTexts(language) }));
  const known = readTexts("ru");
  const keys = [...known.keys()];
  const area = (key: string) => known.get(key)?.area ?? "";
  let said: ReadonlySet<string> = new Set();

  /** The texts of an area in one language, and the terms they are made of. */
  const chosen = (texts: ReturnType<typeof readTexts>, name: string) => {
    const own = keys.filter((key) => said.has(key) && area(key) === name).map((key) => texts.get(key));
    const terms = own
      .flatMap((text) => mentioned(text?.pattern, "term"))
      .map((term) => texts.get(`-${term}`));
    return Object.fromEntries(
      [...own, ...terms].flatMap((text) => (text ? [[text.key, text.pattern] as const] : [])),
    );
  };

  return {
    name: "otkrytka-texts",
    buildStart() {
      const sources = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
        .map((name) => `${SOURCES}${name}`)
        .filter(isSource);
      said = new Set(sources.flatMap((path) => keysIn(readFileSync(path, "utf8"), keys)));
      for (const { language, texts } of catalogues) {
        for (const name of new Set([...texts.values()].map(({ area }) => area)))
          this.addWatchFile(`${LOCALES}${language}/${name}.ftl`);
      }
    },
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined;
      const name = id.slice(PREFIX.length + 1);
      const added = catalogues.map(
        ({ language, texts }) => `add(${JSON.stringify(language)}, ${JSON.stringify(chosen(texts, name))});`,
      );
      return `import { add } from ${JSON.stringify(STORE)};\n${added.join("\n")}\n`;
    },
    transform(code, id) {
      const path = id.split("?")[0] ?? "";
      if (!path.startsWith(SOURCES) || !isSource(path)) return undefined;
      const areas = [...new Set(keysIn(readFileSync(path, "utf8"), keys).map(area))];
      if (areas.length === 0) return undefined;
      // Imports are hoisted, so at the end they leave every line where the source map has it.
      return {
        code: `${code}\n${areas.map((name) => `import "${PREFIX}${name}";`).join("\n")}\n`,
        map: null,
      };
    },
  };
}
