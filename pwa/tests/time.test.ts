import { expect, test } from "vitest";
import { newUlid } from "../src/domain/identifiers.ts";
import { dayOf, inZone, phase } from "../src/domain/time.ts";
import { type EventDocument, ID_PATTERNS } from "../src/generated/documents.ts";

const HOUR = 3_600_000;

test.each([
  ["Europe/Moscow", "2026-01-29T19:00:00+03:00"],
  ["Asia/Kolkata", "2026-01-29T19:00:00+05:30"],
  ["America/New_York", "2026-01-29T19:00:00-05:00"],
  ["UTC", "2026-01-29T19:00:00+00:00"],
])("a wall clock in %s is written with its offset", (zone, expected) => {
  expect(inZone("2026-01-29", "19:00", zone)).toBe(expected);
});

test("the offset is the one of that day, also next to a change of clocks", () => {
  expect(inZone("2026-03-29", "01:30", "Europe/Berlin")).toBe("2026-03-29T01:30:00+01:00");
  expect(inZone("2026-03-29", "03:30", "Europe/Berlin")).toBe("2026-03-29T03:30:00+02:00");
});

const event: EventDocument = {
  _id: "event:01KG57Q800904F111BE4JDPJPJ",
  type: "event",
  schema: 1,
  chapter: "moscow",
  kind: "letters",
  title: "Вечер писем",
  starts: "2026-01-29T19:00:00+03:00",
  status: "planned",
};
const starts = Date.parse(event.starts);

test("an evening is now from shortly before its start until it is over", () => {
  expect(phase(event, starts - 4 * HOUR)).toBe("ahead");
  expect(phase(event, starts - HOUR)).toBe("now");
  expect(phase(event, starts + 7 * HOUR)).toBe("now");
  expect(phase(event, starts + 9 * HOUR)).toBe("past");
  expect(phase({ ...event, ends: "2026-01-29T21:00:00+03:00" }, starts + 3 * HOUR)).toBe("past");
});

test("what its status says comes before the clock", () => {
  expect(phase({ ...event, status: "open" }, starts - 48 * HOUR)).toBe("now");
  expect(phase({ ...event, status: "closed" }, starts)).toBe("past");
});

test("what is cancelled stands among what is to come until it would have begun", () => {
  const cancelled: EventDocument = { ...event, status: "cancelled" };
  expect(phase(cancelled, starts - HOUR)).toBe("ahead");
  expect(phase(cancelled, starts)).toBe("past");
});

test("a ULID sorts by its moment and has the one accepted spelling", () => {
  const early = newUlid(starts);
  const late = newUlid(starts + 1);
  expect(early < late).toBe(true);
  expect(ID_PATTERNS.event.test(`event:${early}`)).toBe(true);
  expect(newUlid(0, new Uint8Array(10))).toBe("0".repeat(26));
});

test.each([
  ["2026-01-29T23:30:00+00:00", "Europe/Moscow", "2026-01-30"],
  ["2026-01-29T01:00:00+03:00", "Europe/Lisbon", "2026-01-28"],
  ["2026-01-29T23:30:00+03:00", "Europe/Moscow", "2026-01-29"],
  ["2026-01-29T23:30:00+00:00", "Europe/Nowhere", "2026-01-29"],
  ["2026-01-29T23:30:00+00:00", null, "2026-01-29"],
])("what begins at %s in %s is of the day %s", (starts, zone, day) => {
  expect(dayOf({ ...event, starts, zone })).toBe(day);
});
