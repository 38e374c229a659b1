/**
 * Keeps this phone and the server together, for as long as it runs.
 *
 *     connecting ──► connected ──(line lost)──► waiting ──(timer, wake)──► connecting
 *          └──(401, 403)──► refused ──(asked by the person)──► connecting
 *
 * It never touches recording: whatever happens here, taps go on being stored.
 */

import { type ReadonlySignal, signal } from "@preact/signals";
import { backoff, CEILING_IDLE, CEILING_UNSENT, sleep } from "./backoff.ts";
import { type Deliverer, earlier, NOTHING_LEFT, type Outcome, type Replica } from "./delivering.ts";
import { LONGEST_PAUSE, type Refusal, type Waiting } from "./door.ts";
import { pull, pullLive } from "./replication.ts";
import { fill } from "./snapshot.ts";

export type SyncState =
  | { phase: "off" | "connecting" | "connected" }
  | { phase: "waiting"; until: number }
  | ({ phase: "refused" } & Refusal);

export interface World {
  register: Replica;
  /** the chapter in view: followed live */
  chapter: Replica;
  /** one for every chapter this phone has written in, the one in view first */
  deliverers: readonly Deliverer[];
  door: { refusal: Refusal | undefined; busyUntil: number; settle(): Promise<void>; forgive(): void };
  /** hands in what this phone carries for others */
  carry: () => Promise<void>;
  /** tells the server what is left to deliver; whether it heard */
  tell: (waiting: Waiting) => Promise<boolean>;
  /** asks, once this device is refused, whether to forget everything, and does it if so */
  obey: () => Promise<void>;
  random: () => number;
}

/** Taps come in bursts; one delivery takes them together, and leaves a slow phone to the counting hand meanwhile. */
const GATHER_MS = 400;
const GATHER_AT_MOST_MS = 5000;
const REGISTER_EVERY_MS = 5 * 60_000;
const EVERYTHING_EVERY_MS = 10 * 60_000;
const QUIET_MS = 60_000;

/** A bell that can be rung before or while somebody waits for it. */
class Bell {
  #rung = new AbortController();

  ring(): void {
    this.#rung.abort();
  }

  /** Resolves when rung, after a time, or when the signal is aborted, with whether the time was cut short; it can be rung anew. */
  async wait(milliseconds: number, signal: AbortSignal): Promise<boolean> {
    const stop = () => this.ring();
    signal.addEventListener("abort", stop);
    if (!signal.aborted) await sleep(milliseconds, this.#rung.signal);
    signal.removeEventListener("abort", stop);
    const early = signal.aborted || this.#rung.signal.aborted;
    this.#rung = new AbortController();
    return early;
  }
}

export class Synchroniser {
  readonly #world: World;
  readonly #state = signal<SyncState>({ phase: "off" });
  readonly #wake = new Bell();
  readonly #written = new Bell();
  #told: Waiting = { records: 0, since: null };
  /** somebody asked for everything to be offered again, and no delivery has begun since */
  #asked = false;

  constructor(world: World) {
    this.#world = world;
  }

  get state(): ReadonlySignal<SyncState> {
    return this.#state;
  }

  /** Something was written here: deliver it soon. */
  nudge(): void {
    this.#written.ring();
  }

  /** The network may be back, or somebody is looking: don't wait for the timer. A refused device is not asked again by this. */
  wake(): void {
    this.#written.ring();
    if (this.#state.value.phase === "waiting") this.#wake.ring();
  }

  /** Asks the server again after it refused this device or some of its documents: now, whatever is going on. */
  retry(): void {
    this.#world.door.forgive();
    this.#asked = true;
    this.#written.ring();
    const { phase } = this.#state.value;
    if (phase === "waiting" || phase === "refused") this.#wake.ring();
  }

  /** Runs until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      this.#state.value = { phase: "connecting" };
      const lost = await this.#connection(signal, () => {
        failures = 0;
        this.#state.value = { phase: "connected" };
      });
      if (signal.aborted) break;
      const refusal = this.#world.door.refusal;
      if (refusal) {
        this.#state.value = { phase: "refused", ...refusal };
        if (refusal.status === 401) await this.#world.obey();
        await this.#wake.wait(2 ** 31 - 1, signal);
      } else {
        failures += 1;
        const ceiling = lost.unsent ? CEILING_UNSENT : CEILING_IDLE;
        const delay = backoff(failures, ceiling, this.#world.random());
        await this.#pause(delay, signal);
      }
    }
    this.#state.value = { phase: "off" };
  }

  /** A server that asked for patience gets it; otherwise the wait may be cut short. */
  async #pause(delay: number, signal: AbortSignal): Promise<void> {
    const now = Date.now();
    // The clock may have been put back since: nobody is to wait for it to come round again.
    const asked = Math.min(this.#world.door.busyUntil - now, LONGEST_PAUSE);
    this.#state.value = { phase: "waiting", until: now + Math.max(delay, asked) };
    if (asked > 0) await sleep(asked, signal);
    else await this.#wake.wait(delay, signal);
  }

  /** One connection, from the first request until the line is lost; resolves with what is left to send. */
  async #connection(outer: AbortSignal, connected: () => void): Promise<{ unsent: boolean }> {
    const ended = new AbortController();
    const end = () => ended.abort();
    outer.addEventListener("abort", end);
    try {
      await this.#world.door.settle();
      // What was counted here goes first, but does not wait for what others counted.
      const filled = this.#fill(this.#world.chapter);
      await Promise.race([
        filled.then(() => this.#follow(ended.signal)),
        this.#keepDelivering(ended.signal, filled, connected),
      ]);
    } catch {
      // Whatever went wrong, the answer is the same: wait, and try again. A refusal is with the door.
    } finally {
      end();
      outer.removeEventListener("abort", end);
    }
    return { unsent: await this.#anythingUnsent() };
  }

  #fill({ local, remote, snapshot }: Replica): Promise<boolean> {
    return fill(local, remote, snapshot);
  }

  /** A document of this phone's that was changed elsewhere (the copies of a cloned phone, merged) asks for a new receipt. */
  #follow(signal: AbortSignal): Promise<void> {
    const { chapter, deliverers } = this.#world;
    return pullLive(chapter.local, chapter.remote, signal, (ids) => {
      const tracked = deliverers[0]?.tracks(ids) ?? Promise.resolve(false);
      // What can't be looked up now is asked for by the next delivery.
      void tracked.then((ours) => ours && this.nudge()).catch(() => {});
    });
  }

  /** How long ago something was is told by a clock that nobody can set. */
  async #keepDelivering(
    signal: AbortSignal,
    chapterFilled: Promise<boolean>,
    connected: () => void,
  ): Promise<void> {
    const { register } = this.#world;
    let left = await this.#deliver(true);
    await chapterFilled;
    if (signal.aborted) return;
    if (!(await this.#fill(register))) await pull(register.local, register.remote);
    connected();
    await this.#carry();
    let refreshed = performance.now();
    let askedAll = refreshed;
    let pause = 1000;
    while (!signal.aborted) {
      // What the server has not taken or counted yet it soon will; ask ever less often.
      pause = left.unsent + left.uncounted > 0 ? Math.min(pause * 2, QUIET_MS) : QUIET_MS;
      const rung = await this.#written.wait(pause, signal);
      if (signal.aborted) return;
      if (rung) {
        pause = 1000;
        await this.#gather(signal);
      }
      const asked = this.#asked;
      if (asked) this.#state.value = { phase: "connecting" };
      const all = asked || performance.now() - askedAll > EVERYTHING_EVERY_MS;
      left = await this.#deliver(all);
      if (all) askedAll = performance.now();
      if (asked) connected();
      await this.#carry();
      if (performance.now() - refreshed > REGISTER_EVERY_MS) {
        await pull(register.local, register.remote);
        refreshed = performance.now();
      }
    }
  }

  /** Waits for the end of a burst of taps, though not for ever. */
  async #gather(signal: AbortSignal): Promise<void> {
    const end = performance.now() + GATHER_AT_MOST_MS;
    let rung: boolean;
    do {
      rung = await this.#written.wait(GATHER_MS, signal);
    } while (!signal.aborted && rung && performance.now() < end);
  }

  /** A parcel that can't be handed in now is no reason to stop delivering what is this phone's own. */
  #carry(): Promise<void> {
    return this.#world.carry().catch(() => {});
  }

  async #deliver(all: boolean): Promise<Outcome> {
    if (all) this.#asked = false;
    const sum: Outcome = { ...NOTHING_LEFT };
    for (const deliverer of this.#world.deliverers) {
      const left = await deliverer.deliver({ all });
      sum.unsent += left.unsent;
      sum.refused += left.refused;
      sum.since = earlier(sum.since, left.since);
      sum.uncounted += left.uncounted;
    }
    await this.#tell(sum);
    return sum;
  }

  /** Tells the server what this phone still holds, when that has changed. It is only said to people: nothing hangs on it. */
  async #tell({ unsent, refused, since }: Outcome): Promise<void> {
    const waiting: Waiting = { records: unsent + refused, since };
    if (waiting.records === this.#told.records && waiting.since === this.#told.since) return;
    const heard = await this.#world.tell(waiting).catch(() => false);
    if (heard) this.#told = waiting;
  }

  /** What can't be read now may be something: it is tried soon. */
  #anythingUnsent(): Promise<boolean> {
    return this.#unsent().catch(() => true);
  }

  async #unsent(): Promise<boolean> {
    const left = await Promise.all(this.#world.deliverers.map((deliverer) => deliverer.outcome()));
    return left.some(({ unsent }) => unsent > 0);
  }
}
