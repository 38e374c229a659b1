/**
 * The catalogue of texts as the phone's build sees it: `locales/<language>/<area>.ftl`, parsed by Fluent itself.
 *
 * Plain JavaScript, because `npm run check` runs it before anything that knows TypeScript.
 */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { FluentResource } from "@fluent/bundle";

export const LOCALES = fileURLToPath(new URL("../../locales/", import.meta.url));

/** @typedef {"ru" | "en"} Language */
/** @typedef {{ key: string, area: string, pattern: NonNullable<FluentResource["body"][number]["value"]> }} Text */

/** @type {readonly Language[]} */
export const LANGUAGES = ["ru", "en"];

/**
 * A file of texts with those spaces unbreakable at which a line must not be broken, as in server/language.py: a dash keeps
 * to the word before it, a word of one letter to the word after it.
 * @param {string} source
 */
export function bound(source) {
  return source
    .replace(/(?<=\S) (?=— )/gu, "\u00a0")
    .replace(/(?<![\p{L}\p{N}_$-])([авикосуяАВИКОСУЯ№]) (?=[\p{L}\p{N}_«{])/gu, "$1\u00a0");
}

/**
 * Every text of a language by its key; a term's key begins with a dash.
 * @param {Language} language
 * @returns {Map<string, Text>}
 */
export function readTexts(language) {
  /** @type {Map<string, Text>} */
  const texts = new Map();
  for (const name of readdirSync(`${LOCALES}${language}`).filter((name) => name.endsWith(".ftl"))) {
    const area = name.slice(0, -".ftl".length);
    const source = readFileSync(`${LOCALES}${language}/${name}`, "utf8");
    for (const { id: key, value: pattern } of new FluentResource(bound(source)).body) {
      if (pattern !== null) texts.set(key, { key, area, pattern });
    }
  }
  return texts;
}

/**
 * The names that a pattern mentions: of variables (`var`) or of terms (`term`).
 * @param {unknown} node
 * @param {"var" | "term"} type
 * @returns {string[]}
 */
export function mentioned(node, type) {
  if (typeof node !== "object" || node === null) return [];
  const own = "type" in node && node.type === type && "name" in node ? [String(node.name)] : [];
  return [...new Set([...own, ...Object.values(node).flatMap((part) => mentioned(part, type))])].sort();
}
