/**
 * Finding a person by part of a name: in Russian or English, any word order, without regard to ё, accents or capitals.
 */

import type { PrisonerDocument } from "../generated/documents.ts";

/** Takes the differences away that people don't type: capitals, accents, ё and й, and everything that is no letter or digit. */
export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

interface Entry {
  prisoner: PrisonerDocument;
  words: string[];
  sortName: string;
}

/** 0 if every part begins a different word, 1 if a part is only found inside a word, undefined if one is not found at all. */
function rank(words: readonly string[], parts: readonly string[]): number | undefined {
  const left = [...words];
  let worst = 0;
  for (const part of parts) {
    let at = left.findIndex((word) => word.startsWith(part));
    if (at < 0) {
      at = left.findIndex((word) => word.includes(part));
      worst = 1;
    }
    if (at < 0) return undefined;
    left.splice(at, 1);
  }
  return worst;
}

export class NameIndex {
  readonly #entries: Entry[];

  constructor(prisoners: Iterable<PrisonerDocument>) {
    this.#entries = Array.from(prisoners, (prisoner) => {
      const ru = fold(prisoner.name.ru ?? "");
      const en = fold(prisoner.name.en ?? "");
      return { prisoner, words: `${ru} ${en}`.split(" ").filter(Boolean), sortName: ru || en };
    }).sort((a, b) => a.sortName.localeCompare(b.sortName, "ru"));
  }

  get size(): number {
    return this.#entries.length;
  }

  /** The best matches, at most `limit`: words that begin with what was typed come first, then by name. */
  find(typed: string, limit = 6): PrisonerDocument[] {
    const parts = fold(typed).split(" ").filter(Boolean);
    if (parts.length === 0) return [];
    const begins: PrisonerDocument[] = [];
    const holds: PrisonerDocument[] = [];
    for (const { prisoner, words } of this.#entries) {
      const found = rank(words, parts);
      if (found === 0) begins.push(prisoner);
      else if (found === 1) holds.push(prisoner);
    }
    return [...begins, ...holds].slice(0, limit);
  }
}
