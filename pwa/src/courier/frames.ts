/**
 * A parcel as a row of QR codes that a screen shows in turn, for as long as it takes, to a camera that collects them in any order.
 *
 *     "OP1" ‖ name (8: the beginning of the parcel's SHA-256) ‖ number (2) ‖ how many (2) ‖ piece ‖ check (4: of all before)
 *
 * A frame whose check is wrong is passed over; a parcel whose SHA-256 is not its name is begun anew.
 */

import { type Bytes, joinBytes } from "../domain/bytes.ts";

/** Few enough for a cheap camera at arm's length (QR version 13 at the lowest correction holds 425). */
const PIECE = 400;
const MARK = new TextEncoder().encode("OP1");
const NAME = 8;
const HEAD = MARK.length + NAME + 4;
const CHECK = 4;

async function digest(content: Bytes, length: number): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", content)).slice(0, length);
}

const isSame = (one: Uint8Array, other: Uint8Array) =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);

export async function toFrames(parcel: Bytes): Promise<Bytes[]> {
  const name = await digest(parcel, NAME);
  const count = Math.ceil(parcel.length / PIECE);
  return Promise.all(
    Array.from({ length: count }, async (_, number) => {
      const numbers = new Uint8Array(4);
      new DataView(numbers.buffer).setUint16(0, number);
      new DataView(numbers.buffer).setUint16(2, count);
      const piece = parcel.slice(number * PIECE, (number + 1) * PIECE);
      const frame = joinBytes(MARK, name, numbers, piece);
      return joinBytes(frame, await digest(frame, CHECK));
    }),
  );
}

/** How much of a parcel has been seen; `parcel` once it is whole. */
export interface Collected {
  seen: number;
  count: number;
  parcel?: Bytes;
}

/** Collects the frames of one parcel; one of another parcel begins anew. */
export class Collector {
  #name: Bytes = new Uint8Array();
  #pieces = new Map<number, Bytes>();
  #count = 0;

  /** Takes what a camera read, or passes it over. */
  async take(frame: Bytes): Promise<Collected> {
    const content = frame.slice(0, -CHECK);
    if (await isFrame(frame, content)) this.#put(content);
    const collected = { seen: this.#pieces.size, count: this.#count };
    if (this.#count === 0 || collected.seen < this.#count) return collected;
    const parcel = joinBytes(...Array.from({ length: this.#count }, (_, n) => this.#pieces.get(n) as Bytes));
    const isWhole = isSame(await digest(parcel, NAME), this.#name);
    if (!isWhole) this.#pieces.clear();
    return isWhole ? { ...collected, parcel } : { seen: 0, count: this.#count };
  }

  #put(content: Bytes): void {
    const name = content.slice(MARK.length, MARK.length + NAME);
    const view = new DataView(content.buffer);
    const count = view.getUint16(MARK.length + NAME + 2);
    if (!isSame(name, this.#name) || count !== this.#count) {
      this.#name = name;
      this.#count = count;
      this.#pieces = new Map();
    }
    const number = view.getUint16(MARK.length + NAME);
    if (number < count) this.#pieces.set(number, content.slice(HEAD));
  }
}

async function isFrame(frame: Bytes, content: Bytes): Promise<boolean> {
  if (content.length <= HEAD || !isSame(content.slice(0, MARK.length), MARK)) return false;
  return isSame(await digest(content, CHECK), frame.slice(-CHECK));
}
