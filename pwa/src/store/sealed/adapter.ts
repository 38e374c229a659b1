/**
 * A PouchDB adapter that keeps everything sealed in a database of another adapter, and shows it as it was.
 *
 *     pages, replication     plain documents, plain ids
 *     ── sealed ───────────────────────────────────────────────────────────────
 *     idb                    { _id: opaque, _rev, sealed: "…" }, and local documents in the same way
 *
 * Revisions, their ancestry and the order of writing stay readable below: replication needs them. A document written here gets
 * a random revision, because one made from its content would let anybody try out contents.
 *
 * A database that is opened while the phone is locked waits: PouchDB holds its requests back until the adapter is ready. Once
 * it is locked again every request fails, and none is answered with less than there is: a replication that met such an answer
 * would believe that it was done.
 */

import type { Keys } from "../../safety/keys.ts";
import { Below, type Connection } from "./below.ts";
import { follow, Writes } from "./feed.ts";
import type { Callback, Change, ChangesOptions, Document, Inner, Range, Row } from "./inner.ts";
import { allOf, commonBeginning, within } from "./ranges.ts";
import { type Body, DAMAGED, Damaged, Sealing } from "./sealing.ts";

/** What a database must know to be opened; `keys` throws once the phone is locked. */
export interface Access {
  space: string;
  keys: () => Keys;
}

export interface SealedOptions {
  /** what the database is called above */
  database: string;
  access: Promise<Access>;
  /** the adapter that keeps what is sealed */
  below: string;
  /** calls the listener whenever the connection to a database below, by its name there, has ended without our asking */
  whenLost?: (name: string, listener: () => void) => void;
  /** rejects where a database that was open here is not to be opened again */
  confirm?: () => Promise<void>;
  auto_compaction?: boolean;
}

type Pouch = Inner & { constructor: new (name: string, options: object) => Inner };

const LOCAL = "_local/";

/** The field that holds what could not be read of a local document. */
export const UNREADABLE = "unreadable";

const running = new Set<Promise<unknown>>();

/** Passes an answer to PouchDB. What its callback throws is not an answer's failure. */
function answer<T>(callback: Callback<T>, promise: Promise<T>): void {
  running.add(promise);
  promise
    .finally(() => running.delete(promise))
    .then(
      (value) => callback(null, value),
      (error) => callback(error),
    );
}

/** Resolves when no request is on its way: what follows from one begins within a turn of the event loop. */
export async function settled(): Promise<void> {
  while (running.size > 0) {
    await Promise.allSettled(running);
    await new Promise((resolve) => setTimeout(resolve));
  }
}

function ask<T>(request: (callback: Callback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    request((error, value) => (error ? reject(error) : resolve(value as T)));
  });
}

/** What PouchDB itself says of a document (`_rev`, `_deleted`, …), and what is in it. */
function split(document: Document): { own: Body; body: Body } {
  if (document._attachments) throw new Error("attachments are not kept on this phone");
  const entries = Object.entries(document).filter(([name]) => name !== "_id");
  return {
    own: Object.fromEntries(entries.filter(([name]) => name.startsWith("_"))),
    body: Object.fromEntries(entries.filter(([name]) => !name.startsWith("_"))),
  };
}

class Sealed {
  readonly #sealing: Sealing;
  readonly #writes: Writes;
  readonly below: Below;

  /** `name` is what the database below is called. */
  constructor(sealing: Sealing, below: Below, name: string) {
    this.#sealing = sealing;
    this.#writes = new Writes(name);
    this.below = below;
  }

  #ask<T>(request: (inner: Inner, callback: Callback<T>) => void): Promise<T> {
    return this.below.ask((inner) => ask((done) => request(inner, done)));
  }

  id(): Promise<string> {
    return this.below.ask((inner) => inner.id());
  }

  info(): Promise<unknown> {
    return this.#ask((inner, done) => inner._info(done));
  }

  async revisionTree(id: string): Promise<unknown> {
    const opaque = await this.opaque(id);
    return this.#ask((inner, done) => inner._getRevisionTree(opaque, done));
  }

  async compact(id: string, revs: readonly string[]): Promise<unknown> {
    const opaque = await this.opaque(id);
    return this.#ask((inner, done) => inner._doCompaction(opaque, revs, done));
  }

  async opaque(id: string): Promise<string> {
    if (!id.startsWith(LOCAL)) return this.#sealing.opaque(id);
    return LOCAL + (await this.#sealing.opaque(id.slice(LOCAL.length)));
  }

  async seal(document: Document): Promise<Document> {
    const id = document._id ?? crypto.randomUUID();
    const opaque = await this.opaque(id);
    const { own, body } = split(document);
    return { ...own, _id: opaque, sealed: await this.#sealing.seal(opaque, { id, body }) };
  }

  async unseal(document: Document): Promise<Document> {
    const { _id = "", sealed, ...own } = document;
    const { id, body } = await this.#sealing.unseal(_id, sealed);
    return { ...own, ...body, _id: id };
  }

  async bulkDocs(documents: readonly Document[], options: object): Promise<Row[]> {
    const docs = await Promise.all(documents.map((document) => this.seal(document)));
    const rows = await this.#ask<Row[]>((inner, done) => inner._bulkDocs({ docs }, options, done));
    this.#writes.note();
    return rows.map((row, index) => Object.assign(row, { id: documents[index]?._id ?? row.id }));
  }

  async get(id: string, options: object) {
    const opaque = await this.opaque(id);
    const { doc, metadata } = await this.#ask<{ doc: Document; metadata: object }>((inner, done) =>
      inner._get(opaque, options, done),
    );
    const whole = await this.#unsealOrSkip(doc);
    if (!whole) throw new Damaged(doc._rev);
    return { doc: whole, metadata: { ...metadata, id } };
  }

  /**
   * One that is damaged is shown as empty but for what can't be read: whoever keeps it there begins anew over its revision. As an
   * error it would end for good what can't do without it: a replication, or all counting.
   */
  async getLocal(id: string): Promise<Document> {
    const opaque = await this.opaque(id);
    const found = await this.#ask<Document>((inner, done) => inner._getLocal(opaque, done));
    const whole = await this.#unsealOrSkip(found);
    return whole ?? { _id: id, ...(found._rev && { _rev: found._rev }), [UNREADABLE]: found.sealed };
  }

  /** Puts or removes a local document: both are told of it, and answer, in the same way. */
  async changeLocal(how: "_putLocal" | "_removeLocal", document: Document): Promise<Row> {
    const sealed = await this.seal(document);
    const row = await this.#ask<Row>((inner, done) => inner[how](sealed, {}, done));
    return { ...row, id: document._id };
  }

  async allDocs(options: Range): Promise<{ rows: Row[] }> {
    const keys = options.keys ?? (options.key === undefined ? undefined : [options.key]);
    return keys ? this.#some(keys, options) : this.#range(options);
  }

  /** One that was asked for by its id and can't be read has an error for a row, beside those that can. */
  async #some(keys: readonly string[], options: Range): Promise<{ rows: Row[] }> {
    const opaque = await Promise.all(keys.map((key) => this.opaque(key)));
    const { key, startkey, endkey, ...rest } = options;
    const answered = await this.below.ask((inner) => inner.allDocs({ ...rest, keys: opaque }));
    const rows = answered.rows.map(async (row, index): Promise<Row> => {
      const key = keys[index] ?? "";
      if (row.error) return { ...row, key };
      const doc = row.doc && (await this.#unsealOrSkip(row.doc));
      return row.doc && !doc ? { key, error: DAMAGED } : { ...row, id: key, key, ...(doc && { doc }) };
    });
    return { ...answered, rows: await Promise.all(rows) };
  }

  /** A record that can't be read hides no other one from a list. */
  async #range(options: Range): Promise<{ rows: Row[] }> {
    const beginning = await this.opaque(commonBeginning(options));
    const { include_docs, conflicts, limit } = options;
    const wanted = { ...(limit === 0 ? { limit } : allOf(beginning)), include_docs: true, conflicts };
    const answered = await this.below.ask((inner) => inner.allDocs(wanted));
    const read = await Promise.all(
      answered.rows.map(async (row) => {
        const doc = row.doc && (await this.#unsealOrSkip(row.doc));
        if (!doc) return [];
        const id = doc._id ?? "";
        return [{ ...row, id, key: id, ...(include_docs ? { doc } : { doc: undefined }) }];
      }),
    );
    return { ...answered, rows: within(read.flat(), options) };
  }

  async #unsealOrSkip(document: Document): Promise<Document | undefined> {
    try {
      return await this.unseal(document);
    } catch (error) {
      if (error instanceof Damaged) return undefined;
      throw error;
    }
  }

  /**
   * Changes in the order of the feed. A damaged record is passed over, or it would hold up all others for ever; any other
   * failure, such as being locked, ends the feed before the change it could not show.
   */
  changes(options: ChangesOptions): { cancel: () => void } {
    const results: Change[] = [];
    let queue = Promise.resolve();
    let failure: unknown;
    const show = ({ doc: _, ...change }: Change, doc: Document | undefined) => {
      if (failure || !doc) return;
      const shown = { ...change, id: doc._id ?? "", ...(options.include_docs ? { doc } : {}) };
      if (options.return_docs) results.push(shown);
      options.onChange(shown);
    };
    const fail = (error: unknown) => {
      failure ??= error;
      feed.cancel();
      options.complete(failure);
    };
    const below: ChangesOptions = {
      ...options,
      include_docs: true,
      return_docs: false,
      onChange: (change) => {
        const unsealed = this.#unsealOrSkip(change.doc ?? {});
        queue = Promise.all([unsealed, queue])
          .then(([doc]) => show(change, doc))
          .catch(fail);
      },
      complete: (error, result) => {
        queue = queue.then(() => options.complete(error ?? failure, result && { ...result, results }));
      },
    };
    const feed = options.continuous ? follow(this.below, this.#writes, below) : this.below.changes(below);
    return feed;
  }
}

/** Puts what PouchDB asks of an adapter on top of it. */
function attach(pouch: Inner, sealed: Sealed): void {
  const { below } = sealed;
  pouch._id = (callback) => answer(callback, sealed.id());
  pouch._info = (callback) => answer(callback, sealed.info());
  pouch._bulkDocs = ({ docs }, options, callback) => answer(callback, sealed.bulkDocs(docs, options));
  pouch._get = (id, options, callback) => answer(callback, sealed.get(id, options));
  pouch._allDocs = (options, callback) => answer(callback, sealed.allDocs(options));
  pouch._changes = (options) => sealed.changes(options);
  pouch._getRevisionTree = (id, callback) => answer(callback, sealed.revisionTree(id));
  pouch._doCompaction = (id, revs, callback) => answer(callback, sealed.compact(id, revs));
  pouch._getLocal = (id, callback) => answer(callback, sealed.getLocal(id));
  pouch._putLocal = (document, options, callback = options as Callback<Row>) =>
    answer(callback, sealed.changeLocal("_putLocal", document));
  pouch._removeLocal = (document, options, callback = options as Callback<Row>) =>
    answer(callback, sealed.changeLocal("_removeLocal", document));
  pouch._close = (callback) =>
    answer(
      callback,
      below.ask((inner) => inner.close()),
    );
  pouch._destroy = (_options, callback) =>
    answer(
      callback,
      below.ask((inner) => inner.destroy()),
    );
}

async function open(pouch: Pouch, options: SealedOptions): Promise<void> {
  const { space, keys } = await options.access;
  const sealing = new Sealing(options.database, keys);
  const name = `${space}-${await sealing.name()}`;
  const connection: Connection = {
    make: () =>
      new pouch.constructor(name, {
        adapter: options.below,
        auto_compaction: options.auto_compaction,
        deterministic_revs: false,
      }),
    whenLost: (listener) => options.whenLost?.(name, listener),
    confirm: async () => options.confirm?.(),
  };
  attach(pouch, new Sealed(sealing, await Below.open(connection), name));
}

function SealedPouch(this: Pouch, options: SealedOptions, ready: Callback<Inner>): void {
  this._remote = false;
  this.type = () => "sealed";
  answer(
    ready,
    open(this, options).then(() => this),
  );
}

SealedPouch.valid = () => true;

/** The plugin that makes the adapter `sealed` known to PouchDB. */
export default function plugin(PouchDB: { adapter: (name: string, adapter: unknown) => void }): void {
  PouchDB.adapter("sealed", SealedPouch);
}
