/** Leaving: this phone forgets everything it held. */

import { restartEverywhere, stopSync } from "./delivery.ts";
import { forgetEverything } from "./session.ts";

export async function leave(): Promise<void> {
  stopSync();
  await forgetEverything();
  restartEverywhere();
  location.assign("/");
}
