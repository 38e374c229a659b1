/** Databases that an earlier version of the app kept unsealed: taken over with every revision, and removed only then. */

import PouchDB from "pouchdb-core";
import { databaseNames } from "../safety/wiping.ts";
import { copyDatabase } from "./copying.ts";
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

/** Moves what an earlier version left into the sealed databases. */
export async function adoptUnsealed(openLocal: (name: string) => Database): Promise<void> {
  for (const name of await unsealedDatabases()) {
    const left: Database = new PouchDB(PREFIX + name, { adapter: "idb" });
    await copyDatabase(left, openLocal(name));
    await left.destroy();
  }
}
