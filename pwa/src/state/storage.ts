/** Whether there is room for what is still to be counted: said before a write fails, not after. */

import { signal } from "@preact/signals";

/** An evening takes less than one megabyte, a first register about ten. */
const LEAST_BYTES = 20e6;
const LOOK_EVERY_MS = 5 * 60_000;

/** How many bytes are left, once that is little. */
export const spaceLeft = signal<number>();

async function look(): Promise<void> {
  const { usage = 0, quota } = (await navigator.storage?.estimate?.()) ?? {};
  const left = quota === undefined ? Number.POSITIVE_INFINITY : quota - usage;
  spaceLeft.value = left < LEAST_BYTES ? Math.max(0, left) : undefined;
}

export function watchStorage(): void {
  void look();
  setInterval(look, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", () => void look());
}
