/**
 * The app's own updates: a new build is fetched in the background and offered. It takes over by one reload, when somebody says so
 * or when nobody is there (behind a passphrase: when the phone is locked), and always only while nothing is being written. What is
 * stored is never touched by it.
 */

import { signal } from "@preact/signals";
import { guarded, vaultState } from "../safety/vault.ts";
import { isIdle } from "./counting.ts";

/** Whether the app itself is kept on this phone, so that it opens without a network. */
export const kept = signal<"not yet" | "yes" | "impossible">(
  // A page that a worker brought is kept; `ready` would say so only after the first frame.
  navigator.serviceWorker?.controller ? "yes" : "not yet",
);

/** Whether a newer app is here and waits. */
export const updateReady = signal(false);

const UNTOUCHED_MS = 5 * 60_000;
const LOOK_EVERY_MS = 60 * 60_000;
const TRY_EVERY_MS = 60_000;
const SOON_MS = 100;

let registration: ServiceWorkerRegistration | undefined;
let touched = Date.now();
/** The newer app has taken over; this page is still the older one. */
let reloadDue = false;
let asked = false;
/** Reloading has begun: a second reload would only break off the first. */
let leaving = false;

/** Words that somebody typed and did not save yet. */
function hasWords(): boolean {
  const fields = document.querySelectorAll<HTMLInputElement>(
    "input:not([type=radio], [type=checkbox]), textarea",
  );
  return [...fields].some(({ value }) => value !== "") || document.querySelector("dialog[open]") !== null;
}

/** Loading anew forgets the keys: behind a passphrase only a page that is locked anyway changes unasked. */
function isAway(): boolean {
  if (guarded.value) return vaultState.value === "locked";
  return document.visibilityState === "hidden" || Date.now() - touched > UNTOUCHED_MS;
}

function isQuiet(): boolean {
  return isAway() && location.pathname !== "/join" && !hasWords();
}

function proceed(): void {
  if (leaving || !updateReady.value || !(asked || isQuiet())) return;
  if (!isIdle()) {
    setTimeout(proceed, SOON_MS);
  } else if (reloadDue) {
    leaving = true;
    location.reload();
  } else {
    registration?.waiting?.postMessage("take over");
  }
}

/** Changes to the newer app as soon as nothing is being written. */
export function applyUpdate(): void {
  asked = true;
  proceed();
}

/** Lets the app at hand ask at addresses of the server that it has just learnt of. */
export function renewPolicy(): void {
  navigator.serviceWorker?.controller?.postMessage("renew policy");
}

function watchRegistration(found: ServiceWorkerRegistration): void {
  registration = found;
  const look = () => {
    // Without a controller, this is the first worker of all, and no news.
    if (found.waiting && navigator.serviceWorker.controller) updateReady.value = true;
    proceed();
  };
  found.addEventListener("updatefound", () => {
    found.installing?.addEventListener("statechange", look);
  });
  look();
}

export async function watchUpdates(): Promise<void> {
  if (!("serviceWorker" in navigator)) {
    kept.value = "impossible";
    return;
  }
  const workers = navigator.serviceWorker;
  // The first worker of all claims a page that it has no news for.
  let isNews = workers.controller !== null;
  workers.addEventListener("controllerchange", () => {
    reloadDue = isNews;
    updateReady.value = isNews;
    isNews = true;
    proceed();
  });
  const found = await workers.register("/sw.js").catch(() => undefined);
  if (!found) return;
  void workers.ready.then(() => {
    kept.value = "yes";
  });
  watchRegistration(found);
  const look = () => void found.update().catch(() => {});
  const touch = () => {
    touched = Date.now();
  };
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touch);
  document.addEventListener("visibilitychange", proceed);
  addEventListener("online", look);
  setInterval(look, LOOK_EVERY_MS);
  setInterval(proceed, TRY_EVERY_MS);
}
