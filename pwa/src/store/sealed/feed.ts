/**
 * A feed of changes that goes on. It is read a moment after a write and once after many: IndexedDB lets nobody write while somebody
 * reads the same stores, so a reader that came at once would keep the next tap waiting.
 *
 *     write here ──────────► Writes ──(a moment)──► each feed reads on from where it stands
 *     write in another tab ──►┘
 */

import { gather } from "../gathering.ts";
import type { Below } from "./below.ts";
import type { ChangesOptions } from "./inner.ts";

const READ_AFTER_MS = 50;
const READ_AT_MOST_MS = 250;

/** What PouchDB puts before the name of a database, also where it tells other tabs of a write: by an entry of `localStorage`. */
const PREFIX = "_pouch_";

/** Tells of writes to one database, in this tab and in others. */
export class Writes {
  readonly #readers = new Set<() => void>();
  readonly #soon = gather(() => this.#tell(), READ_AFTER_MS, READ_AT_MOST_MS);

  constructor(database: string) {
    // There are no other tabs where there is no storage to tell of them.
    globalThis.addEventListener?.("storage", ({ key }) => {
      if (key === PREFIX + database) this.#soon.ask();
    });
  }

  /** Something was written in this tab. */
  note(): void {
    this.#soon.ask();
  }

  listen(reader: () => void): () => void {
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }

  #tell(): void {
    for (const read of this.#readers) read();
  }
}

/** Reads the changes that are there, and then those that come, until cancelled or an error. */
export function follow(below: Below, writes: Writes, options: ChangesOptions): { cancel: () => void } {
  const { limit: _, ...wanted } = options;
  let since = options.since ?? 0;
  let reading = false;
  let again = false;
  let over = false;
  const read = () => {
    if (over) return;
    again = reading;
    if (reading) return;
    reading = true;
    below.changes({
      ...wanted,
      since,
      continuous: false,
      onChange: (change) => {
        // What a reading tells after it has ended, the next one tells again.
        if (over || change.seq <= since) return;
        since = change.seq;
        options.onChange(change);
      },
      complete: (error) => {
        reading = false;
        if (error && !over) {
          cancel();
          options.complete(error);
        } else if (again) read();
      },
    });
  };
  const deafen = writes.listen(read);
  const cancel = () => {
    over = true;
    deafen();
  };
  read();
  return { cancel };
}
