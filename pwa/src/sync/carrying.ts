/**
 * Parcels of others that this phone carries: kept as they are, handed in when there is a network, and forgotten but for what
 * became of them. What is in them nobody here can read.
 */

import { type Bytes, fromBase64, toBase64, toHex } from "../domain/bytes.ts";
import type { Database } from "../store/databases.ts";
import { change, find, type Stored, withPrefix } from "../store/documents.ts";
import { givenWhy } from "./door.ts";
import type { Why } from "./why.ts";

export interface Carried {
  /** base64; null once it is handed in */
  content: string | null;
  size: number;
  /** milliseconds since 1970 */
  taken: number;
  delivered: { stored: number; refused: number } | null;
  /** why the server would not have it; an earlier version of the app kept the sentence alone */
  refused: Why | string | null;
}

export const PARCEL = "parcel:";
/** What every file of age's begins with. */
const OPENING = "age-encryption.org/v1\n";
/** The server takes no larger one. */
export const LARGEST = 4 * 1024 * 1024;

export type HandIn = (parcel: Bytes) => Promise<Response>;

export function isParcel(content: Bytes): boolean {
  const opening = new TextDecoder("latin1").decode(content.slice(0, OPENING.length));
  return opening === OPENING && content.length <= LARGEST;
}

/** Keeps a parcel. Taking the same one twice is taking it once. */
export async function takeIn(phone: Database, content: Bytes, now: number): Promise<void> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  const _id = PARCEL + toHex(digest.slice(0, 16));
  const carried = {
    content: toBase64(content),
    size: content.length,
    taken: now,
    delivered: null,
    refused: null,
  };
  await change<Carried>(
    phone,
    async () => (await find<Carried>(phone, _id)) ?? { _id, ...carried },
    (stored) => (stored._rev ? stored : { ...stored }),
  );
}

/** Hands in what can be handed in. Rejects when the server can't be reached, or can't take anything at present. */
export async function handInAll(phone: Database, handIn: HandIn): Promise<void> {
  for (const parcel of await withPrefix<Carried>(phone, PARCEL)) {
    if (parcel.content !== null && parcel.refused === null)
      await handInOne(phone, parcel, parcel.content, handIn);
  }
}

const FINAL = new Set([400, 403, 413]);

/**
 * What became of a parcel; undefined: nothing yet. Only the server itself may say: whoever guards a foreign network answers for
 * it with a page of his own, and the parcel would be given up.
 */
async function outcomeOf(answer: Response): Promise<Partial<Carried> | undefined> {
  if (!answer.ok) {
    const refused = await givenWhy(answer);
    return FINAL.has(answer.status) && refused !== undefined ? { refused } : undefined;
  }
  const { stored, refused } = (await answer.json().catch(() => ({}))) as NonNullable<Carried["delivered"]>;
  return Number.isInteger(stored) ? { content: null, delivered: { stored, refused } } : undefined;
}

async function handInOne(phone: Database, parcel: Carried & Stored, content: string, handIn: HandIn) {
  const answer = await handIn(fromBase64(content));
  // An older server has no such door: the parcel waits until it has one.
  if (answer.status === 404) return;
  const outcome = await outcomeOf(answer);
  if (!outcome) throw new Error(`courier: ${answer.status}`);
  await change<Carried>(
    phone,
    async () => (await find<Carried>(phone, parcel._id)) ?? parcel,
    (stored) => ({ ...stored, ...outcome }),
  );
}
