/**
 * The one place where databases of this phone and of the server are opened. Those of this phone are sealed (`sealed/`): until
 * the phone is unlocked, requests to them wait.
 */

import http from "pouchdb-adapter-http";
import idb from "pouchdb-adapter-idb";
import PouchDB from "pouchdb-core";
import replication from "pouchdb-replication";
import { access } from "../safety/vault.ts";
import { prepareIndexedDb } from "./indexeddb.ts";
import sealed, { type SealedOptions } from "./sealed/adapter.ts";

export type Database = PouchDB.Database;

PouchDB.plugin(idb).plugin(http).plugin(replication).plugin(sealed);

prepareIndexedDb();

const opened = new Map<string, Database>();

/** Opens (once) a database on this phone: `phone`, `register` or `chapter-<slug>`. */
export function openLocal(name: string): Database {
  let database = opened.get(name);
  if (!database) {
    const options: SealedOptions = { database: name, access, below: "idb", auto_compaction: true };
    database = new PouchDB(name, { adapter: "sealed", ...options });
    opened.set(name, database);
  }
  return database;
}

/** A database of the server. Nothing is asked of it before the first request of a replication. */
export function openRemote(origin: string, name: string, fetch: typeof globalThis.fetch): Database {
  const address = `${origin}/db/${name}`;
  const database: Database = new PouchDB(address, { adapter: "http", skip_setup: true, fetch });
  // PouchDB would ask the server for the one before every replication, and for the other after every batch, to show progress.
  return Object.assign(database, {
    id: async () => address,
    info: async () => ({ db_name: name, doc_count: 0, update_seq: 0 }),
  });
}
