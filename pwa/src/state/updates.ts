/**
 * The app's own updates: a new build is fetched in the background and takes over by one reload, when nobody is counting and no
 * form is open. What is stored is never touched by it.
 */

import { signal } from "@preact/signals";
import { isIdle } from "./counting.ts";

/** Whether the app itself is kept on this phone, so that it opens without a network. */
export const kept = signal<"not yet" | "yes" | "impossible">("not yet");

const UNTOUCHED_MS = 5 * 60_000;
const LOOK_EVERY_MS = 60 * 60_000;
const TRY_EVERY_MS = 60_000;

let touched = Date.now();

function isQuiet(): boolean {
  const inForm = location.pathname === "/join" || location.pathname === "/app/new";
  const away = document.visibilityState === "hidden" || Date.now() - touched > UNTOUCHED_MS;
  return away && !inForm && isIdle();
}

export async function watchUpdates(): Promise<void> {
  if (!("serviceWorker" in navigator)) {
    kept.value = "impossible";
    return;
  }
  const workers = navigator.serviceWorker;
  // The first worker of all claims a page that it has no news for.
  let isNews = workers.controller !== null;
  let reloadDue = false;
  const registration = await workers.register("/sw.js").catch(() => undefined);
  if (!registration) return;
  void workers.ready.then(() => {
    kept.value = "yes";
  });

  const proceed = () => {
    if (!isQuiet()) return;
    if (reloadDue) location.reload();
    else registration.waiting?.postMessage("take over");
  };
  workers.addEventListener("controllerchange", () => {
    reloadDue = isNews;
    isNews = true;
    proceed();
  });
  const look = () => void registration.update().catch(() => {});
  const touch = () => {
    touched = Date.now();
  };
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touch);
  document.addEventListener("visibilitychange", proceed);
  addEventListener("online", look);
  setInterval(look, LOOK_EVERY_MS);
  setInterval(proceed, TRY_EVERY_MS);
}
