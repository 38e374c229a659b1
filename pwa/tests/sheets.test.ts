import { expect, test, vi } from "vitest";
import { tally } from "../src/domain/counting.ts";
import { emptySheet, reverse, type Tap } from "../src/domain/taps.ts";
import { LIMITS, type SheetDocument } from "../src/generated/documents.ts";
import { Ahead, readSheet } from "../src/store/ahead.ts";
import type { Database } from "../src/store/databases.ts";
import { ConnectionLost } from "../src/store/sealed/below.ts";
import { SheetWriter, settleConflicts } from "../src/store/sheets.ts";
import { DEVICE, EVENT, memoryDatabase, PRISONER } from "./memory.ts";

const empty = emptySheet(EVENT, DEVICE, "moscow");
const came: Tap = { counter: "heads", by: 1 };
const wrote: Tap = { counter: { to: PRISONER, kind: "letter", origin: "here" }, by: 1 };

/** A tab's writer: another one each time, as another tab has. */
function writerOn(database: Database): SheetWriter {
  return new SheetWriter(new Ahead(database), empty);
}

/** Stores a revision as replication would: beside what is there. */
async function place(database: Database, rev: string, sheet: SheetDocument): Promise<void> {
  await database.bulkDocs([{ ...sheet, _rev: rev }], { new_edits: false });
}

test("a tap is acknowledged only when a fresh reading finds it", async () => {
  const database = memoryDatabase();
  const writer = writerOn(database);
  for (let taps = 1; taps <= 3; taps += 1) {
    await writer.tap(came);
    expect((await readSheet(database, empty._id))?.heads.added).toBe(taps);
  }
});

test("taps that come while one is written are written together, and none is lost", async () => {
  const database = memoryDatabase();
  const put = vi.spyOn(database, "put");
  const writer = writerOn(database);
  await Promise.all(Array.from({ length: 100 }, (_, number) => writer.tap(number % 2 ? came : wrote)));
  const sheet = await readSheet(database, empty._id);
  expect(sheet && tally([sheet])).toMatchObject({ heads: 50, written: 50, recipients: 1 });
  expect(put.mock.calls.length).toBeLessThan(10);
});

test("two tabs that count on one sheet lose no tap", async () => {
  const database = memoryDatabase();
  const tabs = [writerOn(database), writerOn(database)];
  await Promise.all(Array.from({ length: 50 }, () => tabs.map((tab) => tab.tap(came))).flat());
  expect((await readSheet(database, empty._id))?.heads).toEqual({ added: 100, removed: 0 });
});

test("each tap hears by how much it changed its counter, and a full counter spoils no other tap", async () => {
  const writer = writerOn(memoryDatabase());
  const answers = await Promise.allSettled([
    writer.tap(came),
    writer.tap({ counter: "heads", by: 2 }),
    writer.tap({ counter: "heads", by: LIMITS.count }),
    writer.tap({ counter: "heads", by: -9 }),
    writer.tap(reverse(came)),
  ]);
  const changed = answers.map((answer) => (answer.status === "fulfilled" ? answer.value.by : "refused"));
  expect(changed).toEqual([1, 2, "refused", -3, 0]);
});

test("taking away from nothing writes nothing", async () => {
  const database = memoryDatabase();
  await writerOn(database).tap(reverse(came));
  expect(await readSheet(database, empty._id)).toBeUndefined();
});

test("a tap that can't be stored is refused, and the next one is tried", async () => {
  const database = memoryDatabase();
  const writer = writerOn(database);
  const put = database.put;
  database.put = () => Promise.reject(new Error("the disk is full"));
  await expect(writer.tap(came)).rejects.toThrow("the disk is full");
  database.put = put;
  await writer.tap(came);
  expect((await readSheet(database, empty._id))?.heads.added).toBe(1);
  expect(writer.idle).toBe(true);
});

test("a tap whose connection was lost before the answer came is stored, and counted once", async () => {
  const database = memoryDatabase();
  const writer = writerOn(database);
  const step = (id: string) => ({ step: { id, at: 1000 } });
  await writer.tap(came, step("first"));
  const put = database.put.bind(database);
  for (const isStored of [true, false]) {
    vi.spyOn(database, "put").mockImplementationOnce(async (document) => {
      if (isStored) await put(document);
      throw new ConnectionLost();
    });
    expect(await writer.tap(came, step(`stored: ${isStored}`))).toMatchObject({ by: 1 });
  }
  expect((await readSheet(database, empty._id))?.heads.added).toBe(3);
  await writer.tap(came, step("last"));
  expect((await readSheet(database, empty._id))?.heads.added).toBe(4);
});

test("a sheet whose revisions are in conflict counts the taps of all of them", async () => {
  const database = memoryDatabase();
  await place(database, "2-aaaa", { ...empty, heads: { added: 9, removed: 1 } });
  await place(database, "2-bbbb", {
    ...empty,
    heads: { added: 7, removed: 2 },
    letters: [{ to: PRISONER, kind: "letter", added: 4, removed: 0 }],
  });
  await writerOn(database).tap(came);
  const sheet = await readSheet(database, empty._id);
  expect(sheet?.heads).toEqual({ added: 10, removed: 2 });
  expect(sheet && tally([sheet]).written).toBe(4);
});

test("a tap needs no reading once the sheet is known, unless somebody else wrote meanwhile", async () => {
  const database = memoryDatabase();
  const writer = writerOn(database);
  await writer.tap(came);
  const allDocs = vi.spyOn(database, "allDocs");
  await writer.tap(came);
  expect(allDocs).not.toHaveBeenCalled();
  await writerOn(database).tap(came);
  await writer.tap(came);
  expect(allDocs).toHaveBeenCalled();
  expect((await readSheet(database, empty._id))?.heads.added).toBe(4);
});

test("a copy that comes in beside a known sheet is counted on, not passed over", async () => {
  const database = memoryDatabase();
  const writer = writerOn(database);
  await writer.tap(came);
  const told = new Promise((resolve) => {
    database.changes({ since: "now", live: true, limit: 1 }).on("change", resolve);
  });
  await place(database, "1-0000", { ...empty, heads: { added: 7, removed: 0 } });
  await told;
  await writer.tap(came);
  expect((await readSheet(database, empty._id))?.heads.added).toBe(8);
});

test("settling a conflict puts every tap into the winning revision, once", async () => {
  const database = memoryDatabase();
  await place(database, "2-aaaa", { ...empty, heads: { added: 9, removed: 1 } });
  await place(database, "2-bbbb", { ...empty, heads: { added: 7, removed: 0 } });
  await settleConflicts(database, empty._id);
  const winner = await database.get<SheetDocument>(empty._id);
  expect(winner.heads).toEqual({ added: 9, removed: 1 });
  await settleConflicts(database, empty._id);
  expect((await database.get(empty._id))._rev).toBe(winner._rev);
});
