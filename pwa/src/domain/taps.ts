/**
 * A tap, and what it does to a sheet. A tap is never merged into a number: it is applied to the sheet as it is stored, and
 * applied again to the newer one if the sheet changed meanwhile. A number typed for a whole row of people is one tap, too.
 */

import { type Counter, LIMITS, type Line, type SheetDocument } from "../generated/documents.ts";
import { type Counts, lineKey, value } from "./counting.ts";
import { sheetId } from "./identifiers.ts";

export type LineName = Required<Pick<Line, "to" | "kind" | "origin">>;

export interface Tap {
  counter: "heads" | LineName;
  /** a whole number other than 0 */
  by: number;
}

/** Thrown when a sheet can take no more: the shape of documents sets the limit. */
export class SheetFull extends Error {
  override name = "SheetFull";
}

export function emptySheet(event: string, device: string, chapter: string): SheetDocument {
  return {
    _id: sheetId(event, device),
    type: "sheet",
    schema: 1,
    event,
    device,
    chapter,
    heads: { added: 0, removed: 0 },
    letters: [],
  };
}

export function reverse(tap: Tap): Tap {
  return { counter: tap.counter, by: -tap.by };
}

/** The value of what a tap counts. */
export function counted(sheet: Counts, { counter }: Tap): number {
  if (counter === "heads") return value(sheet.heads);
  const line = sheet.letters.find((line) => lineKey(line) === lineKey(counter));
  return line ? value(line) : 0;
}

function count<C extends Counter>(counter: C, by: number): C {
  if (by < 0) {
    const taken = Math.min(-by, value(counter));
    return taken > 0 ? { ...counter, removed: counter.removed + taken } : counter;
  }
  if (counter.added + by > LIMITS.count) throw new SheetFull("a counter has reached its largest number");
  return { ...counter, added: counter.added + by };
}

/**
 * The sheet after a tap. No more is taken away than is there; where that is nothing, the very same sheet is returned. Throws
 * `SheetFull`.
 */
export function applyTap(sheet: SheetDocument, tap: Tap): SheetDocument {
  if (tap.counter === "heads") {
    const heads = count(sheet.heads, tap.by);
    return heads === sheet.heads ? sheet : { ...sheet, heads };
  }
  const name = tap.counter;
  const at = sheet.letters.findIndex((line) => lineKey(line) === lineKey(name));
  const line = sheet.letters[at] ?? { ...name, added: 0, removed: 0 };
  const counted = count(line, tap.by);
  if (counted === line) return sheet;
  if (at < 0 && sheet.letters.length >= LIMITS.lines)
    throw new SheetFull("a sheet has reached its largest number of lines");
  return { ...sheet, letters: at < 0 ? [...sheet.letters, counted] : sheet.letters.with(at, counted) };
}
