/**
 * Sheets of this phone: taps wait in one queue per sheet and are written together, and each is acknowledged only after the
 * write is durable.
 *
 *     tap ─┐
 *     tap ─┼─► waiting ──► one write ahead (see `ahead.ts`) ──► every tap of it acknowledged
 *     tap ─┘      ▲
 *                 └── taps that come meanwhile
 */

import { taps } from "../domain/counting.ts";
import { LAST_STEPS, type Step } from "../domain/steps.ts";
import { applyTap, counted, SheetFull, type Tap } from "../domain/taps.ts";
import type { SheetDocument } from "../generated/documents.ts";
import { type Account, type Ahead, withConflicts } from "./ahead.ts";
import type { Database } from "./databases.ts";
import { withIds } from "./documents.ts";
import { ConnectionLost } from "./sealed/below.ts";

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

/** What a tap is besides: a step that can be taken back later, by this id, or one that takes such a step back. */
export type Act = { step: Pick<Step, "id" | "at"> } | { takesBack: string };

interface Waiting {
  tap: Tap;
  act: Act | undefined;
  saved: (saved: Saved) => void;
  failed: (error: unknown) => void;
}

type Outcome = Pick<Saved, "by"> | { full: SheetFull };

/**
 * Applies a tap. A step that was taken back already, in another tab, is not taken back again; and one that is noted already, by a
 * write of which no answer came, is not counted again.
 */
function applyOne({ sheet, steps }: Account, { tap, act }: Waiting): Account & Pick<Saved, "by"> {
  const noted = act && "step" in act ? steps.find(({ id }) => id === act.step.id) : undefined;
  if (noted) return { sheet, steps, by: noted.by };
  const takesBack = act && "takesBack" in act ? act.takesBack : undefined;
  if (takesBack !== undefined && !steps.some(({ id }) => id === takesBack)) return { sheet, steps, by: 0 };
  const after = applyTap(sheet, tap);
  const by = counted(after, tap) - counted(sheet, tap);
  if (takesBack !== undefined) return { sheet: after, steps: steps.filter(({ id }) => id !== takesBack), by };
  if (by === 0 || !act || !("step" in act)) return { sheet: after, steps, by };
  const step = { ...act.step, counter: tap.counter, by };
  return { sheet: after, steps: [...steps, step].slice(-LAST_STEPS), by };
}

/** Applies taps one after the other; one that the sheet can't take is left out and doesn't spoil its neighbours. */
function applyAll(account: Account, waiting: readonly Waiting[], outcomes: Outcome[]): Account {
  return waiting.reduce((before, one, index) => {
    try {
      const { by, ...after } = applyOne(before, one);
      outcomes[index] = { by };
      return after;
    } catch (error) {
      if (!(error instanceof SheetFull)) throw error;
      outcomes[index] = { full: error };
      return before;
    }
  }, account);
}

export class SheetWriter {
  readonly #ahead: Ahead;
  readonly #empty: SheetDocument;
  #waiting: Waiting[] = [];
  #busy = false;

  /** Writes the sheet that `empty` names; `empty` itself is what the first tap is applied to. */
  constructor(ahead: Ahead, empty: SheetDocument) {
    this.#ahead = ahead;
    this.#empty = empty;
  }

  get idle(): boolean {
    return !this.#busy;
  }

  /** Resolves once the tap is durably in the stored sheet. Rejects if it could not be stored: then it does not count. */
  tap(tap: Tap, act?: Act): Promise<Saved> {
    return new Promise((saved, failed) => {
      this.#waiting.push({ tap, act, saved, failed });
      if (!this.#busy) void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0);
      try {
        const outcomes: Outcome[] = [];
        const { sheet } = await this.#change((before) => applyAll(before, batch, outcomes));
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
  /** Of a lost connection a tap is to know nothing. The write that was lost may have been stored: its steps say so. */
  async #change(apply: (account: Account) => Account): Promise<Account> {
    try {
      return await this.#ahead.change(this.#empty, apply);
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      return this.#ahead.change(this.#empty, apply);
    }
  }
}
