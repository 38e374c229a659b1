/** Writing whole documents of the chapter in view: events and changes of them, reports, closings, dispatches. */

import { eventId } from "../domain/identifiers.ts";
import type { EventDocument, InChapter } from "../generated/documents.ts";
import { change, find, type Unstored } from "../store/documents.ts";
import { expectDelivery, joined, joinedChapter, localChapter, useRange } from "./chapter.ts";
import { nudge } from "./delivery.ts";
import { keepData } from "./device.ts";

/** Who writes: what every document of a chapter begins with. */
export function author(): { schema: 1; chapter: string; device: string } {
  return { schema: 1, chapter: joinedChapter(), device: joined().device };
}

/** Stores a new document and sees to its delivery. Storing the same one twice makes one. */
export async function record(document: InChapter): Promise<void> {
  await expectDelivery(document._id);
  const local = localChapter();
  if (!(await find(local, document._id))) await local.put(document);
  nudge();
  void keepData();
}

export type NewEvent = Pick<EventDocument, "title" | "theme" | "place" | "starts" | "zone" | "status"> & {
  ulid: string;
};

/** Stores an event made on this phone. */
export async function makeEvent({ ulid, ...fields }: NewEvent): Promise<void> {
  await record({
    _id: eventId(ulid),
    type: "event",
    ...author(),
    kind: "letters",
    ends: null,
    // An evening nobody planned may be at somebody's home: whether the public hears of it, a coordinator says.
    listed: joined().role !== "volunteer",
    ...fields,
  });
}

/** Changes fields of an event, each with the moment of its change: that settles edits made elsewhere at the same time. */
export async function changeEvent(event: string, changed: Partial<EventDocument>): Promise<void> {
  const local = localChapter();
  const now = new Date().toISOString();
  await expectDelivery(event);
  await change<EventDocument>(
    local,
    async () => (await local.get(event)) as Unstored<EventDocument>,
    (stored) => ({
      ...stored,
      ...changed,
      edited: { ...stored.edited, ...Object.fromEntries(Object.keys(changed).map((field) => [field, now])) },
    }),
  );
  nudge();
}

/** The chapter's documents whose ids begin like this, in the order they were made; undefined while they are read. */
export function useRecords<D extends InChapter>(prefix: string): D[] | undefined {
  const found = useRange<D>(prefix);
  return found && [...found.values()].sort((a, b) => (a._id < b._id ? -1 : 1));
}
