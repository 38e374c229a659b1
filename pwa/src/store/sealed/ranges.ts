/** Ranges of ids, where the disk knows only whole parts of them. */

import type { Range, Row } from "./inner.ts";

/** Above every id. */
const LAST = "\uffff";

/** The whole parts (up to a ":") that all ids of a range begin with. */
export function commonBeginning({ startkey = "", endkey = LAST, descending }: Range): string {
  const [from, to] = descending ? [endkey, startkey] : [startkey, endkey];
  let end = 0;
  while (end < from.length && from[end] === to[end]) end += 1;
  const common = from.slice(0, end);
  return common.slice(0, common.lastIndexOf(":") + 1);
}

/** The range of everything that begins with some text. */
export function allOf(beginning: string): Range {
  return beginning === "" ? {} : { startkey: beginning, endkey: beginning + LAST };
}

/** Of rows in any order those in the range, in its order. */
export function within(rows: readonly Row[], range: Range): Row[] {
  const { descending = false, inclusive_end = true, skip = 0, limit = -1 } = range;
  const [low, high] = descending ? [range.endkey, range.startkey] : [range.startkey, range.endkey];
  const isIn = ({ id = "" }: Row) =>
    (low === undefined || id >= low) &&
    (high === undefined || id <= high) &&
    (inclusive_end || id !== range.endkey);
  const order = descending ? -1 : 1;
  const sorted = rows
    .filter(isIn)
    .sort(({ id: a = "" }, { id: b = "" }) => (a < b ? -order : a > b ? order : 0));
  return sorted.slice(skip, limit < 0 ? undefined : skip + limit);
}
