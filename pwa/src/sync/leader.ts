/**
 * Several tabs of one phone: one of them syncs, and all of them hear what it finds. Where the browser has no locks every tab
 * syncs by itself, which costs traffic but never a tap.
 */

const LOCK = "otkrytka-sync";
const CHANNEL = "otkrytka";

type Work = (signal: AbortSignal) => Promise<void>;

/**
 * Runs the work in one tab at a time, until the signal is aborted. Another tab takes over when this one is closed, or when it
 * is hidden and may soon be slowed down by the browser.
 */
export async function lead(work: Work, signal: AbortSignal): Promise<void> {
  if (!("locks" in navigator)) return work(signal);
  while (!signal.aborted) {
    try {
      await navigator.locks.request(LOCK, { signal }, () => oneTurn(work, signal));
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

async function oneTurn(work: Work, signal: AbortSignal): Promise<void> {
  const turn = new AbortController();
  const end = () => turn.abort();
  const give = () => void handOver(end);
  signal.addEventListener("abort", end);
  document.addEventListener("visibilitychange", give);
  try {
    await work(turn.signal);
  } finally {
    signal.removeEventListener("abort", end);
    document.removeEventListener("visibilitychange", give);
  }
}

/** Ends a turn if this tab is out of sight and another one waits. */
async function handOver(end: () => void): Promise<void> {
  if (document.visibilityState !== "hidden") return;
  const { pending } = await navigator.locks.query();
  if (pending?.some(({ name }) => name === LOCK)) end();
}

/** Messages between the tabs. A tab does not hear itself. */
export class Tabs<Message> {
  readonly #channel = new BroadcastChannel(CHANNEL);

  tell(message: Message): void {
    this.#channel.postMessage(message);
  }

  listen(listener: (message: Message) => void): void {
    this.#channel.addEventListener("message", ({ data }) => listener(data as Message));
  }
}
