import { describe, expect, test } from "vitest";
import { applyTap, emptySheet, SheetFull, type Tap } from "../src/domain/taps.ts";
import { LIMITS, type SheetDocument } from "../src/generated/documents.ts";
import { Ahead, readSheet } from "../src/store/ahead.ts";
import type { Database } from "../src/store/databases.ts";
import { find } from "../src/store/documents.ts";
import { SheetWriter } from "../src/store/sheets.ts";
import { DEVICE, EVENT, memoryDatabase } from "./memory.ts";

const empty = emptySheet(EVENT, DEVICE, "moscow");
const came: Tap = { counter: "heads", by: 1 };

type Put = Database["put"];

/** Somebody comes, counted in one tab. */
function tap(tab: Ahead, times = 1): Promise<SheetDocument[]> {
  const one = async () => {
    const counted = await tab.change(empty, ({ sheet, steps }) => ({ sheet: applyTap(sheet, came), steps }));
    return counted.sheet;
  };
  return Promise.all(Array.from({ length: times }, one));
}

/** The sheet's own document: what is replicated. */
async function folded(database: Database) {
  const sheet = await find<SheetDocument>(database, empty._id);
  return { heads: sheet?.heads.added, revision: Number.parseInt(sheet?._rev ?? "0", 10) };
}

/** Makes writes of some documents fail, until told to stop. */
function failing(database: Database, spoils: (document: { _id: string; sheets?: object }) => boolean) {
  const put = database.put.bind(database);
  database.put = ((document: { _id: string }) =>
    spoils(document) ? Promise.reject(new Error("no more")) : put(document)) as Put;
  return () => {
    database.put = put;
  };
}

test("what was written ahead is read at once, and is in the sheet's document after folding", async () => {
  const database = memoryDatabase();
  const tab = new Ahead(database);
  await tap(tab, 40);
  expect(await folded(database)).toEqual({ heads: undefined, revision: 0 });
  expect((await readSheet(database, empty._id))?.heads.added).toBe(40);
  await tab.fold();
  expect(await folded(database)).toEqual({ heads: 40, revision: 1 });
  expect(await tab.unfolded()).toEqual([]);
});

test("a pause folds by itself", async () => {
  const database = memoryDatabase();
  await tap(new Ahead(database), 2);
  const told = new Promise((resolve) => {
    database.changes({ since: 0, live: true, limit: 1 }).on("change", resolve);
  });
  await told;
  expect((await folded(database)).heads).toBe(2);
});

describe("a page that dies", () => {
  test("before folding loses nothing: the next one folds it, once", async () => {
    const database = memoryDatabase();
    await tap(new Ahead(database), 3);
    const next = new Ahead(database);
    expect((await next.unfolded()).map(({ heads }) => heads.added)).toEqual([3]);
    await next.fold();
    await next.fold();
    await tap(next);
    await next.fold();
    expect(await folded(database)).toEqual({ heads: 4, revision: 2 });
  });

  test("between folding and emptying the record counts nothing twice", async () => {
    const database = memoryDatabase();
    const tab = new Ahead(database);
    await tap(tab, 3);
    const recover = failing(database, ({ _id }) => _id.startsWith("_local/"));
    await expect(tab.fold()).rejects.toThrow("no more");
    recover();
    expect(await folded(database)).toEqual({ heads: 3, revision: 1 });
    const next = new Ahead(database);
    expect((await tap(next))[0]?.heads.added).toBe(4);
    await next.fold();
    expect(await folded(database)).toEqual({ heads: 4, revision: 2 });
  });

  test("in the middle of a burst keeps every tap it acknowledged, and only those", async () => {
    const database = memoryDatabase();
    const writer = new SheetWriter(new Ahead(database), empty);
    for (let number = 0; number < 5; number += 1) await writer.tap(came);
    failing(database, () => true);
    const late = await Promise.allSettled([writer.tap(came), writer.tap(came)]);
    expect(late.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect((await readSheet(database, empty._id))?.heads.added).toBe(5);
  });
});

describe("two tabs", () => {
  test("that count and fold at once lose no tap and count none twice", async () => {
    const database = memoryDatabase();
    const tabs = [new Ahead(database), new Ahead(database), new Ahead(database)];
    for (let round = 0; round < 8; round += 1) {
      await Promise.all(tabs.flatMap((tab) => [tap(tab, 3), tab.fold(), tap(tab, 2)]));
    }
    await Promise.all(tabs.map((tab) => tab.fold()));
    expect((await folded(database)).heads).toBe(3 * 8 * 5);
  });

  test("what one remembers is not taken for true when the other has folded and counted on", async () => {
    const database = memoryDatabase();
    const [one, other] = [new Ahead(database), new Ahead(database)];
    await tap(one);
    await other.fold();
    await tap(other);
    expect((await tap(one))[0]?.heads.added).toBe(3);
    await other.fold();
    expect((await folded(database)).heads).toBe(3);
  });

  test("what the other counted can be taken back", async () => {
    const database = memoryDatabase();
    const [one, other] = [new SheetWriter(new Ahead(database), empty), new Ahead(database)];
    await one.tap(came);
    await one.tap({ counter: "heads", by: -1 });
    await tap(other);
    expect((await one.tap({ counter: "heads", by: -1 })).by).toBe(-1);
  });
});

test("a copy that arrives while taps are not folded is counted on: the next tap builds on both", async () => {
  const database = memoryDatabase();
  const tab = new Ahead(database);
  await tap(tab, 2);
  const told = new Promise((resolve) => {
    database.changes({ since: "now", live: true, limit: 1 }).on("change", resolve);
  });
  const copy = { ...empty, _rev: "1-0000", heads: { added: 7, removed: 1 } };
  await database.bulkDocs([copy], { new_edits: false });
  await told;
  expect((await tap(tab))[0]?.heads).toEqual({ added: 8, removed: 1 });
  await tab.fold();
  expect((await folded(database)).heads).toBe(8);
});

test("what can't be folded stays written ahead, and taps go on", async () => {
  const database = memoryDatabase();
  const tab = new Ahead(database);
  await tap(tab);
  const recover = failing(database, ({ _id }) => _id === empty._id);
  await expect(tab.fold()).rejects.toThrow("no more");
  expect((await tap(tab))[0]?.heads.added).toBe(2);
  recover();
  await tab.fold();
  expect((await folded(database)).heads).toBe(2);
});

test("a full sheet refuses the tap that is too much, whether folded or not", async () => {
  const database = memoryDatabase();
  const tab = new Ahead(database);
  const writer = new SheetWriter(tab, empty);
  await writer.tap({ counter: "heads", by: LIMITS.count });
  await expect(writer.tap(came)).rejects.toThrow(SheetFull);
  await tab.fold();
  await expect(writer.tap(came)).rejects.toThrow(SheetFull);
  expect((await folded(database)).heads).toBe(LIMITS.count);
});
