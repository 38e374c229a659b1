/**
 * The keys of what this phone keeps. Nothing here stores or asks anything.
 *
 *     passphrase ──Argon2id──► wrapping key ──AES-256-GCM──► master: 32 random bytes, made once
 *                                                              ├──HKDF──► documents   AES-256-GCM
 *                                                              └──HKDF──► ids         HMAC-SHA-256
 *
 * The master exists only while keys are made from it; the keys themselves can't be read out of the browser's hands again.
 */

import type { Bytes } from "../domain/bytes.ts";

export interface Keys {
  documents: CryptoKey;
  ids: CryptoKey;
}

/** A master as it may lie on a disk. */
export interface Wrapped {
  iv: Bytes;
  bytes: Bytes;
}

export class WrongPassphrase extends Error {
  override name = "WrongPassphrase";
}

/** NIST SP 800-38D: 96 bits, never twice under one key. */
export const IV_BYTES = 12;

export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

export const newMaster = () => randomBytes(32);

function info(purpose: string): Bytes {
  return new TextEncoder().encode(`otkrytka ${purpose} 1`);
}

/** The keys of a master. They can be used, and handed to another tab, but not read. */
export async function keysOf(master: Bytes): Promise<Keys> {
  const base = await crypto.subtle.importKey("raw", master, "HKDF", false, ["deriveKey"]);
  const derive = (purpose: string, type: AesKeyGenParams | HmacKeyGenParams, uses: KeyUsage[]) =>
    crypto.subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: info(purpose) },
      base,
      type,
      false,
      uses,
    );
  return {
    documents: await derive("documents", { name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]),
    ids: await derive("ids", { name: "HMAC", hash: "SHA-256", length: 256 }, ["sign"]),
  };
}

function wrappingKey(stretched: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", stretched, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** Wraps a master by what Argon2id made of a passphrase. */
export async function wrap(master: Bytes, stretched: Bytes): Promise<Wrapped> {
  const iv = randomBytes(IV_BYTES);
  const key = await wrappingKey(stretched);
  const how = { name: "AES-GCM", iv, additionalData: info("master") };
  return { iv, bytes: new Uint8Array(await crypto.subtle.encrypt(how, key, master)) };
}

/** The master again. Throws WrongPassphrase, which is also what a tampered one looks like. */
export async function unwrap({ iv, bytes }: Wrapped, stretched: Bytes): Promise<Bytes> {
  const key = await wrappingKey(stretched);
  const how = { name: "AES-GCM", iv, additionalData: info("master") };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(how, key, bytes));
  } catch {
    throw new WrongPassphrase();
  }
}
