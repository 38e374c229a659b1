/**
 * A part of a database, kept up to date as a signal. Changes made here, by replication and by other tabs all arrive through
 * the database's changes feed.
 */

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Database } from "./databases.ts";
import { type Stored, withIds, withPrefix } from "./documents.ts";

export interface Range<D> {
  /** undefined until the first reading is done */
  documents: ReadonlySignal<ReadonlyMap<string, D & Stored> | undefined>;
  close: () => void;
}

type Complete<D> = (document: D & Stored) => Promise<D & Stored>;

interface Part<D> {
  includes: (id: string) => boolean;
  read: () => Promise<(D & Stored)[]>;
  /** adds to a document what its winning revision lacks */
  complete?: Complete<D> | undefined;
}

export type Change = PouchDB.Core.ChangesResponseChange<object>;
type Listener = (change: Change) => void;

const listeners = new WeakMap<Database, Set<Listener>>();

/** A database that could not be read is read again after this time. */
const AGAIN_MS = 2000;

function soon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
}

/** Tells of changes for as long as this page lives. A feed that fails goes on behind the last change it told of. */
function feed(database: Database, since: number | string, tell: Listener): void {
  // Where "now" was is not known any more: everything is told, rather than too little.
  let told = since === "now" ? 0 : since;
  database
    .changes<object>({ since, live: true, include_docs: true, conflicts: true })
    .on("change", (change) => {
      told = change.seq;
      tell(change);
    })
    .once("error", () => void soon().then(() => feed(database, told, tell)));
}

/** Calls the listener with every change of a database from now on; all listeners of a database share one feed. */
export function listen(database: Database, listener: Listener): () => void {
  let all = listeners.get(database);
  if (!all) {
    const everyone = new Set<Listener>();
    feed(database, "now", (change) => {
      for (const each of everyone) each(change);
    });
    listeners.set(database, everyone);
    all = everyone;
  }
  all.add(listener);
  return () => void all.delete(listener);
}

function generation(rev: string): number {
  return Number.parseInt(rev, 10);
}

interface Care<D> {
  /** has to have happened before anything is read */
  first?: () => Promise<void>;
  complete?: Complete<D>;
}

/** Follows all documents whose ids begin with a prefix, until closed. */
export function followPrefix<D>(database: Database, prefix: string, care: Care<D> = {}): Range<D> {
  return follow(database, {
    includes: (id) => id.startsWith(prefix),
    read: async () => {
      await care.first?.();
      return withPrefix<D>(database, prefix);
    },
    complete: care.complete,
  });
}

/**
 * Follows documents named by a growing set of ids; an id must be in the set before its document is written. With `readableOf`
 * those that are damaged hold up no others.
 */
export function followIds<D>(
  database: Database,
  ids: ReadonlySet<string>,
  read: typeof withIds<D> = withIds,
): Range<D> {
  return follow(database, { includes: (id) => ids.has(id), read: () => read(database, [...ids]) });
}

function follow<D>(database: Database, part: Part<D>): Range<D> {
  const documents = signal<ReadonlyMap<string, D & Stored> | undefined>(undefined);
  const complete = part.complete ?? (async (document) => document);
  let news = new Map<string, (D & Stored) | undefined>();

  const read = async () => {
    const completed = await Promise.all((await part.read()).map(complete));
    documents.value = new Map(completed.map((document) => [document._id, document]));
  };
  const take = async () => {
    const batch = news;
    news = new Map();
    const next = new Map(documents.value);
    for (const [id, document] of batch) {
      if (!document) next.delete(id);
      else if (isNewer(document, next.get(id))) next.set(id, await complete(document));
    }
    documents.value = next;
  };

  let closed = false;
  const readAtLast = (): Promise<void> =>
    read().catch(async () => {
      await soon();
      if (!closed) await readAtLast();
    });

  // One reading after the other, and no news before the first one.
  let queue = readAtLast();
  const deafen = listen(database, ({ id, deleted, doc }) => {
    if (!part.includes(id)) return;
    const first = news.size === 0;
    news.set(id, deleted ? undefined : (doc as unknown as D & Stored));
    if (!first) return;
    queue = queue
      .then(gather)
      .then(take)
      // A revision may be compacted away while it is read; then everything is read again.
      .catch(readAtLast);
  });
  const close = () => {
    closed = true;
    deafen();
  };
  return { documents, close };
}

/** A replication brings changes by the thousand; a few milliseconds make one step of them. */
function gather(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 8));
}

/** The feed may report an older state than one already shown; a newer report is then on its way. */
export function isNewer(document: Stored, known: Stored | undefined): boolean {
  return !known || generation(known._rev) <= generation(document._rev);
}
