import { beforeEach, expect, test } from "vitest";
import type { Database } from "../src/store/databases.ts";
import { pull } from "../src/sync/replication.ts";
import { fill } from "../src/sync/snapshot.ts";
import { memoryDatabase, noSnapshot } from "./memory.ts";

const REVISIONS = { start: 1, ids: ["967a00dff5e02add41819138abb3284d"] };
const REV = `1-${REVISIONS.ids[0]}`;

let local: Database;
let remote: Database;

beforeEach(async () => {
  local = memoryDatabase();
  remote = memoryDatabase();
});

/** As the server writes it. (A PouchDB in memory numbers its changes; a server's sequences are texts.) */
function lines(count: number, seq: string | number): string[] {
  const documents = Array.from({ length: count }, (_, n) => ({
    _id: `prisoner:${String(n).padStart(4, "0")}`,
    _rev: REV,
    _revisions: REVISIONS,
  }));
  return [{ seq, epoch: "e", count }, ...documents, { end: true, lines: count }].map((line) =>
    JSON.stringify(line),
  );
}

/** Opens a stream of lines, and calls `between` after each. */
function opens(given: readonly string[], between = async (_: number) => {}) {
  return async () =>
    (async function* () {
      for (const [n, line] of given.entries()) {
        yield line;
        await between(n);
      }
    })();
}

const known = async () => (await local.info()).doc_count;

test("all of it is stored, the first documents before the last have come", async () => {
  let early = 0;
  const stream = opens(lines(2000, "7"), async (n) => {
    if (n === 1000) early = await known();
  });
  expect(await fill(local, remote, stream)).toBe(true);
  expect(early).toBeGreaterThan(500);
  expect(await known()).toBe(2000);
  expect((await local.get("prisoner:1999"))._rev).toBe(REV);
});

test("ordinary replication goes on from where the snapshot stood", async () => {
  await remote.bulkDocs([{ _id: "before" }]);
  const { update_seq } = await remote.info();
  await fill(local, remote, opens(lines(3, update_seq)));
  await remote.put({ _id: "after" });
  await pull(local, remote);
  expect(await local.get("after")).toBeTruthy();
  // The snapshot stood behind it, so it was not asked for again; here it was not in the snapshot, which shows that.
  await expect(local.get("before")).rejects.toMatchObject({ status: 404 });
});

test.each([
  ["cut", (whole: string[]) => whole.slice(0, 700)],
  ["without its end", (whole: string[]) => whole.slice(0, -1)],
  ["with a line left out", (whole: string[]) => whole.toSpliced(5, 1)],
])(
  "a stream that is %s is no first sync, but what came stays and the rest is replicated",
  async (_, spoil) => {
    await remote.put({ _id: "prisoner:late" });
    await expect(fill(local, remote, opens(spoil(lines(800, "7"))))).rejects.toThrow();
    expect(await known()).toBeGreaterThan(0);
    expect(await fill(local, remote, opens(lines(800, "7")))).toBe(false);
    await pull(local, remote);
    expect(await local.get("prisoner:late")).toBeTruthy();
  },
);

test("a line that breaks after a few documents leaves those", async () => {
  const breaks = async () =>
    (async function* () {
      yield* lines(800, "7").slice(0, 4);
      throw new TypeError("network error");
    })();
  await expect(fill(local, remote, breaks)).rejects.toThrow("network error");
  expect(await known()).toBe(3);
});

test("an older server, and a phone that has something already, go on as before", async () => {
  expect(await fill(local, remote, noSnapshot)).toBe(false);
  await local.put({ _id: "counted here" });
  expect(await fill(local, remote, opens(lines(3, "7")))).toBe(false);
  expect(await known()).toBe(1);
});
