/**
 * How sheets are counted: the twin of `server/domain/counting.py`. The golden documents in `fixtures/golden` hold both to the
 * same numbers.
 *
 * A sheet is a set of counters with one writer. `added` and `removed` only ever grow; the value is their difference, never
 * below zero, and each sheet is valued by itself before sheets are summed.
 */

import type { ClosingDocument, Counter, Line, SheetDocument } from "../generated/documents.ts";

/** What is counted of a sheet. */
export type Counts = Pick<SheetDocument, "heads" | "letters">;

export interface Tally {
  heads: number;
  letters: number;
  cards: number;
  handmade: number;
  /** letters + cards + handmade */
  written: number;
  /** distinct prisoners with a positive sum over the union of all sheets */
  recipients: number;
}

export function value(counter: Counter): number {
  return Math.max(0, counter.added - counter.removed);
}

/** What makes two lines the same counter. A line without an origin was written here. */
export function lineKey(line: Pick<Line, "to" | "kind" | "origin">): string {
  return `${line.to ?? ""}|${line.kind}|${line.origin ?? "here"}`;
}

/** The lines by what they count; a line named twice is summed. */
function collect(lines: readonly Line[]): Map<string, Line> {
  const collected = new Map<string, Line>();
  for (const line of lines) {
    const known = collected.get(lineKey(line));
    const sum = known && { ...line, added: known.added + line.added, removed: known.removed + line.removed };
    collected.set(lineKey(line), sum ?? line);
  }
  return collected;
}

/** How many times a sheet was tapped in all: grows with every tap, whichever way it counts. */
export function taps(sheet: Counts): number {
  return [sheet.heads, ...sheet.letters].reduce((sum, counter) => sum + counter.added + counter.removed, 0);
}

/** The sum of sheets; each must be a different sheet. */
export function tally(sheets: Iterable<Counts>): Tally {
  const kinds = { letter: 0, card: 0, handmade: 0 };
  const recipients = new Set<string>();
  let heads = 0;
  for (const sheet of sheets) {
    heads += value(sheet.heads);
    for (const line of collect(sheet.letters).values()) {
      const count = value(line);
      kinds[line.kind] += count;
      if (line.to !== null && count > 0) recipients.add(line.to);
    }
  }
  return {
    heads,
    letters: kinds.letter,
    cards: kinds.card,
    handmade: kinds.handmade,
    written: kinds.letter + kinds.card + kinds.handmade,
    recipients: recipients.size,
  };
}

function larger<C extends Counter>(mine: C, other: Counter): C {
  const added = Math.max(mine.added, other.added);
  return { ...mine, added, removed: Math.max(mine.removed, other.removed) };
}

/**
 * Two copies of one sheet become one that misses no tap of either: the larger `added` and the larger `removed` of each line.
 * Keeps what else the first copy holds.
 */
export function mergeSheets<S extends Counts>(mine: S, other: Counts): S {
  const lines = collect(mine.letters);
  for (const [key, line] of collect(other.letters)) {
    const known = lines.get(key);
    lines.set(key, known ? larger(known, line) : line);
  }
  return { ...mine, heads: larger(mine.heads, other.heads), letters: [...lines.values()] };
}

function smallest(ids: readonly string[]): string | undefined {
  return ids.reduce<string | undefined>(
    (least, id) => (least === undefined || id < least ? id : least),
    undefined,
  );
}

/**
 * The closing that stands: the first one, or what replaced it, step by step. Of several that could stand the smallest id does,
 * so that everybody chooses the same one, whatever arrived first.
 */
export function standingClosing(closings: readonly ClosingDocument[]): ClosingDocument | undefined {
  const byId = new Map(closings.map((closing) => [closing._id, closing]));
  const firsts = closings.filter(({ replaces }) => !replaces || !byId.has(replaces));
  let current = smallest((firsts.length > 0 ? firsts : closings).map(({ _id }) => _id));
  const successor = (id: string) =>
    smallest(closings.filter(({ replaces }) => replaces === id).map(({ _id }) => _id));
  const seen = new Set<string>();
  for (let next = current; next !== undefined && !seen.has(next); next = successor(next)) {
    current = next;
    seen.add(next);
  }
  return current === undefined ? undefined : byId.get(current);
}

/** The closings that nobody replaced or settled although another one stands. */
export function contestedClosings(closings: readonly ClosingDocument[]): ClosingDocument[] {
  const standing = standingClosing(closings);
  const done = new Set(closings.flatMap(({ replaces, settles = [] }) => [replaces, ...settles]));
  return closings.filter((closing) => closing !== standing && !done.has(closing._id));
}
