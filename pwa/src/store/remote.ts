/** Databases of the server, and replication with them. Loaded when there is something to deliver to, not with the first page. */

import http from "pouchdb-adapter-http";
import PouchDB from "pouchdb-core";
import replication from "pouchdb-replication";
import type { Database } from "./databases.ts";

PouchDB.plugin(http).plugin(replication);

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
