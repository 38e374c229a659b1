/**
 * Keys and signatures of phone and server: ECDSA on P-256 with SHA-256, as every browser's WebCrypto has it. Where there is no
 * WebCrypto (an address without https) there is no key, and what needs one is not offered.
 */

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;
const HASHED = { name: "ECDSA", hash: "SHA-256" } as const;

export type Bytes = Uint8Array<ArrayBuffer>;

export interface KeyPair {
  /** kept on this phone with everything else it keeps */
  own: JsonWebKey;
  /** base64 of the SubjectPublicKeyInfo, as the server takes it */
  known: string;
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Throws for what is no base64. */
export function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export function joinBytes(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
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
