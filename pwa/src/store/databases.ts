/**
 * The one place where databases of this phone are opened. They are sealed (`sealed/`): until the phone is unlocked, requests to
 * them wait. Those of the server are in remote.ts.
 */

import idb from "pouchdb-adapter-idb";
import PouchDB from "pouchdb-core";
import { access, confirmVault } from "../safety/vault.ts";
import { databaseNames, deleteDatabase } from "../safety/wiping.ts";
import { aheadOf } from "./ahead.ts";
import { copyDatabase } from "./copying.ts";
import { POUCH, prepareIndexedDb, whenLost } from "./indexeddb.ts";
import sealed, { type Access, type SealedOptions } from "./sealed/adapter.ts";
import { Sealing } from "./sealed/sealing.ts";

export type Database = PouchDB.Database;

PouchDB.plugin(idb).plugin(sealed);

prepareIndexedDb();

/** The names of sealed databases: a space and a MAC. */
const SEALED = /^_pouch_[0-9a-f]{8}-[0-9a-f]{24}$/;

const opened = new Map<string, Database>();

function openSealed(name: string, by: Promise<Access>): Database {
  const options: SealedOptions = {
    database: name,
    access: by,
    below: "idb",
    whenLost,
    confirm: confirmVault,
    auto_compaction: true,
  };
  return new PouchDB(name, { adapter: "sealed", ...options });
}

/** Opens (once) a database on this phone: `phone`, `register` or `chapter-<slug>`. */
export function openLocal(name: string): Database {
  const database = opened.get(name) ?? openSealed(name, access);
  opened.set(name, database);
  return database;
}

/**
 * Copies databases of this phone under other keys. Rejects, having changed nothing that counts, when there are more of them
 * than named: what is not copied would be lost.
 */
export async function copyUnder(other: Access, names: readonly string[]): Promise<void> {
  const { space, keys } = await access;
  const expected = new Set(
    await Promise.all(names.map(async (name) => `${POUCH}${space}-${await new Sealing(name, keys).name()}`)),
  );
  const here = await sealedNames(space);
  if (here.some((name) => !expected.has(name)))
    throw new Error("this phone keeps a database nobody knows of");
  for (const name of names) {
    const copy = openSealed(name, Promise.resolve(other));
    // Local documents are not copied: what is written ahead has to be in the sheets.
    await aheadOf(openLocal(name)).fold();
    await copyDatabase(openLocal(name), copy);
    await copy.close();
  }
}

async function sealedNames(space: string): Promise<string[]> {
  return (await databaseNames()).filter((name) => name.startsWith(`${POUCH}${space}-`));
}

/** Removes what was sealed under other keys than those of now: copies that were begun, or are not needed any more. */
export async function removeOtherSpaces(space: string): Promise<void> {
  const others = (await databaseNames()).filter(
    (name) => SEALED.test(name) && !name.startsWith(`${POUCH}${space}-`),
  );
  await Promise.all(others.map(deleteDatabase));
}
