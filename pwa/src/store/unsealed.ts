/** Databases that an earlier version of the app kept unsealed: taken over with every revision, and removed only then. */

import PouchDB from "pouchdb-core";
import { databaseNames } from "../safety/wiping.ts";
import type { Database } from "./databases.ts";

const BEFORE = "_pouch_";
const PREFIX = "otkrytka-";

/** What the earlier version called its databases, as far as they are here. */
export async function unsealedDatabases(): Promise<string[]> {
  const start = BEFORE + PREFIX;
  return (await databaseNames())
    .filter((name) => name.startsWith(start))
    .map((name) => name.slice(start.length));
}

/**
 * Copies everything into another database of this phone: all revisions in conflict, deletions too. Resolves once every one is
 * found there; may be interrupted and called again.
 */
export async function copyDatabase(from: Database, to: Database): Promise<void> {
  await from.replicate.to(to, { checkpoint: false, batch_size: 1000, retry: false });
  const { results } = await from.changes({ style: "all_docs" });
  const revs = Object.fromEntries(results.map(({ id, changes }) => [id, changes.map(({ rev }) => rev)]));
  const missing = Object.keys(await to.revsDiff(revs));
  if (missing.length > 0) throw new Error(`${missing.length} documents were not copied`);
}

/** Moves what an earlier version left into the sealed databases. */
export async function adoptUnsealed(openLocal: (name: string) => Database): Promise<void> {
  for (const name of await unsealedDatabases()) {
    const left: Database = new PouchDB(PREFIX + name, { adapter: "idb" });
    await copyDatabase(left, openLocal(name));
    await left.destroy();
  }
}
