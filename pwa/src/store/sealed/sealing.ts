/**
 * How one database's documents and ids look on the disk.
 *
 *     sheet:EV:DEV        ─►  hmac("sheet:") hmac("sheet:EV:") hmac("sheet:EV:DEV")        12 bytes of each, in hex
 *     { heads: … }        ─►  schema ‖ iv ‖ AES-256-GCM(padded JSON of id and body)        base64
 *
 * Ids keep their parts apart so that documents that belong together can still be read together; what that shows is how many
 * of a kind there are, not what they are. The sealed text is bound to the database and the id it lies under: moved to another
 * one, it can't be opened.
 */

import { type Bytes, fromBase64, toBase64, toHex } from "../../domain/bytes.ts";
import { IV_BYTES, type Keys, randomBytes } from "../../safety/keys.ts";

export const SCHEMA = 1;

/** Lengths are rounded up to this, so that a number's digits can't be told from the size. JSON may end in spaces. */
const GRAIN = 128;
const PART_BYTES = 12;

export type Body = Record<string, unknown>;

export interface Opened {
  id: string;
  body: Body;
}

/** What the row of such a record says, where `allDocs` was asked for it by its id. */
export const DAMAGED = "damaged";

/** Something on the disk that these keys did not seal, or not for this place. */
export class Damaged extends Error {
  override name = "Damaged";
  readonly status = 500;
  /** the revision that can't be read, where it is known: over it one may begin anew */
  readonly rev: string | undefined;

  constructor(rev?: string) {
    super("a record on this phone can't be read");
    this.rev = rev;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** "a:b:c" → "a:", "a:b:", "a:b:c" */
function partsOf(id: string): string[] {
  let end = 0;
  return (id.match(/[^:]*:|[^:]+$/g) ?? []).map((piece) => {
    end += piece.length;
    return id.slice(0, end);
  });
}

function padded(text: string): Bytes {
  const bytes = encoder.encode(text);
  const whole = new Uint8Array(Math.ceil(bytes.length / GRAIN) * GRAIN).fill(0x20);
  whole.set(bytes);
  return whole;
}

export class Sealing {
  readonly #database: string;
  readonly #keys: () => Keys;
  readonly #parts = new Map<string, Promise<string>>();

  /** `keys` is asked anew every time, and throws once this phone is locked. */
  constructor(database: string, keys: () => Keys) {
    this.#database = database;
    this.#keys = keys;
  }

  /** The name of the database itself. */
  name(): Promise<string> {
    return this.#digest("database");
  }

  /** What an id, or the beginning of one that ends in ":", is called on the disk. */
  async opaque(id: string): Promise<string> {
    return (await Promise.all(partsOf(id).map((part) => this.#part(part)))).join("");
  }

  async seal(opaque: string, { id, body }: Opened): Promise<string> {
    const iv = randomBytes(IV_BYTES);
    const how = { name: "AES-GCM", iv, additionalData: this.#place(opaque) };
    const text = padded(JSON.stringify([id, body]));
    const sealed = new Uint8Array(await crypto.subtle.encrypt(how, this.#keys().documents, text));
    const whole = new Uint8Array(1 + IV_BYTES + sealed.length);
    whole[0] = SCHEMA;
    whole.set(iv, 1);
    whole.set(sealed, 1 + IV_BYTES);
    return toBase64(whole);
  }

  /** Throws Damaged for what was not sealed for this very place. */
  async unseal(opaque: string, sealed: unknown): Promise<Opened> {
    const { documents } = this.#keys();
    try {
      const whole = fromBase64(String(sealed));
      const iv = whole.subarray(1, 1 + IV_BYTES);
      const how = { name: "AES-GCM", iv, additionalData: this.#place(opaque) };
      const text = await crypto.subtle.decrypt(how, documents, whole.subarray(1 + IV_BYTES));
      const [id, body] = JSON.parse(decoder.decode(text)) as [string, Body];
      return { id, body };
    } catch {
      throw new Damaged();
    }
  }

  #place(opaque: string): Bytes {
    return encoder.encode(JSON.stringify([SCHEMA, this.#database, opaque]));
  }

  #part(part: string): Promise<string> {
    let known = this.#parts.get(part);
    if (!known) {
      known = this.#digest(`id ${part}`);
      this.#parts.set(part, known);
    }
    return known;
  }

  async #digest(what: string): Promise<string> {
    const named = encoder.encode(JSON.stringify([this.#database, what]));
    const mac = await crypto.subtle.sign("HMAC", this.#keys().ids, named);
    return toHex(new Uint8Array(mac, 0, PART_BYTES));
  }
}
