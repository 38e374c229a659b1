/**
 * Keys and signatures of phone and server: ECDSA on P-256 with SHA-256, as every browser's WebCrypto has it. Where there is no
 * WebCrypto (an address without https) there is no key, and what needs one is not offered.
 */

import { type Bytes, fromBase64, toBase64 } from "../domain/bytes.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;
const HASHED = { name: "ECDSA", hash: "SHA-256" } as const;

export interface KeyPair {
  /** kept on this phone with everything else it keeps */
  own: JsonWebKey;
  /** base64 of the SubjectPublicKeyInfo, as the server takes it */
  known: string;
}

export async function makeKeyPair(): Promise<KeyPair | undefined> {
  if (!crypto.subtle) return undefined;
  const pair = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const known = await crypto.subtle.exportKey("spki", pair.publicKey);
  return {
    own: await crypto.subtle.exportKey("jwk", pair.privateKey),
    known: toBase64(new Uint8Array(known)),
  };
}

export async function sign(own: JsonWebKey, content: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey("jwk", own, ALGORITHM, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign(HASHED, key, content));
}

export async function isSigned(known: string, signature: Bytes, content: Bytes): Promise<boolean> {
  const key = await crypto.subtle.importKey("spki", fromBase64(known), ALGORITHM, false, ["verify"]);
  return crypto.subtle.verify(HASHED, key, signature, content);
}
