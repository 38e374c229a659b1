import { expect, test } from "vitest";
import { tally } from "../src/domain/counting.ts";
import {
  applyTap,
  counted,
  emptySheet,
  type LineName,
  reverse,
  SheetFull,
  type Tap,
} from "../src/domain/taps.ts";
import { LIMITS } from "../src/generated/documents.ts";
import { DEVICE, EVENT, PRISONER } from "./memory.ts";

const empty = emptySheet(EVENT, DEVICE, "moscow");
const letter: LineName = { to: PRISONER, kind: "letter", origin: "here" };
const came: Tap = { counter: "heads", by: 1 };
const wrote: Tap = { counter: letter, by: 1 };

test("a sheet is named after its event and its device", () => {
  expect(empty._id).toBe(`sheet:${EVENT.slice("event:".length)}:${DEVICE}`);
});

test("a tap only ever raises a number", () => {
  const sheet = [came, came, reverse(came), wrote, wrote, reverse(wrote)].reduce(applyTap, empty);
  expect(sheet.heads).toEqual({ added: 2, removed: 1 });
  expect(sheet.letters).toEqual([{ ...letter, added: 2, removed: 1 }]);
});

test("nothing can be taken away from nothing: the sheet stays the very same", () => {
  expect(applyTap(empty, reverse(came))).toBe(empty);
  expect(applyTap(empty, reverse(wrote))).toBe(empty);
});

test("kinds, origins and people are counted apart", () => {
  const names: LineName[] = [
    letter,
    { ...letter, kind: "card" },
    { ...letter, origin: "brought" },
    { ...letter, to: null },
  ];
  const sheet = names.map((counter): Tap => ({ counter, by: 1 })).reduce(applyTap, empty);
  expect(sheet.letters).toHaveLength(4);
  expect(tally([sheet])).toMatchObject({ letters: 3, cards: 1, written: 4, recipients: 1 });
});

test("fields of a later version stay where they are", () => {
  const later = { ...applyTap(empty, wrote), table: 7 };
  expect(applyTap(later, came)).toMatchObject({ table: 7, heads: { added: 1 } });
});

test("a full counter and a full sheet say so", () => {
  const full = { ...empty, heads: { added: LIMITS.count, removed: 0 } };
  expect(() => applyTap(full, came)).toThrow(SheetFull);
  const crowded = {
    ...empty,
    letters: Array(LIMITS.lines).fill({ ...letter, to: null, added: 1, removed: 0 }),
  };
  expect(() => applyTap(crowded, wrote)).toThrow(SheetFull);
});

test("a number typed for a whole row is one tap, and its reverse takes back just as much", () => {
  const row: Tap = { counter: "heads", by: 12 };
  const sheet = [came, row, reverse(row)].reduce(applyTap, empty);
  expect(sheet.heads).toEqual({ added: 13, removed: 12 });
  expect(counted(sheet, row)).toBe(1);
  expect(applyTap(empty, { counter: letter, by: 7 }).letters).toEqual([{ ...letter, added: 7, removed: 0 }]);
});

test("no more is taken away than is there", () => {
  const sheet = applyTap(applyTap(empty, { counter: letter, by: 3 }), { counter: letter, by: -5 });
  expect(sheet.letters).toEqual([{ ...letter, added: 3, removed: 3 }]);
});

test("a row that would overfill a counter is refused whole", () => {
  const nearly = { ...empty, heads: { added: LIMITS.count - 5, removed: 0 } };
  expect(() => applyTap(nearly, { counter: "heads", by: 6 })).toThrow(SheetFull);
  expect(applyTap(nearly, { counter: "heads", by: 5 }).heads.added).toBe(LIMITS.count);
});
