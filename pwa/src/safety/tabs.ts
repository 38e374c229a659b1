/**
 * One passphrase for all tabs of this phone: a tab that is open hands its keys to one that asks. They travel between pages of
 * this origin only, as handles that none of them can read.
 */

import type { Keys } from "./keys.ts";

const CHANNEL = "vault";
const LOCK = "vault-open";
const PATIENCE_MS = 1500;

type Message =
  | { kind: "ask"; space: string }
  | { kind: "keys"; space: string; keys: Keys }
  | { kind: "lock" | "forget" };

const channel = new BroadcastChannel(CHANNEL);

function hear(listener: (message: Message) => void): () => void {
  const hearing = ({ data }: MessageEvent<Message>) => listener(data);
  channel.addEventListener("message", hearing);
  return () => channel.removeEventListener("message", hearing);
}

function tell(message: Message): void {
  channel.postMessage(message);
}

/** Whether another tab has said that it is open; without locks nobody says so, and every tab asks for the passphrase. */
export async function isOpenElsewhere(): Promise<boolean> {
  if (!navigator.locks) return false;
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === LOCK);
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
  void navigator.locks?.request(LOCK, { mode: "shared" }, () => new Promise(() => {}));
  hear((message) => {
    const found = keys();
    if (found && message.kind === "ask" && message.space === space)
      tell({ kind: "keys", space, keys: found });
  });
}

/** Makes every other tab lock itself, or forget everything at once. */
export function tellTabs(kind: "lock" | "forget"): void {
  tell({ kind });
}

export function whenTold(what: "lock" | "forget", act: () => void): void {
  hear(({ kind }) => {
    if (kind === what) act();
  });
}
