/** The invite this page was opened with. It is kept in memory only: a used or unused invite has no place in the history. */

import { signal } from "@preact/signals";
import { inviteFrom } from "../sync/join.ts";

export const invite = signal("");

function take(): void {
  if (location.pathname !== "/join" || location.hash.length < 2) return;
  invite.value = inviteFrom(location.hash);
  history.replaceState(null, "", "/join");
}

export function watchInvite(): void {
  take();
  // A second link opened in the same tab changes only the fragment.
  addEventListener("hashchange", take);
}
