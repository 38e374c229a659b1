/**
 * What must be readable before anything is unlocked: the wrapped master and how it was wrapped, and in which language to ask
 * for the passphrase. A small IndexedDB of its own; every call is one transaction, durable when it resolves.
 */

import type { Bytes } from "../domain/bytes.ts";
import type { Language } from "../store/phone.ts";
import type { Keys, Wrapped } from "./keys.ts";
import type { Cost } from "./stretching/cost.ts";

/** No passphrase was chosen: the keys lie beside the data. Whoever copies the whole profile can use them. */
export interface OpenLock {
  kind: "open";
  keys: Keys;
}

export interface PassphraseLock {
  kind: "passphrase";
  salt: Bytes;
  cost: Cost;
  wrapped: Wrapped;
  /** wrong passphrases since the last right one */
  wrong: number;
  /** after how many wrong ones everything is wiped; null: never */
  wipeAfter: number | null;
}

/**
 * How everything that this phone keeps is laid out. To be raised with every change that an app which does not know of it could
 * spoil by writing beside: then none does (see `vault.ts`). 2: taps are written ahead of their sheets.
 */
export const SCHEMA = 2;

export interface VaultRecord {
  schema: number;
  /** the names of all sealed databases begin with it; another one after every change of the master */
  space: string;
  lock: OpenLock | PassphraseLock;
}

export const DATABASE = "vault";
const STORE = "records";

interface Records {
  vault: VaultRecord;
  language: Language;
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => {
      // Another tab that wipes everything must not wait for this one.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
}

async function transact<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** What is kept under a name, or undefined. Rejects where this browser can't store anything. */
export function readRecord<Name extends keyof Records>(name: Name): Promise<Records[Name] | undefined> {
  return transact("readonly", (store) => store.get(name));
}

export async function writeRecord<Name extends keyof Records>(
  name: Name,
  record: Records[Name],
): Promise<void> {
  await transact("readwrite", (store) => store.put(record, name));
}

/** Keeps a vault where there is none; rejects where another tab was faster. */
export async function createVault(record: VaultRecord): Promise<void> {
  await transact("readwrite", (store) => store.add(record, "vault"));
}

/** Changes the vault in one transaction: what another tab has changed meanwhile is not put back. */
export async function changeVault(change: (record: VaultRecord) => VaultRecord): Promise<void> {
  await transact<VaultRecord | undefined>("readwrite", (store) => {
    const reading = store.get("vault");
    reading.onsuccess = () => {
      if (reading.result) store.put(change(reading.result), "vault");
    };
    return reading;
  });
}

/** Removes the master, wrapped or not: from here on nothing that is sealed can be opened again. */
export async function removeVault(): Promise<void> {
  await transact("readwrite", (store) => store.delete("vault"));
}
