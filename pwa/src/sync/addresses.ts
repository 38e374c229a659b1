/**
 * The addresses of the server: the one this app came from, and those of a list that the server signs.
 *
 *     home works ──► home          home is away ──► the next one that answers with a genuine list, for as long as it works
 *
 * No token is shown to a further address before that. A list is taken only if it was issued no earlier than the one there is, so
 * an old one can't bring a given-up address back; and further addresses of an expired one are not used.
 */

import { fromBase64, joinBytes } from "../domain/bytes.ts";
import { isSigned } from "./keys.ts";

export interface Listed {
  mirrors: string[];
  /** seconds since 1970, by the server's clock */
  issued: number;
  expires: number;
  /** milliseconds since 1970, by this phone's clock */
  asked: number;
}

export type Ask = (url: string, deadline: number) => Promise<Response>;

const SIGNED_AS = new TextEncoder().encode("otkrytka-mirrors/1\n");
const DEADLINE = 10_000;
const DAY = 24 * 3600_000;

/** The list in an answer of `GET /api/mirrors`, or undefined if it is not signed by that key or has another shape. */
export async function readList(answer: unknown, signing: string, now: number): Promise<Listed | undefined> {
  try {
    const { list, signature } = answer as { list: string; signature: string };
    const content = fromBase64(list);
    if (!(await isSigned(signing, fromBase64(signature), joinBytes(SIGNED_AS, content)))) return undefined;
    const { mirrors, issued, expires } = JSON.parse(new TextDecoder().decode(content)) as Listed;
    return { mirrors, issued, expires, asked: now };
  } catch {
    return undefined;
  }
}

export class Addresses {
  /** where requests go */
  current: string;
  readonly #home: string;
  readonly #signing: string | undefined;
  #listed: Listed | undefined;
  readonly #keep: (listed: Listed) => Promise<void>;

  /** `signing` is the key the server was known by when this phone joined; without one there is only `home`. */
  constructor(
    home: string,
    signing: string | undefined,
    listed: Listed | undefined,
    keep: (listed: Listed) => Promise<void>,
  ) {
    this.current = home;
    this.#home = home;
    this.#signing = signing;
    this.#listed = listed;
    this.#keep = keep;
  }

  /** A request's address as it is at the current one. */
  at(url: string): string {
    return url.startsWith(`${this.#home}/`) ? this.current + url.slice(this.#home.length) : url;
  }

  /** Finds an address that works, and learns the newest list there. Rejects when none of several answers. */
  async settle(ask: Ask): Promise<void> {
    if (this.#signing === undefined) return;
    const known = this.#usable(Date.now());
    if (known.length === 1 && Date.now() - (this.#listed?.asked ?? 0) < DAY) return;
    for (const address of known) {
      if (await this.#isThere(address, this.#signing, ask)) {
        this.current = address;
        return;
      }
    }
    // With one address, the request that follows says best what is wrong; with several, nobody may see the token.
    if (known.length > 1) throw new TypeError("no address of the server can be reached");
  }

  /** The current one first: what works is stayed with. */
  #usable(now: number): string[] {
    const { mirrors = [], expires = 0 } = this.#listed ?? {};
    return [...new Set([this.current, this.#home, ...(now < expires * 1000 ? mirrors : [])])];
  }

  async #isThere(address: string, signing: string, ask: Ask): Promise<boolean> {
    try {
      const answer = await ask(`${address}/api/mirrors`, DEADLINE);
      // An older server has no list; it is at home all the same.
      if (answer.status === 404) return address === this.#home;
      if (!answer.ok) return false;
      const listed = await readList(await answer.json(), signing, Date.now());
      // A server with another key has to say itself, at home, that it does not know this phone any more.
      if (!listed) return address === this.#home;
      if (listed.issued >= (this.#listed?.issued ?? 0)) {
        this.#listed = listed;
        await this.#keep(listed);
      }
      return true;
    } catch {
      return false;
    }
  }
}
