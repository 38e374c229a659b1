/**
 * Requests to the server on behalf of this phone: each carries the device token, goes to the address that works, has a deadline
 * and is metered. What the server says of this device (not welcome; too often) is remembered, because it must stop delivery
 * (and only delivery).
 */

import type { Bytes } from "../domain/bytes.ts";
import type { Addresses } from "./addresses.ts";
import { Deadline } from "./deadline.ts";
import { type Meter, sizeOf } from "./meter.ts";
import { type Why, whyOf } from "./why.ts";

export interface Refusal extends Why {
  status: 401 | 403;
}

/** What the server says of one document: held there, counted in its totals, held by its upstream. */
export interface Receipt {
  stored: boolean;
  counted: boolean;
  upstream: boolean;
}

/** What a phone holds that the server lacks: documents, and since when (milliseconds since 1970) the oldest waits. */
export interface Waiting {
  records: number;
  since: number | null;
}

/** The server asks for a longpoll answer within this time; PouchDB then asks again. It shows a dead line within a minute. */
export const LONGPOLL_MS = 25_000;
const LONGPOLL_DEADLINE = LONGPOLL_MS + 20_000;
const DEADLINE = 120_000;
/** What a server says of this device, whatever it asks for. */
const STANDING = new Set([401, 403, 429, 503]);
/** A server may ask for patience, but not for ever. */
export const LONGEST_PAUSE = 15 * 60_000;

/** Why, as a server says with every error; undefined: somebody on the way has answered in its place. */
export async function givenWhy(response: Response): Promise<Why | undefined> {
  try {
    return whyOf(await response.clone().json());
  } catch {
    return undefined;
  }
}

/** The milliseconds a `Retry-After` asks for: it is a number of seconds or a date (RFC 9110, 10.2.3). */
function patience(header: string, now: number): number {
  const asked = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(asked) ? 0 : Math.min(Math.max(asked, 0), LONGEST_PAUSE);
}

export interface Line {
  addresses: Addresses;
  meter: Meter;
  fetch: typeof fetch;
}

export class Door {
  /** Set when the server has refused this device; cleared by `forgive`. */
  refusal: Refusal | undefined;
  /** until when (milliseconds since 1970) the server asked not to be asked */
  busyUntil = 0;
  readonly #origin: string;
  readonly #token: string;
  readonly #line: Line;

  /** `origin` is what databases are named by, wherever they are asked for. */
  constructor(origin: string, token: string, line: Line) {
    this.#origin = origin;
    this.#token = token;
    this.#line = line;
  }

  forgive(): void {
    this.refusal = undefined;
  }

  /** Finds an address of the server that works. Rejects when there is none. */
  settle(): Promise<void> {
    return this.#line.addresses.settle(async (url, milliseconds) => {
      const deadline = new Deadline(milliseconds);
      try {
        return await this.#whole(url, { credentials: "omit" }, deadline);
      } finally {
        deadline.end();
      }
    });
  }

  /** `fetch` for PouchDB: reads the whole answer, so that the deadline covers the body too. */
  readonly fetch = async (input: RequestInfo | URL, options: RequestInit = {}): Promise<Response> => {
    const url = input instanceof Request ? input.url : String(input);
    const milliseconds = url.includes("feed=longpoll") ? LONGPOLL_DEADLINE : DEADLINE;
    const deadline = new Deadline(milliseconds, options.signal);
    try {
      const answer = await this.#whole(this.#line.addresses.at(url), this.#signed(options), deadline);
      await this.#notice(url, answer);
      return answer;
    } finally {
      deadline.end();
    }
  };

  /**
   * The lines of an answer as they come; undefined if the server has no such door, or it sticks. The deadline is from one piece
   * to the next.
   */
  async lines(path: string): Promise<AsyncIterable<string> | undefined> {
    const url = this.#line.addresses.at(this.#origin + path);
    const deadline = new Deadline(DEADLINE);
    const answer = await this.#send(url, this.#signed({}), deadline);
    if (answer.ok && answer.body) return this.#split(answer.body, deadline);
    deadline.end();
    await this.#notice(url, answer);
    if (STANDING.has(answer.status)) throw new Error(`${path}: ${answer.status}`);
    return undefined;
  }

  /** Asks how far revisions of one database have got. */
  async receipts(database: string, revs: Record<string, string>): Promise<Record<string, Receipt>> {
    const answer = await this.fetch(`${this.#origin}/api/receipts`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ database, revs }),
    });
    if (!answer.ok) throw new Error(`receipts: ${answer.status}`);
    return (await answer.json()) as Record<string, Receipt>;
  }

  /** Tells how much is still to come; whether the server knows what to do with that. */
  async tell({ records, since }: Waiting): Promise<boolean> {
    const answer = await this.fetch(`${this.#origin}/api/waiting`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ records, since: since === null ? null : new Date(since).toISOString() }),
    });
    return answer.ok;
  }

  /** Hands in a parcel that this phone carries. Nothing says who carries it. */
  async handIn(parcel: Bytes): Promise<Response> {
    const url = this.#line.addresses.at(`${this.#origin}/api/courier`);
    const deadline = new Deadline(DEADLINE);
    try {
      const answer = await this.#whole(url, { method: "POST", body: parcel, credentials: "omit" }, deadline);
      this.#beSlower(answer);
      return answer;
    } finally {
      deadline.end();
    }
  }

  /** What the server answers a refused phone that asks whether to forget everything; undefined: it may keep what it has. */
  async farewell(): Promise<unknown> {
    const answer = await this.fetch(`${this.#origin}/api/farewell`);
    return answer.ok ? answer.json() : undefined;
  }

  #signed(options: RequestInit): RequestInit {
    const headers = new Headers(options.headers);
    headers.set("Authorization", `Bearer ${this.#token}`);
    // A coordinator's session cookie in the same browser must not speak for the phone.
    return { ...options, headers, credentials: "omit" };
  }

  #send(url: string, options: RequestInit, deadline: Deadline): Promise<Response> {
    this.#line.meter.add({ sent: sizeOf(options.body) });
    // The browser's own cache is not sealed.
    return this.#line.fetch(url, { ...options, cache: "no-store", signal: deadline.signal });
  }

  async #whole(url: string, options: RequestInit, deadline: Deadline): Promise<Response> {
    const answer = await this.#send(url, options, deadline);
    const body = await answer.arrayBuffer();
    this.#line.meter.add({ received: Number(answer.headers.get("content-length")) || body.byteLength });
    return new Response(body.byteLength > 0 ? body : null, {
      status: answer.status,
      headers: answer.headers,
    });
  }

  async *#split(body: ReadableStream<Uint8Array>, deadline: Deadline): AsyncGenerator<string> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        deadline.renew();
        this.#line.meter.add({ received: value.byteLength });
        const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        yield* lines.filter((line) => line !== "");
      }
    } finally {
      deadline.end();
      reader.cancel().catch(() => {});
    }
  }

  #beSlower(answer: Response): void {
    if (answer.status !== 429 && answer.status !== 503) return;
    const asked = patience(answer.headers.get("retry-after") ?? "", Date.now());
    this.busyUntil = Math.max(this.busyUntil, Date.now() + asked);
  }

  async #notice(url: string, answer: Response): Promise<void> {
    this.#beSlower(answer);
    // A checkpoint that may not be kept on a read-only database only costs speed; PouchDB goes on without it.
    const isCheckpoint = answer.status === 403 && url.includes("/_local/");
    if ((answer.status !== 401 && answer.status !== 403) || isCheckpoint) return;
    const why = await givenWhy(answer);
    if (why !== undefined) this.refusal = { status: answer.status, ...why };
  }
}
