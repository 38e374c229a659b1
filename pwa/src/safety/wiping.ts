/** Forgetting: the key first, so that whatever interrupts the rest leaves nothing that can be read. Needs no network. */

import { removeVault, DATABASE as VAULT } from "./record.ts";

async function listed(): Promise<string[]> {
  return ((await indexedDB.databases?.()) ?? []).flatMap(({ name }) => name ?? []);
}

/** What PouchDB writes there to see whether it can; no database is called that. */
const PROBE = "_pouch_check_localstorage";

/** The adapter leaves the names of what it wrote to in localStorage, which browsers do not evict with the rest. */
function noted(): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith("_pouch_") && key !== PROBE);
}

/** All databases of this app, also for browsers that can't list them. */
export async function databaseNames(): Promise<string[]> {
  return [...new Set([...(await listed()), ...noted()])];
}

/** Whether databases were written here of which none is left: the browser took them, or somebody did. */
export async function areDatabasesGone(): Promise<boolean> {
  const here = await listed();
  return noted().length > 0 && !here.some((name) => name.startsWith("_pouch_"));
}

/**
 * Resolves when a database is gone, or will be as soon as the last tab that holds it open is closed. Those are asked to let go,
 * and ours do; nobody waits for one that hangs.
 */
export function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onblocked = () => resolve();
    request.onerror = () => reject(request.error);
  });
}

/** Acts in this order, each whatever became of those before it. Rejects in the end with the first failure. */
async function eachOf(...acts: (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const act of acts) {
    try {
      await act();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Everything this phone holds: counts, names, its token. The app itself stays. Rejects if not all of it is gone. */
export function wipeData(): Promise<void> {
  return eachOf(
    // Where this fails, the whole vault goes with the other databases.
    () => removeVault().catch(() => {}),
    async () => Promise.all([...new Set([VAULT, ...(await databaseNames())])].map(deleteDatabase)),
    () => localStorage.clear(),
    () => sessionStorage.clear(),
  );
}

/** The app too, with its caches and its worker: only the browser's own traces are left. Rejects if not all of it is gone. */
export function wipeEverything(): Promise<void> {
  return eachOf(
    wipeData,
    async () => Promise.all((await caches.keys()).map((name) => caches.delete(name))),
    async () => {
      const registrations = (await navigator.serviceWorker?.getRegistrations()) ?? [];
      await Promise.all(registrations.map((registration) => registration.unregister()));
    },
  );
}
