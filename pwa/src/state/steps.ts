/** The last steps on this phone's sheets, in every tab the same, and after a reload too. */

import { signal } from "@preact/signals";
import type { Step } from "../domain/steps.ts";
import { aheadOf } from "../store/ahead.ts";
import { localChapter } from "./chapter.ts";
import { useSame } from "./same.ts";

/** Being taken back: no longer offered. */
const hidden = signal<ReadonlySet<string>>(new Set());

export function hide({ id }: Step): void {
  hidden.value = new Set(hidden.peek()).add(id);
}

/** Offers a step again: it could not be taken back, or it is gone anyhow. */
export function unhide({ id }: Step): void {
  hidden.value = new Set([...hidden.peek()].filter((each) => each !== id));
}

/** The last steps of a sheet, the latest first. */
export function useSteps(sheet: string): readonly Step[] {
  const noted = aheadOf(localChapter()).steps(sheet).value;
  const steps = noted.filter(({ id }) => !hidden.value.has(id)).reverse();
  return useSame(steps, steps.map(({ id }) => id).join());
}
