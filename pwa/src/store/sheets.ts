/**
 * Sheets of this phone: taps wait in one queue per sheet and are written together, and each is acknowledged only after the
 * write is durable.
 *
 *     tap ─┐
 *     tap ─┼─► waiting ──► one write of the sheet ──► every tap of it acknowledged
 *     tap ─┘      ▲              │ 409: read again, apply the same taps again
 *                 └── taps that come meanwhile
 *
 * A tap changes the sheet as this writer stored it last, without reading it again: one write is all it waits for. Where somebody
 * else wrote meanwhile (another tab, a settled conflict), that write is refused, or the changes feed has told of it.
 */

import { mergeSheets, taps } from "../domain/counting.ts";
import { applyTap, counted, SheetFull, type Tap } from "../domain/taps.ts";
import type { SheetDocument } from "../generated/documents.ts";
import type { Database } from "./databases.ts";
import { change, type Stored, type Unstored, withIds } from "./documents.ts";
import { isNewer, listen } from "./ranges.ts";

type StoredSheet = SheetDocument & Stored & { _conflicts?: string[] };

/**
 * A sheet with everything its conflicting revisions count. Conflicts exist where the server merged two copies of a sheet (a
 * cloned phone) while this one went on counting; the winning revision alone could miss taps.
 */
export async function withConflicts<S extends StoredSheet>(database: Database, sheet: S): Promise<S> {
  const { _conflicts, ...winner } = sheet;
  const copies = await Promise.all(
    (_conflicts ?? []).map((rev) => database.get<SheetDocument>(sheet._id, { rev })),
  );
  return copies.reduce<S>((merged, copy) => mergeSheets(merged, copy), winner as S);
}

/** A sheet as stored, with everything it counts, or undefined. */
export async function readSheet(database: Database, id: string): Promise<StoredSheet | undefined> {
  const [sheet] = await withIds<SheetDocument>(database, [id]);
  return sheet && withConflicts(database, sheet);
}

/** Writes what conflicting revisions count on top of the winning one, so that one revision holds every tap. */
export async function settleConflicts(database: Database, id: string): Promise<void> {
  const [winner] = await withIds<SheetDocument>(database, [id]);
  if (!winner) return;
  const whole = await withConflicts(database, winner);
  // If somebody writes meanwhile, the next delivery settles it.
  if (taps(whole) > taps(winner)) await database.put(whole);
}

/** What a tap has come to. `by` is how much it changed: less than was asked where less was there to take away. */
export interface Saved {
  sheet: SheetDocument;
  by: number;
}

interface Waiting {
  tap: Tap;
  saved: (saved: Saved) => void;
  failed: (error: unknown) => void;
}

type Outcome = Pick<Saved, "by"> | { full: SheetFull };

/** Applies taps one after the other; one that the sheet can't take is left out and doesn't spoil its neighbours. */
function applyAll(sheet: SheetDocument, taps: readonly Tap[], outcomes: Outcome[]): SheetDocument {
  return taps.reduce((before, tap, index) => {
    try {
      const after = applyTap(before, tap);
      outcomes[index] = { by: counted(after, tap) - counted(before, tap) };
      return after;
    } catch (error) {
      if (!(error instanceof SheetFull)) throw error;
      outcomes[index] = { full: error };
      return before;
    }
  }, sheet);
}

export class SheetWriter {
  readonly #database: Database;
  readonly #empty: SheetDocument;
  /** as this writer stored it last */
  #stored: Unstored<SheetDocument> | undefined;
  /** the winning revision, as the changes feed told of it last */
  #told: StoredSheet | undefined;
  #waiting: Waiting[] = [];
  #busy = false;

  /** Writes the sheet that `empty` names; `empty` itself is what the first tap is applied to. */
  constructor(database: Database, empty: SheetDocument) {
    this.#database = database;
    this.#empty = empty;
    listen(database, ({ id, doc }) => {
      if (id === empty._id) this.#told = doc as unknown as StoredSheet;
    });
  }

  get idle(): boolean {
    return !this.#busy;
  }

  /** Resolves once the tap is durably in the stored sheet. Rejects if it could not be stored: then it does not count. */
  tap(tap: Tap): Promise<Saved> {
    return new Promise((saved, failed) => {
      this.#waiting.push({ tap, saved, failed });
      if (!this.#busy) void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0);
      try {
        const outcomes: Outcome[] = [];
        const sheet = await this.#store(
          batch.map(({ tap }) => tap),
          outcomes,
        );
        batch.forEach(({ saved, failed }, index) => {
          const outcome = outcomes[index] as Outcome;
          if ("full" in outcome) failed(outcome.full);
          else saved({ sheet, ...outcome });
        });
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    this.#busy = false;
  }

  /** The sheet as it was stored last, unless somebody else is known to have written since: then it has to be read. */
  #remembered(): Unstored<SheetDocument> | undefined {
    const { _rev } = this.#stored ?? {};
    if (!_rev || !this.#told) return this.#stored;
    const isOurs = this.#told._rev === _rev || !isNewer(this.#told, { _id: this.#empty._id, _rev });
    return isOurs && !this.#told._conflicts ? this.#stored : undefined;
  }

  async #store(taps: readonly Tap[], outcomes: Outcome[]): Promise<SheetDocument> {
    this.#stored = await change<SheetDocument>(
      this.#database,
      async () => (await readSheet(this.#database, this.#empty._id)) ?? this.#empty,
      (sheet) => applyAll(sheet, taps, outcomes),
      this.#remembered(),
    );
    return this.#stored;
  }
}
