/** Times of events: a wall clock in a time zone, written with its offset from UTC, and where an event stands today. */

import type { EventDocument } from "../generated/documents.ts";

const HOUR = 3_600_000;

export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Minutes that a zone is ahead of UTC at a moment. Throws a RangeError for an unknown zone. */
export function zoneOffset(moment: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    timeZoneName: "longOffset",
  }).formatToParts(moment);
  const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes] = /^GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name) ?? [];
  const size = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === "-" ? -size : size;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}

/** `2026-01-29`, `19:00`, `Europe/Moscow` → `2026-01-29T19:00:00+03:00`. */
export function inZone(day: string, time: string, zone: string): string {
  const wall = Date.parse(`${day}T${time}:00Z`);
  // The offset belongs to the moment, which is only known through the offset: the second look settles it.
  const nearly = zoneOffset(wall, zone);
  const offset = zoneOffset(wall - nearly * 60_000, zone);
  const size = Math.abs(offset);
  return `${day}T${time}:00${offset < 0 ? "-" : "+"}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

/**
 * The day of an event on the calendar of its own place; as it was written where it names no zone, or one that nobody knows.
 * The twin of `server/domain/days.py`.
 */
export function dayOf({ starts, zone }: EventDocument): string {
  const moment = Date.parse(starts);
  try {
    if (zone) return new Date(moment + zoneOffset(moment, zone) * 60_000).toISOString().slice(0, 10);
  } catch {
    // A time zone this browser does not know, or a moment at the very edge of what dates can say.
  }
  return starts.slice(0, 10);
}

/** Today and now, as the fields of a form want them: `["2026-01-29", "19:05"]`. */
export function wallClock(now: Date): [day: string, time: string] {
  const day = `${now.getFullYear()}-${twoDigits(now.getMonth() + 1)}-${twoDigits(now.getDate())}`;
  return [day, `${twoDigits(now.getHours())}:${twoDigits(now.getMinutes())}`];
}

export type Phase = "now" | "ahead" | "past";

/**
 * Where an event stands. The status decides where it says so; otherwise the hours around the start. It only sorts the list:
 * whatever the clock says, every event can be opened and counted.
 */
export function phase(event: EventDocument, now: number): Phase {
  if (event.status === "closed") return "past";
  const starts = Date.parse(event.starts);
  if (event.status === "cancelled") return now < starts ? "ahead" : "past";
  const ends = event.ends ? Date.parse(event.ends) : starts + 8 * HOUR;
  if (event.status === "open") return now > ends + 24 * HOUR ? "past" : "now";
  if (now < starts - 3 * HOUR) return "ahead";
  return now <= ends ? "now" : "past";
}
