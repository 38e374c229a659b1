/** How long to wait before asking an unreachable server again. */

const FIRST = 1000;
/** While something is not delivered yet: a server that comes back is noticed soon. */
export const CEILING_UNSENT = 10_000;
export const CEILING_IDLE = 60_000;

/**
 * Milliseconds before the next attempt: doubled after every failure up to the ceiling, then shortened at random by up to
 * half, so that the phones of a room don't all come at once. `random` is in [0, 1).
 */
export function backoff(failures: number, ceiling: number, random: number): number {
  const delay = Math.min(ceiling, FIRST * 2 ** Math.min(failures - 1, 16));
  return Math.round(delay * (1 - random / 2));
}

/** Resolves after a time, or as soon as the signal is aborted. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    }
    signal?.addEventListener("abort", done);
  });
}
