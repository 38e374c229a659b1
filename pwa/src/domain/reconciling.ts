/**
 * Two people counted one table: which sheets are meant, and what the declared numbers are then.
 *
 * The tally of an event is and stays the sum of all its sheets. A coordinator who knows that some of them counted the same
 * picks one of them; the closing's own numbers then rest on the others not being there, and the closing says so.
 */

import type { ClosingDocument, SameTable, SheetDocument } from "../generated/documents.ts";
import { type Tally, tally } from "./counting.ts";

/** The tally without the sheets that counted what a picked one did. */
export function reconciled(sheets: Iterable<SheetDocument>, tables: readonly SameTable[]): Tally {
  const left = new Set(tables.flatMap(({ sheets, picked }) => sheets.filter((id) => id !== picked)));
  return tally([...sheets].filter(({ _id }) => !left.has(_id)));
}

/** How many evenings back a device is looked for. */
const LOOK_BACK = 2;

/** Whether a group can be declared: at least two sheets, none of them in another group. */
export function canJoin(sheets: readonly string[], tables: readonly SameTable[]): boolean {
  const taken = new Set(tables.flatMap((table) => table.sheets));
  return sheets.length >= 2 && sheets.every((id) => !taken.has(id));
}

/**
 * Devices that counted at one of the chapter's last evenings and of which nothing is known at this one: their sheets may be
 * on the way.
 */
export function unheard(
  event: string,
  events: readonly { _id: string; starts: string }[],
  sheets: Iterable<SheetDocument>,
): string[] {
  const all = [...sheets].filter(({ paper }) => !paper);
  const starts = Date.parse(events.find(({ _id }) => _id === event)?.starts ?? "");
  const before = events
    .filter((other) => other._id !== event && Date.parse(other.starts) < starts)
    .sort((a, b) => Date.parse(b.starts) - Date.parse(a.starts))
    .slice(0, LOOK_BACK)
    .map(({ _id }) => _id);
  const here = new Set(all.filter((sheet) => sheet.event === event).map(({ device }) => device));
  const usual = all.filter((sheet) => before.includes(sheet.event)).map(({ device }) => device);
  return [...new Set(usual)].filter((device) => !here.has(device)).sort();
}

/** A closing as it replaces another: the same declaration, with what is given changed. */
export function replacing(
  standing: ClosingDocument,
  changed: Partial<ClosingDocument> & Pick<ClosingDocument, "_id" | "device">,
): ClosingDocument {
  const { _rev: _, ...kept } = standing;
  return { ...kept, ...changed, replaces: standing._id };
}
