/** What a coordinator needs to close an evening: sheets, closings, dispatches; and writing them. */

import { contestedClosings, standingClosing, type Tally, tally } from "../domain/counting.ts";
import { eventUlid, newUlid } from "../domain/identifiers.ts";
import { type PressNumbers, pressNumbers } from "../domain/press.ts";
import { replacing, unheard } from "../domain/reconciling.ts";
import type {
  ClosingDocument,
  DispatchDocument,
  EventDocument,
  Press,
  SheetDocument,
} from "../generated/documents.ts";
import { useEvents, useSheets } from "./chapter.ts";
import { author, changeEvent, record, useRecords } from "./records.ts";

export interface Evening {
  event: EventDocument;
  sheets: SheetDocument[];
  tally: Tally;
  standing: ClosingDocument | undefined;
  contested: boolean;
  dispatches: DispatchDocument[];
  sent: number;
  /** devices of the last evenings that have sent nothing of this one */
  unheard: string[];
  press: PressNumbers;
}

/** All that is known of an evening; undefined while it is read, or when there is no such event here. */
export function useEvening(id: string): Evening | undefined {
  const events = useEvents();
  const sheets = useSheets();
  const closings = useRecords<ClosingDocument>(`closing:${eventUlid(id)}:`);
  const dispatches = useRecords<DispatchDocument>(`dispatch:${eventUlid(id)}:`);
  const event = events?.find(({ _id }) => _id === id);
  if (!events || !event || !sheets || !closings || !dispatches) return undefined;
  const all = [...sheets.values()];
  const own = all.filter((sheet) => sheet.event === id).sort((a, b) => (a._id < b._id ? -1 : 1));
  const standing = standingClosing(closings);
  const sent = dispatches.reduce((sum, { count }) => sum + count, 0);
  return {
    event,
    sheets: own,
    tally: tally(own),
    standing,
    contested: contestedClosings(closings).length > 0,
    dispatches,
    sent,
    unheard: unheard(id, events, all),
    press: pressNumbers(tally(own), standing, sent),
  };
}

export type Declaration = Pick<
  ClosingDocument,
  "basis" | "heads" | "letters" | "cards" | "handmade" | "recipients" | "at_least" | "same_table" | "note"
>;

function newClosingId(event: string): string {
  return `closing:${eventUlid(event)}:${newUlid()}`;
}

/** Declares numbers, in place of those that stand, and closes the event. */
export async function declare({ event, standing }: Evening, declaration: Declaration): Promise<void> {
  await record({
    _id: newClosingId(event._id),
    type: "closing",
    ...author(),
    event: event._id,
    ...declaration,
    replaces: standing?._id ?? null,
  });
  if (event.status === "open" || event.status === "planned")
    await changeEvent(event._id, { status: "closed" });
}

/** Signs a line for the press: the standing declaration once more, with the line. Does nothing before there is one. */
export async function signPress({ event, standing }: Evening, press: Press): Promise<void> {
  if (!standing) return;
  await record(replacing(standing, { _id: newClosingId(event._id), device: author().device, press }));
}

/** Notes that letters were handed over. */
export async function dispatch(
  { event }: Evening,
  ulid: string,
  fields: Pick<DispatchDocument, "on" | "count" | "method">,
): Promise<void> {
  const _id = `dispatch:${eventUlid(event._id)}:${ulid}`;
  await record({ _id, type: "dispatch", ...author(), event: event._id, ...fields });
}
