/** Parts of the app that come when they are needed. At the first visit the network may be gone before they have. */

import { computed, signal } from "@preact/signals";
import { sleep } from "../sync/backoff.ts";

const TRY_EVERY_MS = 5000;

const missing = signal(0);

/** Whether the page somebody wants to see is not on this phone, and can't be fetched now. */
export const pageMissing = computed(() => missing.value > 0);

/** Loads a part; one that can't be fetched is asked for again until it can. Rejects when the signal is aborted. */
export async function loadPart<P>(load: () => Promise<P>, signal?: AbortSignal): Promise<P> {
  for (;;) {
    try {
      return await load();
    } catch (error) {
      if (signal?.aborted) throw error;
      await sleep(TRY_EVERY_MS, signal);
    }
  }
}

/** Loads a page in the same way; meanwhile the person is told. */
export async function loadPage<P>(load: () => Promise<P>): Promise<P> {
  let waiting = false;
  try {
    return await loadPart(() =>
      load().catch((error: unknown) => {
        if (!waiting) missing.value += 1;
        waiting = true;
        throw error;
      }),
    );
  } finally {
    if (waiting) missing.value -= 1;
  }
}
