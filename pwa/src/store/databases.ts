/**
 * The one place where databases of this phone and of the server are opened. What must hold for every stored document
 * (durability today, sealing if it comes) belongs into `openLocal`.
 */

import http from "pouchdb-adapter-http";
import idb from "pouchdb-adapter-idb";
import PouchDB from "pouchdb-core";
import replication from "pouchdb-replication";
import { prepareIndexedDb } from "./indexeddb.ts";

export type Database = PouchDB.Database;

const PREFIX = "otkrytka-";

PouchDB.plugin(idb).plugin(http).plugin(replication);

const opened = new Map<string, Database>();

/** Opens (once) a database on this phone: `phone`, `register` or `chapter-<slug>`. */
export function openLocal(name: string): Database {
  let database = opened.get(name);
  if (!database) {
    if (opened.size === 0) prepareIndexedDb();
    database = new PouchDB(PREFIX + name, { adapter: "idb", auto_compaction: true });
    opened.set(name, database);
  }
  return database;
}

/** A database of the server. Nothing is asked of it before the first request of a replication. */
export function openRemote(origin: string, name: string, fetch: typeof globalThis.fetch): Database {
  return new PouchDB(`${origin}/db/${name}`, { adapter: "http", skip_setup: true, fetch });
}

/** Removes databases from this phone, with everything in them. */
export async function destroyLocal(names: readonly string[]): Promise<void> {
  await Promise.all(
    names.map(async (name) => {
      await openLocal(name).destroy();
      opened.delete(name);
    }),
  );
}
