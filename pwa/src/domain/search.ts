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
  released: boolean;
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

/** A part that no word answers. */
const NONE = 3;

/** How well a word answers a part of what was typed: 0 is best. */
function answerOf(word: Word, part: Word): number {
  if (word.folded.startsWith(part.folded) || word.latin.startsWith(part.folded)) return 0;
  if (part.skeleton !== "" && word.skeleton.startsWith(part.skeleton)) return 1;
  return word.folded.includes(part.folded) || word.latin.includes(part.folded) ? 2 : NONE;
}

/** The worst of the answers to each part, every one by a word of its own; NONE if one has no answer. */
function rank(name: Name, parts: readonly Word[]): number {
  const used: Word[] = [];
  let worst = 0;
  for (const part of parts) {
    if (!mayAnswer(name, part)) return NONE;
    let best = NONE;
    let by: Word | undefined;
    for (const word of name.words) {
      const answer = used.includes(word) ? NONE : answerOf(word, part);
      if (answer < best) {
        best = answer;
        by = word;
      }
    }
    if (!by) return NONE;
    used.push(by);
    worst = Math.max(worst, best);
  }
  return worst;
}

export function isReleased({ status }: PrisonerDocument): boolean {
  return status === "released";
}

interface Found {
  prisoner: PrisonerDocument;
  /** where it belongs, 0 first; equals stay in the order of names */
  place: number;
}

export class NameIndex {
  readonly #entries: Entry[];

  constructor(prisoners: Iterable<PrisonerDocument>) {
    const { compare } = new Intl.Collator("ru");
    this.#entries = Array.from(prisoners, (prisoner) => ({
      prisoner,
      names: [nameOf(prisoner.name.ru), nameOf(prisoner.name.en)],
      sortName: fold(prisoner.name.ru || prisoner.name.en || ""),
      released: isReleased(prisoner),
    })).sort((a, b) => compare(a.sortName, b.sortName));
  }

  get size(): number {
    return this.#entries.length;
  }

  /**
   * The best matches, at most `limit`. Among equals nobody who is free comes before somebody who is not, then come those of
   * `recent` (ids, the latest first), then it goes by name. Where nobody is found, what was typed is read in the other keyboard layout.
   */
  find(typed: string, recent: readonly string[] = [], limit = 6): PrisonerDocument[] {
    const found = this.#match(wordsOf(typed), recent, limit);
    const best = found.length > 0 ? found : this.#match(wordsOf(otherLayout(typed)), recent, limit);
    return best.map(({ prisoner }) => prisoner);
  }

  #match(parts: readonly Word[], recent: readonly string[], limit: number): Found[] {
    if (parts.length === 0) return [];
    const recency = new Map(recent.map((id, at) => [id, at]));
    // The best so far, in order: a single letter has a thousand answers, of which a few are shown.
    const found: Found[] = [];
    for (const { prisoner, names, released } of this.#entries) {
      const best = Math.min(...names.map((name) => rank(name, parts)));
      if (best === NONE) continue;
      const free = best * 2 + Number(released);
      const place = free * (recent.length + 1) + (recency.get(prisoner._id) ?? recent.length);
      const after = found.findIndex((other) => other.place > place);
      if (after < 0 && found.length >= limit) continue;
      found.splice(after < 0 ? found.length : after, 0, { prisoner, place });
      if (found.length > limit) found.pop();
    }
    return found;
  }
}
