/**
 * Finding a person by part of a name: in Russian or in English, in any order of words and any usual spelling (`spelling.ts`).
 */

import type { PrisonerDocument } from "../generated/documents.ts";
import { fold, latin, otherLayout, skeleton } from "./spelling.ts";

/** A word of a name, as it may be typed. */
interface Word {
  folded: string;
  latin: string;
  skeleton: string;
}

interface Name {
  words: Word[];
  /** all that a word of it is or sounds like, each after a space: what is not in here has no answer */
  text: string;
}

interface Entry {
  prisoner: PrisonerDocument;
  /** the Russian name and the English one; either alone must explain what was typed */
  names: Name[];
  sortName: string;
}

function wordsOf(name: string | undefined): Word[] {
  return fold(name ?? "")
    .split(" ")
    .filter(Boolean)
    .map((folded) => ({ folded, latin: latin(folded), skeleton: skeleton(folded) }));
}

function nameOf(name: string | undefined): Name {
  const words = wordsOf(name);
  return {
    words,
    text: words.map(({ folded, latin, skeleton }) => ` ${folded} ${latin} ${skeleton}`).join(""),
  };
}

/** Most names are passed over by this alone, in a fraction of the time that ranking takes. */
function mayAnswer({ text }: Name, { folded, skeleton }: Word): boolean {
  return text.includes(folded) || (skeleton !== "" && text.includes(` ${skeleton}`));
}

/** How well a word answers a part of what was typed, best first. */
const ANSWERS: readonly ((word: Word, part: Word) => boolean)[] = [
  (word, part) => word.folded.startsWith(part.folded) || word.latin.startsWith(part.folded),
  (word, part) => part.skeleton !== "" && word.skeleton.startsWith(part.skeleton),
  (word, part) => word.folded.includes(part.folded) || word.latin.includes(part.folded),
];

/** The worst of the answers to each part, every one by a word of its own; undefined if one has no answer. */
function rank(name: Name, parts: readonly Word[]): number | undefined {
  if (!parts.every((part) => mayAnswer(name, part))) return undefined;
  const left = [...name.words];
  let worst = 0;
  for (const part of parts) {
    const answer = ANSWERS.findIndex((answers) => left.some((word) => answers(word, part)));
    if (answer < 0) return undefined;
    const at = left.findIndex((word) => ANSWERS[answer]?.(word, part));
    worst = Math.max(worst, answer);
    left.splice(at, 1);
  }
  return worst;
}

export function isReleased({ status }: PrisonerDocument): boolean {
  return status === "released";
}

interface Found {
  entry: Entry;
  rank: number;
  /** 0 for the one written to last */
  recency: number;
}

/** Those written to lately first, and nobody who is free before somebody who is not. */
function compare(a: Found, b: Found): number {
  const free = Number(isReleased(a.entry.prisoner)) - Number(isReleased(b.entry.prisoner));
  return a.rank - b.rank || free || a.recency - b.recency;
}

export class NameIndex {
  readonly #entries: Entry[];

  constructor(prisoners: Iterable<PrisonerDocument>) {
    const { compare } = new Intl.Collator("ru");
    this.#entries = Array.from(prisoners, (prisoner) => ({
      prisoner,
      names: [nameOf(prisoner.name.ru), nameOf(prisoner.name.en)],
      sortName: fold(prisoner.name.ru || prisoner.name.en || ""),
    })).sort((a, b) => compare(a.sortName, b.sortName));
  }

  get size(): number {
    return this.#entries.length;
  }

  /**
   * The best matches, at most `limit`; among equals those of `recent` (ids, the latest first) come first, then it goes by name.
   * Where nobody is found, what was typed is read in the other keyboard layout.
   */
  find(typed: string, recent: readonly string[] = [], limit = 6): PrisonerDocument[] {
    const found = this.#match(wordsOf(typed), recent);
    const best = found.length > 0 ? found : this.#match(wordsOf(otherLayout(typed)), recent);
    return best.slice(0, limit).map(({ entry }) => entry.prisoner);
  }

  #match(parts: readonly Word[], recent: readonly string[]): Found[] {
    if (parts.length === 0) return [];
    const found: Found[] = [];
    for (const entry of this.#entries) {
      const ranks = entry.names.map((name) => rank(name, parts)).filter((each) => each !== undefined);
      if (ranks.length === 0) continue;
      const at = recent.indexOf(entry.prisoner._id);
      found.push({ entry, rank: Math.min(...ranks), recency: at < 0 ? recent.length : at });
    }
    return found.sort(compare);
  }
}
