import { expect, test } from "vitest";
import { fairList, historyOf, needOf, placementNow, windowStart } from "../src/domain/fair.ts";
import type {
  CoverageDocument,
  EventDocument,
  Line,
  PrisonerDocument,
  SheetDocument,
} from "../src/generated/documents.ts";

const TODAY = "2026-03-01";
const A = "prisoner:0000000000000000000000000A";
const B = "prisoner:0000000000000000000000000B";
const C = "prisoner:0000000000000000000000000C";

const person = (_id: string, ru: string, status = "convicted"): PrisonerDocument => ({
  _id,
  type: "prisoner",
  schema: 1,
  name: { ru },
  status,
});

const event = (number: number, starts: string): EventDocument => ({
  _id: `event:0000000000000000000000000${number}`,
  type: "event",
  schema: 1,
  chapter: "moscow",
  kind: "letters",
  title: `Evening ${number}`,
  starts,
  status: "closed",
});

const sheet = (
  number: number,
  lines: [to: string | null, kind: Line["kind"], added: number][],
): SheetDocument => ({
  _id: `sheet:0000000000000000000000000${number}:X`,
  type: "sheet",
  schema: 1,
  event: `event:0000000000000000000000000${number}`,
  device: "X",
  chapter: "moscow",
  heads: { added: 0, removed: 0 },
  letters: lines.map(([to, kind, added]) => ({ to, kind, added, removed: 1 })),
});

const EVENTS = [event(1, "2025-11-01T19:00:00+03:00"), event(2, "2026-02-20T19:00:00+03:00")];
const coverage = (letters: Record<string, number>, last?: Record<string, string>) =>
  ({
    _id: "coverage",
    type: "coverage",
    schema: 1,
    since: "2026-01-01",
    until: TODAY,
    letters,
    last,
  }) as CoverageDocument;

const history = historyOf(EVENTS, [
  sheet(1, [[A, "letter", 9]]),
  sheet(2, [
    [A, "letter", 3],
    [A, "card", 2],
    [B, "handmade", 1],
    [null, "letter", 5],
  ]),
]);
const people = [person(A, "Анна"), person(B, "Борис"), person(C, "Вера"), person("D", "Глеб", "released")];
const rows = (known: CoverageDocument | undefined) =>
  fairList(people, known, history, TODAY).map(({ prisoner, letters, need }) => [
    prisoner.name.ru,
    letters,
    need,
  ]);

test("the history of a prisoner is told by evening and kind, the latest first, without what was taken back", () => {
  expect(history.get(A)?.map(({ title, letters, cards }) => [title, letters, cards])).toEqual([
    ["Evening 2", 2, 1],
    ["Evening 1", 8, 0],
  ]);
  expect(history.has(B)).toBe(false);
});

test("coverage and our own sheets are never added: the larger number counts", () => {
  expect(rows(coverage({ [A]: 2, [B]: 40 }))).toEqual([
    ["Вера", 0, "none"],
    ["Анна", 3, undefined],
    ["Борис", 40, undefined],
  ]);
  expect(rows(coverage({ [A]: 7 }))).toContainEqual(["Анна", 7, undefined]);
});

test("our evenings before the window don't count, and without coverage the window is ninety days", () => {
  expect(windowStart(undefined, TODAY)).toBe("2025-12-01");
  expect(rows(undefined)).toContainEqual(["Анна", 3, undefined]);
});

test("whoever is free is written to elsewhere, so the list does without them", () => {
  expect(rows(undefined).map(([name]) => name)).not.toContain("Глеб");
});

test("support is needed by whoever had nothing, few, or nothing for long", () => {
  const had = (letters: number, last?: string) => needOf({ letters, ours: 0, last }, TODAY);
  expect(had(0)).toBe("none");
  expect(had(0, "2025-11-01")).toBe("long-ago");
  expect(had(2, TODAY)).toBe("few");
  expect(had(3, "2025-12-31")).toBeUndefined();
  expect(had(3, "2025-12-30")).toBe("long-ago");
  expect(had(3)).toBeUndefined();
});

test("the last letter is the later one of ours and the country's", () => {
  const last = (known: CoverageDocument) =>
    fairList(people, known, history, TODAY).find((r) => r.prisoner._id === A)?.last;
  expect(last(coverage({ [A]: 5 }, { [A]: "2026-02-25" }))).toBe("2026-02-25");
  expect(last(coverage({ [A]: 5 }, { [A]: "2026-01-25" }))).toBe("2026-02-20");
});

test("somebody is where they were last said to be, whichever address was checked last", () => {
  const old = { facility: "Colony 1", verified_on: "2026-02-20" };
  const held = (...placements: NonNullable<PrisonerDocument["placements"]>) =>
    placementNow({ ...person(A, "Анна"), placements })?.facility;
  expect(held(old)).toBe("Colony 1");
  expect(held(old, { facility: "Colony 2" })).toBe("Colony 2");
  expect(held({ ...old, to: "2026-02" }, { facility: "Colony 2", to: "2026-03" })).toBeUndefined();
  expect(held()).toBeUndefined();
});
