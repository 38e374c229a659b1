/**
 * Several tabs of one phone: one of them syncs, and all of them hear what it finds. Where the browser has no locks every tab
 * syncs by itself, which costs traffic but never a tap.
 */

const LOCK = "otkrytka-sync";
const CHANNEL = "otkrytka";

/** Runs the work in one tab at a time, until the signal is aborted. Another tab takes over when this one is closed. */
export async function lead(work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
  if (!("locks" in navigator)) return work(signal);
  try {
    await navigator.locks.request(LOCK, { signal }, () => work(signal));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
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
