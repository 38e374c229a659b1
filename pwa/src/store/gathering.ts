/** Doing once what many ask for in a row. */

export interface Gathering {
  /** does the work when nobody has asked for a while, or after the longest time anybody is to wait */
  ask: () => void;
  /** does it now, if it was asked for */
  now: () => void;
}

export function gather(work: () => void, whileMs: number, atMostMs: number): Gathering {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let since = 0;
  const now = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    work();
  };
  const ask = () => {
    if (timer === undefined) since = performance.now();
    clearTimeout(timer);
    timer = setTimeout(now, whileMs);
    if (performance.now() - since >= atMostMs) now();
  };
  return { ask, now };
}
