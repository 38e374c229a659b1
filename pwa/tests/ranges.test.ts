import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Database } from "../src/store/databases.ts";
import { followPrefix, type Range } from "../src/store/ranges.ts";
import { memoryDatabase } from "./memory.ts";

let database: Database;
let range: Range<object> | undefined;

beforeEach(() => {
  database = memoryDatabase();
});

afterEach(() => range?.close());

const shown = () => [...(range?.documents.value?.keys() ?? [])];

test("a first reading that fails is tried again without waiting for a change", async () => {
  await database.put({ _id: "sheet:1" });
  vi.spyOn(database, "allDocs").mockRejectedValueOnce(new Error("the disk is away"));
  range = followPrefix(database, "sheet:");
  await vi.waitFor(() => expect(shown()).toEqual(["sheet:1"]), 4000);
});

test("a feed that fails goes on, and tells what was changed meanwhile", async () => {
  const changes = vi.spyOn(database, "changes");
  range = followPrefix(database, "sheet:");
  await database.put({ _id: "sheet:1" });
  await vi.waitFor(() => expect(shown()).toEqual(["sheet:1"]), 4000);
  fail(changes.mock.results[0]?.value);
  await database.put({ _id: "sheet:2" });
  await vi.waitFor(() => expect(shown()).toEqual(["sheet:1", "sheet:2"]), 4000);
});

test("a feed that fails before its first change tells everything", async () => {
  const changes = vi.spyOn(database, "changes");
  range = followPrefix(database, "sheet:");
  await vi.waitFor(() => expect(range?.documents.value).toBeDefined(), 4000);
  fail(changes.mock.results[0]?.value);
  await database.put({ _id: "sheet:1" });
  await vi.waitFor(() => expect(shown()).toEqual(["sheet:1"]), 4000);
});

/** Ends a feed as an adapter does that can't read any more. */
function fail(feed: PouchDB.Core.Changes<object>): void {
  feed.removeAllListeners("change");
  feed.emit("error", new Error("the disk is away"));
  feed.cancel();
}
