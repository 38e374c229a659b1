import { expect, test } from "vitest";
import { canJoin, reconciled, replacing, unheard } from "../src/domain/reconciling.ts";
import type { ClosingDocument, SheetDocument } from "../src/generated/documents.ts";

const sheet = (event: number, device: string, heads: number, paper = false): SheetDocument => ({
  _id: `sheet:${event}:${device}`,
  type: "sheet",
  schema: 1,
  event: `event:${event}`,
  device,
  chapter: "moscow",
  heads: { added: heads, removed: 0 },
  letters: [{ to: null, kind: "letter", added: heads, removed: 0 }],
  ...(paper ? { paper: { by: "A" } } : {}),
});
const table = { sheets: ["sheet:3:A", "sheet:3:B"], picked: "sheet:3:B" };
const sheets = [sheet(3, "A", 10), sheet(3, "B", 11), sheet(3, "C", 5)];

test("of sheets that counted one table only the picked one is in the declared numbers", () => {
  expect(reconciled(sheets, [table])).toMatchObject({ heads: 16, written: 16 });
  expect(reconciled(sheets, [])).toMatchObject({ heads: 26 });
});

test("a sheet belongs to one table, and a table has two counters", () => {
  expect(canJoin(["sheet:3:C"], [])).toBe(false);
  expect(canJoin(["sheet:3:B", "sheet:3:C"], [table])).toBe(false);
  expect(canJoin(["sheet:3:A", "sheet:3:B"], [])).toBe(true);
});

test("devices that counted at the last two evenings and not here are named; paper never is", () => {
  const events = [1, 2, 3, 4].map((day) => ({
    _id: `event:${day}`,
    starts: `2026-01-0${day}T19:00:00+03:00`,
  }));
  const others = [
    sheet(1, "D", 1),
    sheet(2, "E", 1),
    sheet(2, "P", 1, true),
    sheet(4, "F", 1),
    sheet(2, "A", 1),
  ];
  expect(unheard("event:3", events, [...sheets, ...others])).toEqual(["D", "E"]);
});

test("a closing that replaces another keeps its declaration and names it", () => {
  const first = {
    _id: "closing:1",
    _rev: "1-a",
    device: "A",
    heads: 4,
    note: "n",
    replaces: null,
  } as ClosingDocument;
  expect(replacing(first, { _id: "closing:2", device: "B" })).toEqual({
    ...{ _id: "closing:2", device: "B", heads: 4, note: "n", replaces: "closing:1" },
  });
});
