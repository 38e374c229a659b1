/**
 * Sheets as this tab stored them. The changes feed tells of them only once they are folded (see `store/ahead.ts`); until then
 * they are shown on top of what it has told.
 */

import { signal } from "@preact/signals";
import { mergeSheets, taps } from "../domain/counting.ts";
import type { SheetDocument } from "../generated/documents.ts";
import { aheadOf } from "../store/ahead.ts";
import type { Database } from "../store/databases.ts";

type Sheets = ReadonlyMap<string, SheetDocument>;

const acknowledged = signal<Sheets>(new Map());

/** Shows a sheet as it is stored, from now on. */
export function acknowledge(sheet: SheetDocument): void {
  const known = acknowledged.peek();
  acknowledged.value = new Map(known).set(sheet._id, newest(known.get(sheet._id), sheet));
}

/** Of two copies the one that holds every tap, or both, merged. */
function newest(told: SheetDocument | undefined, stored: SheetDocument): SheetDocument {
  if (!told) return stored;
  const merged = mergeSheets(told, stored);
  return [told, stored].find((sheet) => taps(sheet) === taps(merged)) ?? merged;
}

/** A sheet with what this tab has stored of it beyond what was told, if anything; undefined: it was told of everything. */
export function beyond(id: string, told: SheetDocument | undefined): SheetDocument | undefined {
  const stored = acknowledged.value.get(id);
  const sheet = stored && newest(told, stored);
  return sheet === told ? undefined : sheet;
}

/** Sheets as told of, with what this tab has stored beyond; the very same where there is nothing. */
export function withAcknowledged(told: Sheets, prefix: string): Sheets {
  const more = [...acknowledged.value.keys()].flatMap((id) => {
    const sheet = id.startsWith(prefix) && beyond(id, told.get(id));
    return sheet ? [[id, sheet] as const] : [];
  });
  return more.length > 0 ? new Map([...told, ...more]) : told;
}

const looked = new WeakMap<Database, Promise<void>>();

/**
 * Looks, once in a page, for what an earlier one has written ahead, and folds it. Nothing of it is shown before; where it can't be
 * folded, it is shown all the same.
 */
export function takeUp(database: Database): Promise<void> {
  const looking = looked.get(database) ?? look(database).catch(() => {});
  looked.set(database, looking);
  return looking;
}

async function look(database: Database): Promise<void> {
  const ahead = aheadOf(database);
  for (const sheet of await ahead.unfolded()) acknowledge(sheet);
  await ahead.fold();
}
