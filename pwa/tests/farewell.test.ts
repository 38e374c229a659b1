/** Only the server's own, signed order for this very device makes a phone forget. */

import { expect, test } from "vitest";
import { toBase64 } from "../src/domain/bytes.ts";
import { isFarewell } from "../src/sync/farewell.ts";
import { makeKeyPair, sign } from "../src/sync/keys.ts";
import { DEVICE, OTHER_DEVICE } from "./memory.ts";

async function order(device: string, by: JsonWebKey): Promise<object> {
  const content = new TextEncoder().encode(`otkrytka-farewell/1\n${device}`);
  return { device, signature: toBase64(await sign(by, content)) };
}

test("an order of another server, for another device or of another shape is none", async () => {
  const [server, stranger] = [await makeKeyPair(), await makeKeyPair()];
  if (!server || !stranger) throw new Error("no cryptography here");
  expect(await isFarewell(await order(DEVICE, server.own), DEVICE, server.known)).toBe(true);
  expect(await isFarewell(await order(DEVICE, stranger.own), DEVICE, server.known)).toBe(false);
  expect(await isFarewell(await order(OTHER_DEVICE, server.own), DEVICE, server.known)).toBe(false);
  for (const answer of [undefined, null, {}, { signature: "" }, { signature: "not base64!" }, "revoked"]) {
    expect(await isFarewell(answer, DEVICE, server.known)).toBe(false);
  }
});
