/** Databases in memory, for tests of everything that only needs a database. */

import memory from "pouchdb-adapter-memory";
import PouchDB from "pouchdb-core";
import replication from "pouchdb-replication";
import type { Database } from "../src/store/databases.ts";

PouchDB.plugin(memory).plugin(replication);

let made = 0;

export function memoryDatabase(): Database {
  made += 1;
  return new PouchDB(`memory-${made}`, { adapter: "memory", auto_compaction: true });
}

/** What a server without snapshots answers. */
export const noSnapshot = async () => undefined;

export const EVENT = "event:01KG57Q800904F111BE4JDPJPJ";
export const DEVICE = "01KF0E44M06KSTJAB3DD6CQ8PB";
export const OTHER_DEVICE = "01KF0E44M0R34DBC3YBR431BBH";
export const PRISONER = "prisoner:01KFDA3QM015X6QE5KPE41W59R";
