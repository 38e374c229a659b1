/** Reading and changing single documents of a local database. */

import type { Database } from "./databases.ts";
import { DAMAGED, Damaged } from "./sealed/sealing.ts";

export interface Stored {
  _id: string;
  _rev: string;
}

/** A document as it may be before it was ever stored. */
export type Unstored<D> = D & { _id: string; _rev?: string };

export function hasStatus(error: unknown, status: number): boolean {
  return typeof error === "object" && error !== null && "status" in error && error.status === status;
}

/** The winning revision of a document, or undefined if there is none. */
export async function find<D>(database: Database, id: string): Promise<(D & Stored) | undefined> {
  try {
    return (await database.get(id)) as D & Stored;
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/** The same, or what there is to begin with: where there is none, and over one that is damaged, of which nothing is left to keep. */
export async function findOrBegin<D>(database: Database, begun: Unstored<D>): Promise<Unstored<D>> {
  try {
    return (await find<D>(database, begun._id)) ?? begun;
  } catch (error) {
    if (error instanceof Damaged && error.rev) return { ...begun, _rev: error.rev };
    throw error;
  }
}

/** Whether there is a document that can't be read. */
export async function isDamaged(database: Database, id: string): Promise<boolean> {
  return withIds(database, [id]).then(
    () => false,
    (error) => {
      if (error instanceof Damaged) return true;
      throw error;
    },
  );
}

/**
 * Changes a document by a function of what is stored, and returns what is stored afterwards. If somebody else (another tab,
 * a replication) wrote meanwhile, the function is applied again to the newer document. A function that returns the document
 * it was given changes nothing. `known` is what was last stored, where the caller remembers it: that spares the first reading.
 */
export async function change<D extends object>(
  database: Database,
  read: () => Promise<Unstored<D>>,
  apply: (document: Unstored<D>) => Unstored<D>,
  known?: Unstored<D>,
): Promise<Unstored<D>> {
  for (let before = known ?? (await read()); ; before = await read()) {
    const after = apply(before);
    if (after === before) return before;
    try {
      const { rev } = await database.put(after as PouchDB.Core.PutDocument<object>);
      return { ...after, _rev: rev };
    } catch (error) {
      if (!hasStatus(error, 409)) throw error;
    }
  }
}

/** All documents whose ids begin with a prefix, in the order of their ids; conflicting revisions are named in `_conflicts`. */
export async function withPrefix<D>(database: Database, prefix: string): Promise<(D & Stored)[]> {
  return documentsOf(await read(database, { startkey: prefix, endkey: `${prefix}\ufff0` }));
}

/** The documents of some ids, without those that don't exist; conflicting revisions are named in `_conflicts`. Throws `Damaged`. */
export async function withIds<D>(database: Database, ids: string[]): Promise<(D & Stored)[]> {
  const rows = await read(database, { keys: ids });
  if (rows.some((row) => "error" in row && String(row.error) === DAMAGED)) throw new Damaged();
  return documentsOf(rows);
}

/** The same without those that are damaged: for whoever looks after many, of which one must not hold up the others. */
export async function readableOf<D>(database: Database, ids: string[]): Promise<(D & Stored)[]> {
  return documentsOf(await read(database, { keys: ids }));
}

async function read(database: Database, which: { keys: string[] } | { startkey: string; endkey: string }) {
  return (await database.allDocs({ ...which, include_docs: true, conflicts: true })).rows;
}

function documentsOf<D>(rows: Awaited<ReturnType<typeof read>>): (D & Stored)[] {
  return rows.flatMap((row) => ("doc" in row && row.doc ? [row.doc as unknown as D & Stored] : []));
}
