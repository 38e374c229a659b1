/** The chapter in view: its events, the sheets of an event, and counting. */

import { computed, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { standingClosing, type Tally, tally } from "../domain/counting.ts";
import { chapterDatabase, eventUlid, newUlid, sheetId } from "../domain/identifiers.ts";
import { emptySheet, reverse, type Tap } from "../domain/taps.ts";
import type { ClosingDocument, EventDocument, SheetDocument } from "../generated/documents.ts";
import { openLocal } from "../store/databases.ts";
import { followPrefix, type Range } from "../store/ranges.ts";
import { SheetWriter, withConflicts } from "../store/sheets.ts";
import { noteUnsent } from "../sync/deliveries.ts";
import { deliveries, ledgerKey, nudge, remember } from "./delivery.ts";
import { keepData } from "./device.ts";
import { chapter, membership, phone } from "./session.ts";

const database = computed(() =>
  chapter.value === undefined ? undefined : openLocal(chapterDatabase(chapter.value)),
);

/** Follows a part of the chapter's database while a page part shows it. */
function useRange<D>(prefix: string, complete?: Parameters<typeof followPrefix<D>>[2]) {
  const local = database.value;
  const range = useMemo<Range<D> | undefined>(
    () => local && followPrefix<D>(local, prefix, complete),
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

export interface Count {
  /** this phone's sheet, or an empty one */
  own: SheetDocument;
  ownTally: Tally;
  /** the sum of all sheets of the event known here */
  whole: Tally;
  /** how many devices have counted */
  sheets: number;
}

/** What is counted at an event, as far as this phone knows. */
export function useCount(event: string): Count | undefined {
  const local = database.value;
  const sheets = useRange<SheetDocument>(`sheet:${eventUlid(event)}:`, (sheet) =>
    local ? withConflicts(local, sheet) : Promise.resolve(sheet),
  );
  const device = membership.value?.device ?? "";
  if (!sheets) return undefined;
  const own = sheets.get(sheetId(event, device)) ?? emptySheet(event, device, chapter.value ?? "");
  return { own, ownTally: tally([own]), whole: tally(sheets.values()), sheets: sheets.size };
}

/** The numbers a coordinator has declared for an event, if any. */
export function useClosing(event: string): ClosingDocument | undefined {
  const closings = useRange<ClosingDocument>(`closing:${eventUlid(event)}:`);
  return closings && standingClosing([...closings.values()]);
}

const writers = new Map<string, SheetWriter>();

function writerOf(event: string): SheetWriter {
  const { device } = joined();
  const slug = joinedChapter();
  const key = `${slug}:${sheetId(event, device)}`;
  let writer = writers.get(key);
  if (!writer) {
    writer = new SheetWriter(openLocal(chapterDatabase(slug)), emptySheet(event, device, slug));
    writers.set(key, writer);
  }
  return writer;
}

function joined() {
  if (!membership.value) throw new Error("this phone has not joined a chapter");
  return membership.value;
}

function joinedChapter(): string {
  if (!chapter.value) throw new Error("this phone has no chapter");
  return chapter.value;
}

/** Whether no tap is being written, so that the page may be reloaded. */
export function isIdle(): boolean {
  return [...writers.values()].every((writer) => writer.idle);
}

/** The taps made in this tab that can be taken back, by event. */
const done = signal<ReadonlyMap<string, readonly Tap[]>>(new Map());

export function lastTap(event: string): Tap | undefined {
  return done.value.get(event)?.at(-1);
}

/** Counts. Resolves once the tap is durably stored; rejects if it could not be, and then it does not count. */
export async function count(event: string, tap: Tap): Promise<void> {
  await store(event, tap);
  done.value = new Map(done.value).set(event, [...(done.value.get(event) ?? []), tap]);
}

/** Takes the last tap back. It is a tap too: numbers that only grow can be added up anywhere. */
export async function undo(event: string): Promise<void> {
  const taps = done.value.get(event) ?? [];
  const last = taps.at(-1);
  if (!last) return;
  done.value = new Map(done.value).set(event, taps.slice(0, -1));
  try {
    await store(event, reverse(last));
  } catch (error) {
    done.value = new Map(done.value).set(event, [...(done.value.get(event) ?? []), last]);
    throw error;
  }
}

async function store(event: string, tap: Tap): Promise<void> {
  const id = sheetId(event, joined().device);
  await expectDelivery(id);
  await writerOf(event).tap(tap);
  nudge();
  void keepData();
}

/** Enters a document into the list of what is to be delivered. */
async function expectDelivery(id: string): Promise<void> {
  const name = chapterDatabase(joinedChapter());
  const known = deliveries.value?.get(ledgerKey(name, id));
  remember(name, id);
  if (known?.since) return;
  await noteUnsent(phone, name, id, Date.now());
}

export interface NewEvent {
  ulid: string;
  title: string;
  theme: string | null;
  place: string;
  starts: string;
  zone: string;
  status: EventDocument["status"];
}

export const newEventUlid = newUlid;

/** Stores an event made on this phone. Saving the same form twice makes one event. */
export async function makeEvent({ ulid, ...fields }: NewEvent): Promise<string> {
  const slug = joinedChapter();
  const event: EventDocument = {
    _id: `event:${ulid}`,
    type: "event",
    schema: 1,
    chapter: slug,
    kind: "letters",
    ends: null,
    device: joined().device,
    ...fields,
  };
  await expectDelivery(event._id);
  const local = openLocal(chapterDatabase(slug));
  const existing = await local.get(event._id).catch(() => undefined);
  if (!existing) await local.put(event);
  nudge();
  void keepData();
  return event._id;
}
