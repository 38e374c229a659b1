/** Leaving: this phone forgets everything it held. */

import { wipeData } from "../safety/wiping.ts";
import { restartEverywhere, stopSync } from "./delivery.ts";

export async function leave(): Promise<void> {
  void stopSync();
  await wipeData();
  restartEverywhere();
  location.assign("/");
}
