/** Sheets of paper of an event: what was typed in, and typing in. */

import { sheetId } from "../domain/identifiers.ts";
import { paperUlid } from "../domain/paper.ts";
import { applyTap, counted, emptySheet, type Tap } from "../domain/taps.ts";
import type { SheetDocument } from "../generated/documents.ts";
import { readSheet } from "../store/ahead.ts";
import { change } from "../store/documents.ts";
import { expectDelivery, joined, joinedChapter, localChapter, useSheets } from "./chapter.ts";
import { nudge } from "./delivery.ts";
import { keepData } from "./device.ts";

/** The sheets of paper of an event that are known here; undefined while they are read. */
export function usePapers(event: string): SheetDocument[] | undefined {
  const sheets = useSheets(event);
  return sheets && [...sheets.values()].filter(({ paper }) => paper);
}

/** What a counter of a sheet of paper is to stand at. */
export interface Entry {
  counter: Tap["counter"];
  value: number;
}

function enter(sheet: SheetDocument, { counter, value }: Entry): SheetDocument {
  const by = value - counted(sheet, { counter, by: 1 });
  return by === 0 ? sheet : applyTap(sheet, { counter, by });
}

/**
 * Types in a sheet of paper, or corrects it, in one write: afterwards each of the counters stands at its value. Two phones
 * that type in one sheet without knowing of each other write one document, whose copies merge by the larger numbers.
 * Resolves once it is durably stored.
 */
export async function typeIn(event: string, number: string, entries: readonly Entry[]): Promise<void> {
  const local = localChapter();
  const paper = paperUlid(event, number);
  const empty = { ...emptySheet(event, paper, joinedChapter()), paper: { by: joined().device } };
  const id = sheetId(event, paper);
  await expectDelivery(id);
  await change<SheetDocument>(
    local,
    async () => (await readSheet(local, id)) ?? empty,
    (sheet) => entries.reduce(enter, sheet),
  );
  nudge();
  void keepData();
}
