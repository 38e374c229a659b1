/** The sealed adapter over a database in memory: what is above is as it was, what is below says nothing. */

import PouchDB from "pouchdb-core";
import generateReplicationId from "pouchdb-generate-replication-id";
import { beforeAll, expect, test, vi } from "vitest";
import { applyTap, emptySheet } from "../src/domain/taps.ts";
import type { SheetDocument } from "../src/generated/documents.ts";
import { type Keys, keysOf, newMaster } from "../src/safety/keys.ts";
import { Ahead } from "../src/store/ahead.ts";
import type { Database } from "../src/store/databases.ts";
import { change, find, readableOf, withIds, withPrefix } from "../src/store/documents.ts";
import { listen } from "../src/store/ranges.ts";
import sealed, { type Access, type SealedOptions } from "../src/store/sealed/adapter.ts";
import { Below, ConnectionLost } from "../src/store/sealed/below.ts";
import type { Inner } from "../src/store/sealed/inner.ts";
import { Sealing } from "../src/store/sealed/sealing.ts";
import { noteUnsent } from "../src/sync/deliveries.ts";
import { Deliverer } from "../src/sync/delivering.ts";
import { DEVICE, EVENT, memoryDatabase, noSnapshot, OTHER_DEVICE } from "./memory.ts";

PouchDB.plugin(sealed as unknown as PouchDB.Plugin);

let keys: Keys;
let made = 0;

beforeAll(async () => {
  keys = await keysOf(newMaster());
});

class Locked extends Error {}

function lockable() {
  let current: Keys | undefined = keys;
  const access: Access = {
    space: `space${made}`,
    keys: () => {
      if (!current) throw new Locked("locked");
      return current;
    },
  };
  const lock = () => {
    current = undefined;
  };
  return { access, lock };
}

function open(
  database: string,
  access: Access | Promise<Access>,
  below: Pick<SealedOptions, "whenLost" | "confirm"> = {},
): Database {
  return new PouchDB(database, {
    adapter: "sealed",
    auto_compaction: true,
    below: "memory",
    database,
    access: Promise.resolve(access),
    ...below,
  } as PouchDB.Configuration.DatabaseConfiguration);
}

function fresh(): { database: Database; below: () => Promise<Database>; access: Access; lock: () => void } {
  made += 1;
  const { access, lock } = lockable();
  const name = new Sealing("chapter-tver", () => keys).name();
  return {
    database: open("chapter-tver", access),
    below: async () => new PouchDB(`${access.space}-${await name}`, { adapter: "memory" }),
    access,
    lock,
  };
}

const DOCUMENTS = ["sheet:EV:A", "sheet:EV:B", "sheet:EW:A", "event:EV", "event:EW", "coverage"].map(
  (_id) => ({
    _id,
    of: `value of ${_id}`,
  }),
);

test("documents are read, changed, listed and deleted as if nothing were sealed", async () => {
  const { database } = fresh();
  await database.bulkDocs(DOCUMENTS);
  expect((await withPrefix(database, "sheet:EV:")).map(({ _id }) => _id)).toEqual([
    "sheet:EV:A",
    "sheet:EV:B",
  ]);
  expect((await withPrefix(database, "sheet:E")).map(({ _id }) => _id)).toHaveLength(3);
  expect((await withIds(database, ["event:EV", "event:none"])).map(({ _id }) => _id)).toEqual(["event:EV"]);
  const { rows } = await database.allDocs({ limit: 2, skip: 1, descending: true, include_docs: true });
  expect(rows.map(({ id }) => id)).toEqual(["sheet:EV:B", "sheet:EV:A"]);
  const changed = await change<{ of: string }>(
    database,
    async () => (await find<{ of: string }>(database, "coverage")) ?? { _id: "coverage", of: "" },
    (document) => ({ ...document, of: "other" }),
  );
  expect(changed._rev).toMatch(/^2-/);
  await expect(database.put({ ...changed, _rev: "1-abc" })).rejects.toMatchObject({
    status: 409,
    id: "coverage",
  });
  await database.remove(await database.get("event:EW"));
  await expect(database.get("event:EW")).rejects.toMatchObject({ status: 404 });
  const { results } = await database.changes({ since: 0 });
  expect(results.at(-1)).toMatchObject({ id: "event:EW", deleted: true });
});

test("below lie neither ids nor contents, and equal documents look different", async () => {
  const { database, below } = fresh();
  await database.bulkDocs([
    ...DOCUMENTS,
    { _id: "event:one", place: "In a kitchen" },
    { _id: "event:two", place: "In a kitchen" },
  ]);
  await database.put({ _id: "_local/checkpoint", at: "secret" });
  const inner = await below();
  const { rows } = await inner.allDocs({ include_docs: true });
  const text = JSON.stringify(rows);
  for (const canary of ["sheet", "event", "kitchen", "value of", "EV:", "coverage", "secret"])
    expect(text).not.toContain(canary);
  const seals = rows.map((row) => (row as unknown as { doc: { sealed: string } }).doc.sealed);
  expect(new Set(seals).size).toBe(seals.length);
  expect(new Set(rows.map((row) => (row as { value: { rev: string } }).value.rev)).size).toBe(rows.length);
});

test("revisions, conflicts and checkpoints replicate both ways with a plain database", async () => {
  const { database } = fresh();
  const plain = memoryDatabase();
  await plain.bulkDocs(DOCUMENTS);
  await plain.bulkDocs(
    [
      { _id: "event:EV", _rev: "2-aaaa", of: "one" },
      { _id: "event:EV", _rev: "2-bbbb", of: "other" },
    ],
    { new_edits: false },
  );
  await database.replicate.from(plain);
  expect(await database.get("event:EV", { conflicts: true })).toEqual(
    await plain.get("event:EV", { conflicts: true }),
  );
  await database.put({ _id: "sheet:EV:C", of: "mine" });
  const there = await database.replicate.to(plain);
  expect(there.docs_written).toBe(1);
  expect(await plain.get("sheet:EV:C")).toMatchObject({ of: "mine" });
  expect((await database.replicate.to(plain)).docs_read).toBe(0);
});

test("a live feed shows changes in their order", async () => {
  const { database } = fresh();
  await database.info();
  const seen: string[] = [];
  const done = new Promise<void>((resolve) => {
    const feed = database
      .changes({ since: "now", live: true, include_docs: true })
      .on("change", ({ id, doc }) => {
        seen.push(`${id} ${(doc as unknown as { of: number }).of}`);
        if (seen.length === 20) {
          feed.cancel();
          resolve();
        }
      });
  });
  await database.changes({ since: 0 });
  for (let number = 0; number < 20; number += 1) await database.put({ _id: `sheet:${number}`, of: number });
  await done;
  expect(seen).toEqual(Array.from({ length: 20 }, (_, number) => `sheet:${number} ${number}`));
});

test("a live feed tells of no state twice, and of nothing once it is cancelled", async () => {
  const { database } = fresh();
  const told: number[] = [];
  const feed = database.changes({ since: "now", live: true, include_docs: true });
  const heard = (number: number) =>
    new Promise<void>((resolve) => {
      feed.on("change", ({ doc }) => {
        if ((doc as unknown as { of: number }).of === number) resolve();
      });
    });
  feed.on("change", ({ doc }) => void told.push((doc as unknown as { of: number }).of));
  await database.info();
  const [first, last] = [heard(1), heard(4)];
  const put = (of: number) =>
    change<{ of: number }>(
      database,
      async () => (await find<{ of: number }>(database, "sheet:EV:A")) ?? { _id: "sheet:EV:A", of },
      (stored) => ({ ...stored, of }),
    );
  await put(1);
  await first;
  for (const of of [2, 3, 4]) await put(of);
  await last;
  expect(told).toEqual([...new Set(told)].sort());
  feed.cancel();
  await put(5);
  await new Promise<void>((resolve) => {
    database.changes({ since: "now", live: true }).on("change", () => resolve());
    void database.info().then(() => put(6));
  });
  expect(told.at(-1)).toBe(4);
});

test("a database opened while locked waits, and answers once it is unlocked", async () => {
  let unlock: (access: Access) => void = () => {};
  const database = open(
    "phone",
    new Promise((resolve) => {
      unlock = resolve;
    }),
  );
  const stored = database.put({ _id: "membership" });
  unlock(lockable().access);
  expect((await stored).ok).toBe(true);
});

test("locked in the middle of a replication: it fails, its checkpoint stays, and everything arrives later", async () => {
  const { database, access, lock } = fresh();
  await database.bulkDocs(DOCUMENTS);
  const plain = memoryDatabase();
  const bulkGet = plain.revsDiff;
  plain.revsDiff = ((...asked: Parameters<typeof bulkGet>) => {
    lock();
    return bulkGet.apply(plain, asked);
  }) as typeof bulkGet;
  await expect(database.replicate.to(plain, { retry: false })).rejects.toThrow();
  expect((await plain.info()).doc_count).toBe(0);
  plain.revsDiff = bulkGet;
  const again = open("chapter-tver", { ...access, keys: () => keys });
  await again.replicate.to(plain);
  expect((await plain.info()).doc_count).toBe(DOCUMENTS.length);
});

test("what was tampered with, or moved to another id, is refused and hides nothing else", async () => {
  const { database, below } = fresh();
  await database.bulkDocs(DOCUMENTS);
  const inner = (await below()) as PouchDB.Database<{ sealed: string }>;
  const sealing = new Sealing("chapter-tver", () => keys);
  const [one, other] = await Promise.all(
    ["event:EV", "event:EW"].map(async (id) => inner.get(await sealing.opaque(id))),
  );
  if (!one || !other) throw new Error("not there");
  await inner.bulkDocs([{ ...one, sealed: other.sealed }]);
  await expect(database.get("event:EV")).rejects.toThrow("can't be read");
  expect((await withPrefix(database, "event:")).map(({ _id }) => _id)).toEqual(["event:EW"]);
  const bytes = atob(other.sealed);
  const flipped = btoa(bytes.slice(0, 40) + String.fromCharCode(bytes.charCodeAt(40) ^ 1) + bytes.slice(41));
  await inner.bulkDocs([{ ...other, sealed: flipped }]);
  await expect(database.get("event:EW")).rejects.toThrow("can't be read");
  const { results } = await database.changes({ since: 0 });
  expect(results).toHaveLength(DOCUMENTS.length - 2);
});

/** Spoils what is sealed of a document, a local one unless said otherwise, as a bad sector does. */
async function spoil(below: Database, id: string, kind: "_local/" | "" = "_local/"): Promise<void> {
  const opaque = await new Sealing("chapter-tver", () => keys).opaque(id);
  const kept = await below.get<{ sealed: string }>(kind + opaque);
  await below.put({ ...kept, sealed: kept.sealed.slice(0, 60) });
}

test("taps written ahead that can't be read cost no tap that comes after them, and are told of until that is dismissed", async () => {
  const { database, below } = fresh();
  const empty = emptySheet(EVENT, DEVICE, "tver");
  const came = { counter: "heads", by: 1 } as const;
  const tap = async (tab: Ahead) =>
    (await tab.change(empty, ({ sheet, steps }) => ({ sheet: applyTap(sheet, came), steps }))).sheet;
  const before = new Ahead(database);
  await tap(before);
  await before.fold();
  await tap(before);
  await spoil(await below(), "ahead");
  const [one, other] = [new Ahead(database), new Ahead(database)];
  expect((await tap(one)).heads.added).toBe(2);
  expect((await tap(other)).heads.added).toBe(3);
  // The tab that remembers what was there is refused and reads anew.
  expect((await tap(before)).heads.added).toBe(4);
  expect([one, other, before].map(({ damaged }) => damaged.value)).toEqual([true, true, true]);
  await other.fold();
  const next = new Ahead(database);
  expect(await next.unfolded()).toEqual([]);
  expect(next.damaged.value).toBe(true);
  await next.dismissDamage();
  expect(next.damaged.value).toBe(false);
  const last = new Ahead(database);
  expect((await tap(last)).heads.added).toBe(5);
  expect(last.damaged.value).toBe(false);
});

test("a replication whose checkpoint can't be read begins anew and brings everything", async () => {
  const { database, below } = fresh();
  const plain = memoryDatabase();
  await plain.bulkDocs(DOCUMENTS.slice(1));
  await database.replicate.from(plain);
  const checkpoint = await generateReplicationId(plain, database, {});
  await spoil(await below(), checkpoint.slice("_local/".length));
  await plain.bulkDocs(DOCUMENTS.slice(0, 1));
  await database.replicate.from(plain, { checkpoint: "target", retry: false });
  expect((await database.info()).doc_count).toBe(DOCUMENTS.length);
  expect((await database.replicate.from(plain, { checkpoint: "target" })).docs_read).toBe(0);
});

test("a record that can't be read is told of where it is asked for alone, and passed over where many are", async () => {
  const { database, below } = fresh();
  await database.bulkDocs(DOCUMENTS);
  await spoil(await below(), "event:EV", "");
  const ids = ["event:EV", "event:EW", "event:none"];
  await expect(withIds(database, ids)).rejects.toThrow("can't be read");
  expect((await readableOf(database, ids)).map(({ _id }) => _id)).toEqual(["event:EW"]);
});

test("a sheet that can't be read keeps no other one from being delivered", async () => {
  const { database, below } = fresh();
  const [phone, remote] = [memoryDatabase(), memoryDatabase()];
  const [lost, whole] = [DEVICE, OTHER_DEVICE].map((device) => emptySheet(EVENT, device, "tver"));
  for (const sheet of [lost, whole] as SheetDocument[]) {
    await noteUnsent(phone, "chapter-tver", sheet._id, 1000);
    await database.put(sheet);
  }
  await spoil(await below(), lost?._id ?? "", "");
  const receipts = async (_database: string, revs: Record<string, string>) =>
    Object.fromEntries(Object.keys(revs).map((id) => [id, { stored: true, counted: true, upstream: true }]));
  const replica = { name: "chapter-tver", local: database, remote, snapshot: noSnapshot };
  const left = await new Deliverer(phone, replica, receipts).deliver({ all: true });
  expect(left).toMatchObject({ unsent: 0, refused: 0 });
  expect((await remote.allDocs()).rows.map(({ id }) => id)).toEqual([whole?._id]);
});

/** A database whose connection can be lost; `confirm` says whether it may be opened again. */
function losable() {
  made += 1;
  const { access } = lockable();
  let lose: () => void = () => {};
  const confirm = vi.fn(async () => {});
  const whenLost = (_name: string, listener: () => void) => {
    lose = listener;
  };
  const database = open("chapter-tver", access, { whenLost, confirm });
  return { database, confirm, lose: () => lose() };
}

test("a connection that was lost is opened again", async () => {
  const { database, confirm, lose } = losable();
  await database.put({ _id: "event:EV", of: "before" });
  expect(confirm).not.toHaveBeenCalled();
  lose();
  expect(await database.get("event:EV")).toMatchObject({ of: "before" });
  await database.put({ _id: "event:EW", of: "after" });
  expect((await database.allDocs()).total_rows).toBe(2);
  expect(confirm).toHaveBeenCalledTimes(1);
});

test("a feed goes on over the connection that came after the lost one", async () => {
  const { database, lose } = losable();
  await database.put({ _id: "event:EV" });
  const seen: string[] = [];
  listen(database, ({ id }) => seen.push(id));
  await database.put({ _id: "event:EU" });
  await vi.waitFor(() => expect(seen).toEqual(["event:EU"]));
  lose();
  await database.put({ _id: "event:EW" });
  await vi.waitFor(() => expect(seen).toContain("event:EW"), 5000);
});

test("who waits for an answer of a lost connection is told that none will come", async () => {
  const acts: string[] = [];
  const inner = {
    info: async () => acts.push("opened"),
    close: async () => acts.push("closed"),
  } as unknown as Inner;
  let lose: () => void = () => {};
  const below = await Below.open({
    make: () => inner,
    whenLost: (listener) => {
      lose = listener;
    },
    confirm: async () => {},
  });
  const waiting = below.ask(() => new Promise(() => {}));
  const refused = expect(waiting).rejects.toThrow(ConnectionLost);
  await below.ask(async () => {});
  lose();
  lose();
  await refused;
  expect(await Promise.all([below.ask(async () => 1), below.ask(async () => 2)])).toEqual([1, 2]);
  expect(acts).toEqual(["opened", "closed", "opened"]);
});

test("what is not to be opened again is not, and is tried anew each time", async () => {
  const { database, confirm, lose } = losable();
  await database.put({ _id: "event:EV" });
  lose();
  confirm.mockRejectedValueOnce(new Error("gone"));
  await expect(database.get("event:EV")).rejects.toThrow("gone");
  expect(await database.get("event:EV")).toMatchObject({ _id: "event:EV" });
});
