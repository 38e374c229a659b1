/** The chapter in view: its events, and the sheets and closings of an event. */

import { computed } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { standingClosing } from "../domain/counting.ts";
import { chapterDatabase, eventUlid } from "../domain/identifiers.ts";
import type { ClosingDocument, EventDocument, SheetDocument } from "../generated/documents.ts";
import { aheadOf, withConflicts } from "../store/ahead.ts";
import { type Database, openLocal } from "../store/databases.ts";
import { followPrefix, type Range } from "../store/ranges.ts";
import { noteUnsent } from "../sync/deliveries.ts";
import { takeUp, withAcknowledged } from "./acknowledged.ts";
import { deliveries, ledgerKey, remember } from "./delivery.ts";
import { chapter, membership, phone } from "./session.ts";

const database = computed(() =>
  chapter.value === undefined ? undefined : openLocal(chapterDatabase(chapter.value)),
);

/** Follows a part of the chapter's database while a page part shows it. */
export function useRange<D>(
  prefix: string,
  care?: (local: Database) => Parameters<typeof followPrefix<D>>[2],
) {
  const local = database.value;
  const range = useMemo<Range<D> | undefined>(
    () => local && followPrefix<D>(local, prefix, care?.(local)),
    [local, prefix],
  );
  useEffect(() => range?.close, [range]);
  return range?.documents.value;
}

/** The chapter's events, the latest first; undefined while they are read. */
export function useEvents(): EventDocument[] | undefined {
  const events = useRange<EventDocument>("event:");
  return events && [...events.values()].sort((a, b) => Date.parse(b.starts) - Date.parse(a.starts));
}

/** All sheets of an event known here, or of the whole chapter, by their ids. */
export function useSheets(event?: string): ReadonlyMap<string, SheetDocument> | undefined {
  const prefix = event ? `sheet:${eventUlid(event)}:` : "sheet:";
  const told = useRange<SheetDocument>(prefix, (local) => ({
    first: () => takeUp(local),
    complete: (sheet) => withConflicts(local, sheet),
  }));
  return told && withAcknowledged(told, prefix);
}

/** The numbers a coordinator has declared for an event, if any. */
export function useClosing(event: string): ClosingDocument | undefined {
  const closings = useRange<ClosingDocument>(`closing:${eventUlid(event)}:`);
  return closings && standingClosing([...closings.values()]);
}

/** Whether taps of the chapter in view were found damaged on this phone, and nobody has said yet that they know. */
export const tapsDamaged = computed(
  () => database.value !== undefined && aheadOf(database.value).damaged.value,
);

export function dismissDamage(): Promise<void> {
  return aheadOf(localChapter()).dismissDamage();
}

export function joined() {
  if (!membership.value) throw new Error("this phone has not joined a chapter");
  return membership.value;
}

export function joinedChapter(): string {
  if (!chapter.value) throw new Error("this phone has no chapter");
  return chapter.value;
}

/** The database of the chapter in view, to write in. */
export function localChapter(): Database {
  return openLocal(chapterDatabase(joinedChapter()));
}

/** Enters a document into the list of what is to be delivered; must happen before it is written. */
export async function expectDelivery(id: string): Promise<void> {
  const name = chapterDatabase(joinedChapter());
  const known = deliveries.value?.get(ledgerKey(name, id));
  remember(name, id);
  if (known?.since) return;
  await noteUnsent(phone, name, id, Date.now());
}

/** Whether a document is in that list already. */
export function isExpected(id: string): boolean {
  return deliveries.value?.has(ledgerKey(chapterDatabase(joinedChapter()), id)) ?? false;
}
