/**
 * One passphrase for all tabs of this phone: a tab that is open hands its keys to one that asks. They travel between pages of
 * this origin only, as handles that none of them can read.
 */

import type { Keys } from "./keys.ts";

const CHANNEL = "vault";
/** Held by every tab whose keys are there. */
const OPEN = "vault-open";
/** Held by every tab, for as long as it lives; alone by one that changes the keys. */
const USE = "vault-use";
const PATIENCE_MS = 1500;

/** lock: when all is written; step aside: the same, passphrase or not, unless a tap can't be written; forget: at once */
export type Order = "lock" | "step aside" | "forget";

type Message = { kind: "ask"; space: string } | { kind: "keys"; space: string; keys: Keys } | { kind: Order };

const channel = new BroadcastChannel(CHANNEL);

function hear(listener: (message: Message) => void): () => void {
  const hearing = ({ data }: MessageEvent<Message>) => listener(data);
  channel.addEventListener("message", hearing);
  return () => channel.removeEventListener("message", hearing);
}

function tell(message: Message): void {
  channel.postMessage(message);
}

/** Another tab of this app does not step aside: it is busy, or holds taps that could not be stored. */
export class OtherTabs extends Error {
  override name = "OtherTabs";
}

let leave = () => {};

/** Waits for a tab that changes the keys; from then on none can, until this one is gone. */
export function useVault(): Promise<void> {
  if (!navigator.locks) return Promise.resolve();
  return new Promise((using) => {
    const held = new Promise<void>((resolve) => {
      leave = resolve;
    });
    void navigator.locks.request(USE, { mode: "shared" }, () => {
      using();
      return held;
    });
  });
}

/** Acts while no other tab is there, which are told to step aside. Rejects with `OtherTabs` if one does not. */
export async function alone<T>(act: () => Promise<T>): Promise<T> {
  if (!navigator.locks) return act();
  leave();
  const ask = () => tellTabs("step aside");
  ask();
  // One that is just opening, or counting, hears it the next time.
  const asking = setInterval(ask, PATIENCE_MS);
  const signal = AbortSignal.timeout(PATIENCE_MS * 6);
  try {
    return (await navigator.locks.request(USE, { signal }, act)) as T;
  } catch (error) {
    throw error === signal.reason ? new OtherTabs() : error;
  } finally {
    clearInterval(asking);
    await useVault();
  }
}

/** Whether another tab has said that it is open; without locks nobody says so, and every tab asks for the passphrase. */
export async function isOpenElsewhere(): Promise<boolean> {
  if (!navigator.locks) return false;
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === OPEN);
}

export function askOtherTabs(space: string): Promise<Keys | undefined> {
  return new Promise((resolve) => {
    const done = (keys?: Keys) => {
      clearTimeout(timer);
      stop();
      resolve(keys);
    };
    const timer = setTimeout(done, PATIENCE_MS);
    const stop = hear((message) => {
      if (message.kind === "keys" && message.space === space) done(message.keys);
    });
    tell({ kind: "ask", space });
  });
}

/** Answers other tabs from now on, as long as there are keys to give. */
export function offerToTabs(space: string, keys: () => Keys | undefined): void {
  void navigator.locks?.request(OPEN, { mode: "shared" }, () => new Promise(() => {}));
  hear((message) => {
    const found = keys();
    if (found && message.kind === "ask" && message.space === space)
      tell({ kind: "keys", space, keys: found });
  });
}

/** Gives all other tabs an order. */
export function tellTabs(kind: Order): void {
  tell({ kind });
}

export function whenTold(what: Order, act: () => void): void {
  hear(({ kind }) => {
    if (kind === what) act();
  });
}
