/**
 * The order of a coordinator that this phone forget everything. A refusal alone never does that: the order is for this device,
 * and signed by the server that the phone joined.
 */

import { fromBase64 } from "../domain/bytes.ts";
import { isSigned } from "./keys.ts";

const SIGNED_AS = "otkrytka-farewell/1\n";

/** Whether an answer of `GET /api/farewell` is that order. */
export async function isFarewell(answer: unknown, device: string, signing: string): Promise<boolean> {
  try {
    const { signature } = answer as { signature: string };
    return await isSigned(signing, fromBase64(signature), new TextEncoder().encode(SIGNED_AS + device));
  } catch {
    return false;
  }
}
