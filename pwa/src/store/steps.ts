/**
 * The last steps of a sheet, so that they can be taken back, even after the page was closed. They lie in the phone's own
 * database, one document `steps:<sheet id>` per sheet, and are never replicated.
 *
 * A step is noted after its tap is stored, and crossed out before it is taken back: whatever interrupts that, no step is
 * offered that was never taken, and none is taken back twice, not even from two tabs.
 */

import { LAST_STEPS, type Step } from "../domain/steps.ts";
import type { Database } from "./databases.ts";
import { change, find, type Stored } from "./documents.ts";

export interface Steps {
  steps: readonly Step[];
}

export const STEPS = "steps:";

async function update(
  phone: Database,
  sheet: string,
  apply: (steps: readonly Step[]) => readonly Step[],
  known?: Steps & Stored,
): Promise<Steps & Stored> {
  const _id = STEPS + sheet;
  const stored = await change<Steps>(
    phone,
    async () => (await find<Steps>(phone, _id)) ?? { _id, steps: [] },
    (document) => {
      const steps = apply(document.steps);
      return steps === document.steps ? document : { ...document, steps };
    },
    known,
  );
  return { _rev: "0", ...stored };
}

/** Adds steps to what is stored, or was when it was last `known`; the oldest are forgotten. Resolves with what is stored now. */
export function noteSteps(
  phone: Database,
  sheet: string,
  added: readonly Step[],
  known?: Steps & Stored,
): Promise<Steps & Stored> {
  return update(phone, sheet, (steps) => [...steps, ...added].slice(-LAST_STEPS), known);
}

/** Crosses a step out. `crossed` tells whether it was still there: only then may it be taken back. */
export async function crossOut(
  phone: Database,
  sheet: string,
  id: string,
): Promise<{ crossed: boolean; now: Steps & Stored }> {
  let crossed = false;
  const now = await update(phone, sheet, (steps) => {
    crossed = steps.some((step) => step.id === id);
    return crossed ? steps.filter((step) => step.id !== id) : steps;
  });
  return { crossed, now };
}
