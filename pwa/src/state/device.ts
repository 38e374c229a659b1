/** The browser's side of keeping data: its promise not to evict it, and installing the app. */

import { signal } from "@preact/signals";
import { choose, settings } from "./session.ts";

let asked = false;

/** Asks the browser at the first save, once in a page, to keep the data; its answer is kept and shown. */
export async function keepData(): Promise<void> {
  if (asked || settings.value.persisted || !navigator.storage?.persist) return;
  asked = true;
  const persisted = await navigator.storage.persist();
  if (persisted !== settings.value.persisted) await choose({ persisted });
}

/** Asks again whatever was answered before. */
export async function askToKeepData(): Promise<void> {
  await choose({ persisted: navigator.storage?.persist ? await navigator.storage.persist() : false });
}

interface InstallPrompt extends globalThis.Event {
  prompt(): Promise<void>;
}

/** Set while the browser offers to install the app. */
export const installPrompt = signal<InstallPrompt>();

export const isInstalled = () =>
  matchMedia("(display-mode: standalone)").matches ||
  ("standalone" in navigator && navigator.standalone === true);

/** Apple's browsers install only by hand, so the person is told how. */
export const installsByHand = () => !isInstalled() && "standalone" in navigator;

export function watchInstall(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    installPrompt.value = event as InstallPrompt;
  });
  addEventListener("appinstalled", () => {
    installPrompt.value = undefined;
  });
}

export async function install(): Promise<void> {
  const prompt = installPrompt.value;
  installPrompt.value = undefined;
  await prompt?.prompt();
}
