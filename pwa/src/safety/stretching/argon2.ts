/** Argon2id (RFC 9106) of a passphrase. Takes about a second by intention: on a page only through `stretch.ts`. */

import { argon2id } from "hash-wasm";
import type { Bytes } from "../../domain/bytes.ts";
import type { Cost } from "./cost.ts";

export async function argon2(passphrase: string, salt: Uint8Array, cost: Cost): Promise<Bytes> {
  const { memory, passes, parallelism } = cost;
  const stretched = await argon2id({
    password: passphrase,
    salt,
    memorySize: memory,
    iterations: passes,
    parallelism,
    hashLength: 32,
    outputType: "binary",
  });
  return new Uint8Array(stretched);
}
