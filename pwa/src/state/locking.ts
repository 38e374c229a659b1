/**
 * Locking this phone, opening it again, and forgetting everything.
 *
 *     out of sight, idle, button ──► a PIN is set? ──► covered: the page runs on, delivers on, and asks for the PIN
 *                                        └──no──► locked: writes end, delivery ends, the keys go, the page starts afresh
 *
 * A tap that was made is written before the keys go; a tap that was not yet made has to wait for the person anyway.
 */

import { signal } from "@preact/signals";
import { tellTabs, whenTold } from "../safety/tabs.ts";
import {
  dropKeys,
  guarded,
  shareKeys,
  triesLeft,
  unlock,
  vaultState,
  WrongPassphrase,
} from "../safety/vault.ts";
import { wipeEverything } from "../safety/wiping.ts";
import { settled } from "../store/sealed/adapter.ts";
import { isIdle } from "./counting.ts";
import { stopSync } from "./delivery.ts";
import { settings } from "./session.ts";

/** What lies over the pages: nothing, the question for the PIN, nothing to see while it locks, or what is said at the end. */
export const cover = signal<"none" | "pin" | "locking" | "wiped" | "unwiped">("none");

export type UnlockProblem = "wrong" | "trouble";

/** A delivery that hangs holds nobody up: without keys it can do no more harm, nor good. */
const PATIENCE_MS = 3000;
const PIN_TRIES = 3;
/** A covered phone is locked after this time, whatever the PIN. */
const COVERED_MS = 30 * 60_000;

let wrongPins = 0;
let lockAt = Number.POSITIVE_INFINITY;

function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
}

/** Locks this tab: what is being written is written, then the keys go. */
export async function lock(): Promise<void> {
  if (guarded.value && vaultState.value === "open") await stepAside();
}

async function stepAside(): Promise<void> {
  if (cover.value === "locking") return;
  cover.value = "locking";
  shareKeys(false);
  await Promise.race([Promise.all([settled(), stopSync()]), patience()]);
  dropKeys();
  location.reload();
}

/** Locks this phone, in all its tabs. */
export function lockEverywhere(): void {
  tellTabs("lock");
  void lock();
}

/** A tap that could not be stored is only on the screen: nothing but the person's own wish lets this page go. */
async function unlessUnstored(go: () => Promise<void>): Promise<void> {
  await Promise.race([settled(), patience()]);
  if (isIdle()) await go();
}

/** Locks for now: with a PIN the way back is short. */
export function lockSoftly(): void {
  if (vaultState.value !== "open" || !guarded.value || cover.value !== "none") return;
  if (settings.value.pin === null) return void unlessUnstored(lock);
  cover.value = "pin";
  shareKeys(false);
  lockAt = Date.now() + COVERED_MS;
}

/** Whether the PIN was right; a third wrong one locks. */
export function enterPin(pin: string): boolean {
  if (pin === settings.value.pin && Date.now() < lockAt) {
    wrongPins = 0;
    lockAt = Number.POSITIVE_INFINITY;
    cover.value = "none";
    shareKeys(true);
    return true;
  }
  wrongPins += 1;
  if (wrongPins >= PIN_TRIES || Date.now() >= lockAt) void lock();
  return false;
}

/** Why a passphrase did not open, and how many more wrong ones there may be; null: any number. */
export interface Refusal {
  problem: UnlockProblem;
  left: number | null;
}

/** Opens this phone. Resolves with what went wrong; the last wrong passphrase there may be wipes everything. */
export async function enter(passphrase: string): Promise<Refusal | undefined> {
  try {
    await unlock(passphrase);
    return undefined;
  } catch (error) {
    const left = await triesLeft();
    if (left === 0) await wipe();
    return { problem: error instanceof WrongPassphrase ? "wrong" : "trouble", left };
  }
}

/**
 * Removes everything: the key first, then the data, the app's caches and its worker. Needs no network. Whether it succeeded is
 * what `cover` then says: somebody's safety may hang on it.
 */
export async function wipe(): Promise<void> {
  cover.value = "locking";
  void stopSync();
  dropKeys();
  tellTabs("forget");
  history.replaceState(null, "", "/");
  try {
    await wipeEverything();
    cover.value = "wiped";
  } catch {
    cover.value = "unwiped";
  }
}

const LOOK_EVERY_MS = 5000;

/** Locks by itself when out of sight or untouched for as long as the settings say. */
export function watchLocking(): void {
  let touched = Date.now();
  let hiddenSince = Number.POSITIVE_INFINITY;
  const look = () => {
    const { lockHidden, lockIdle } = settings.value;
    const now = Date.now();
    if (now >= lockAt) return void lock();
    const hidden = lockHidden !== null && now - hiddenSince >= lockHidden * 1000;
    const idle = lockIdle !== null && now - touched >= lockIdle * 60_000;
    if (hidden || idle) lockSoftly();
  };
  const touch = () => {
    // A phone that slept has run no timers: look before this touch counts as use.
    look();
    touched = Date.now();
  };
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touch, { capture: true });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") hiddenSince = Date.now();
    look();
    if (document.visibilityState === "visible") hiddenSince = Number.POSITIVE_INFINITY;
  });
  addEventListener("pageshow", look);
  setInterval(look, LOOK_EVERY_MS);
  whenTold("lock", () => void lock());
  whenTold("step aside", () => void unlessUnstored(stepAside));
  whenTold("forget", () => {
    dropKeys();
    // Loading the app again would begin to keep things again.
    location.replace("about:blank");
  });
}
