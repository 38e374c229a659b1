/**
 * Signing a coordinator's computer in: it shows a code with an id after the `#`, and this phone vouches for it. The id is kept in
 * memory only, so that it survives unlocking but not the history.
 */

import { signal } from "@preact/signals";
import { membership } from "./session.ts";

const PATH = "/app/sign-in";
const LETTERS = 4;

/** the id that the computer shows; "": none was read */
export const waitingBrowser = signal("");

/** The end of the id, as the computer shows it beside the code. */
export const lettersOf = (id: string) => id.slice(-LETTERS);

export function watchVouching(): void {
  const take = () => {
    if (location.pathname !== PATH || location.hash.length < 2) return;
    waitingBrowser.value = location.hash.slice(1);
    history.replaceState(null, "", PATH);
  };
  take();
  addEventListener("hashchange", take);
}

export type VouchProblem = "none" | "offline" | "over" | "role" | "trouble";

const PROBLEMS: Readonly<Record<number, VouchProblem>> = {
  400: "none",
  401: "role",
  403: "role",
  409: "over",
  410: "over",
};

/** Vouches for the browser; undefined: it may sign in now. */
export async function vouch(): Promise<VouchProblem | undefined> {
  try {
    const answer = await fetch("/api/sign-ins", {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${membership.value?.token}` },
      body: JSON.stringify({ browser: waitingBrowser.value }),
      credentials: "omit",
    });
    if (!answer.ok) return PROBLEMS[answer.status] ?? "trouble";
    waitingBrowser.value = "";
    return undefined;
  } catch {
    return "offline";
  }
}
