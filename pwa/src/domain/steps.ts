/** What was done last on a sheet, to be shown and to be taken back. */

import type { Tap } from "./taps.ts";

/** How many steps can be taken back. */
export const LAST_STEPS = 10;

/** A tap that was stored; `by` is how much it really changed. */
export interface Step extends Tap {
  id: string;
  /** milliseconds since 1970, by the phone's clock: only to be shown */
  at: number;
}
