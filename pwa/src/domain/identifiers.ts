/**
 * Ids: how they are made and taken apart. A ULID is 26 characters of Crockford's base 32: 48 bits of milliseconds since 1970,
 * then 80 random bits. The patterns themselves are generated from the server's.
 */

import { ID_PATTERNS } from "../generated/documents.ts";

/** The signs of Crockford's base 32, by their values. */
export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Makes a ULID of a moment (now, unless given) and ten random bytes (fresh, unless given). */
export function newUlid(
  milliseconds = Date.now(),
  entropy = crypto.getRandomValues(new Uint8Array(10)),
): string {
  let number = BigInt(milliseconds);
  for (const byte of entropy) number = (number << 8n) | BigInt(byte);
  let text = "";
  for (let shift = 125n; shift >= 0n; shift -= 5n) text += ALPHABET[Number((number >> shift) & 31n)];
  return text;
}

export function eventId(ulid: string): string {
  return `event:${ulid}`;
}

/** The ULID inside an event's id. Throws a RangeError for anything else. */
export function eventUlid(event: string): string {
  const ulid = ID_PATTERNS.event.exec(event)?.[1];
  if (!ulid) throw new RangeError(`not the id of an event: ${event}`);
  return ulid;
}

/** The sheet of one device at one event (given by its id). */
export function sheetId(event: string, device: string): string {
  return `sheet:${eventUlid(event)}:${device}`;
}

export function chapterDatabase(slug: string): string {
  return `chapter-${slug}`;
}
