/** What delivery costs: bytes of requests and answers, without what the network itself adds. */

import { type ReadonlySignal, signal } from "@preact/signals";

export interface Usage {
  sent: number;
  received: number;
}

export const NOTHING: Usage = { sent: 0, received: 0 };

export function sum(one: Usage, other: Usage): Usage {
  return { sent: one.sent + other.sent, received: one.received + other.received };
}

export class Meter {
  readonly #usage = signal(NOTHING);

  get usage(): ReadonlySignal<Usage> {
    return this.#usage;
  }

  add(usage: Partial<Usage>): void {
    this.#usage.value = sum(this.#usage.value, { ...NOTHING, ...usage });
  }
}

/** The size of a request's body. PouchDB and we send text; anything else has a size of its own. */
export function sizeOf(body: RequestInit["body"]): number {
  if (typeof body === "string") return new TextEncoder().encode(body).length;
  if (body instanceof Blob) return body.size;
  return ArrayBuffer.isView(body) ? body.byteLength : 0;
}
