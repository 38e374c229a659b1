/**
 * Five things IndexedDB must do differently for us than PouchDB's adapter asks for. All are put in place once, before the first
 * database is opened.
 */

/** PouchDB's own beginning of every name. */
export const POUCH = "_pouch_";

/** A tap counts when it is on the disk, not when it is in a buffer that a dying battery forgets. */
function commitDurably(): void {
  const transaction = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    return transaction.call(
      this,
      stores,
      mode,
      mode === "readwrite" ? { durability: "strict", ...options } : options,
    );
  };
}

/**
 * The adapter tries out on opening whether Blobs can be stored. In WebKit's private tabs that trial aborts the whole
 * transaction and the database never opens. We store no Blobs, so the trial may fail early and harmlessly.
 */
function refuseBlobs(): void {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, ...key) {
    if (value instanceof Blob) throw new DOMException("Blobs are not stored here", "DataCloneError");
    return put.call(this, value, ...key);
  };
}

/**
 * The adapter closes its database for good when a transaction is aborted, as one is on a full disk. Then no tap could be stored
 * any more, though there were room again, and a reload would lose those on the screen. A failed write is told to whoever asked
 * for it, and the next one may succeed.
 */
function outliveAborts(): void {
  Object.defineProperty(IDBDatabase.prototype, "onabort", { set() {}, configurable: true });
}

/**
 * While it writes a local document the adapter listens for errors only. A transaction that fails at its very end, as one may on a
 * full disk, tells of it by being aborted and by nothing else: whoever wrote would wait for ever.
 */
function tellOfAborts(): void {
  const transaction = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const begun = transaction.call(this, stores, mode, options);
    begun.addEventListener("abort", (event) => {
      if (!begun.onabort) begun.onerror?.(event);
    });
    return begun;
  };
}

const losses = new EventTarget();
const watched = new WeakSet<IDBDatabase>();

/**
 * The adapter does not hear that its connection has ended. WebKit ends those of a page that was out of sight for long, and any
 * browser may when its storage process dies; every request fails from then on. One that is closed by our own wish, as when
 * everything is wiped, does not tell of it.
 */
function hearOfLosses(): void {
  const transaction = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...asked) {
    if (!watched.has(this)) {
      watched.add(this);
      this.addEventListener("close", () => losses.dispatchEvent(new Event(this.name)));
    }
    return transaction.apply(this, asked);
  };
}

/** Calls the listener whenever the browser has ended the connection to a database, named as PouchDB knows it. */
export function whenLost(name: string, listener: () => void): void {
  losses.addEventListener(POUCH + name, listener);
}

export function prepareIndexedDb(): void {
  hearOfLosses();
  commitDurably();
  refuseBlobs();
  outliveAborts();
  tellOfAborts();
}
