import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type Counts,
  contestedClosings,
  lineKey,
  mergeSheets,
  standingClosing,
  tally,
  taps,
} from "../src/domain/counting.ts";
import type { ClosingDocument, SheetDocument } from "../src/generated/documents.ts";

function golden<Case>(name: string): Case[] {
  return JSON.parse(readFileSync(new URL(`../../fixtures/golden/${name}.json`, import.meta.url), "utf8"));
}

/** Lines are a set: their order says nothing. */
function asSet({ heads, letters }: Counts) {
  return { heads, letters: Object.fromEntries(letters.map((line) => [lineKey(line), line])) };
}

describe("the golden documents count here as on the server", () => {
  test.each(golden<{ name: string; sheets: SheetDocument[]; tally: object }>("tallies"))(
    "tally: $name",
    ({ sheets, tally: expected }) => {
      expect(tally(sheets)).toEqual(expected);
    },
  );

  test.each(golden<{ name: string; copies: SheetDocument[]; merged: Counts }>("merges"))(
    "merge: $name",
    ({ copies, merged }) => {
      const [first, ...rest] = copies as [SheetDocument, ...SheetDocument[]];
      for (const order of [rest, rest.toReversed()]) {
        const found = order.reduce<Counts>((sum, copy) => mergeSheets(sum, copy), first);
        expect(asSet(found)).toMatchObject(asSet(merged));
      }
    },
  );

  test.each(
    golden<{ name: string; closings: ClosingDocument[]; standing: string | null; contested: string[] }>(
      "closings",
    ),
  )("standing closing: $name", ({ closings, standing, contested }) => {
    expect(
      contestedClosings(closings)
        .map(({ _id }) => _id)
        .sort(),
    ).toEqual(contested);
    for (const order of [closings, closings.toReversed()]) {
      expect(standingClosing(order)?._id ?? null).toBe(standing);
    }
  });
});

test("the taps of a sheet grow whichever way one counts", () => {
  const sheet = {
    heads: { added: 5, removed: 2 },
    letters: [{ to: null, kind: "card", added: 3, removed: 3 }],
  } satisfies Counts;
  expect(taps(sheet)).toBe(13);
});
