/** Leaving: this phone forgets everything it held. */

import { wipeData } from "../safety/wiping.ts";
import { restartEverywhere, stopSync } from "./delivery.ts";
import { cover } from "./locking.ts";

export async function leave(): Promise<void> {
  void stopSync();
  try {
    await wipeData();
  } catch {
    cover.value = "unwiped";
    return;
  }
  restartEverywhere();
  location.assign("/");
}
