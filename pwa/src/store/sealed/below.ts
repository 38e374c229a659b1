/**
 * The database that keeps what is sealed, opened anew when the browser has ended the connection to it. Whoever waits for an answer
 * then is told that none will come: the adapter of that database would let them wait for ever.
 */

import type { ChangesOptions, Inner } from "./inner.ts";

/** What was asked for may have happened, or not. */
export class ConnectionLost extends Error {
  override name = "ConnectionLost";
  readonly status = 500;

  constructor() {
    super("the browser has ended the connection to what this phone keeps");
  }
}

export interface Connection {
  /** makes the database, which opens itself */
  make: () => Inner;
  /** calls the listener whenever the connection has ended without our asking */
  whenLost: (listener: () => void) => void;
  /** rejects where there is nothing to open again: it would be begun anew, empty */
  confirm: () => Promise<void>;
}

export class Below {
  readonly #connection: Connection;
  readonly #waiting = new Set<(error: unknown) => void>();
  #opening: Promise<Inner> | undefined;
  #opened: Inner | undefined;
  #lost: Inner | undefined;

  private constructor(connection: Connection) {
    this.#connection = connection;
    connection.whenLost(() => this.#lose());
  }

  /** Rejects when the database can't be opened. */
  static async open(connection: Connection): Promise<Below> {
    const below = new Below(connection);
    await below.#current();
    return below;
  }

  /** Rejects with `ConnectionLost` where the connection ended before the answer came; whoever asks next finds it open again. */
  async ask<T>(request: (inner: Inner) => Promise<T>): Promise<T> {
    return this.#unlessLost(request(await this.#current()));
  }

  /** Reads the changes that there are, once. */
  changes(options: ChangesOptions): { cancel: () => void } {
    let over = false;
    let feed: { cancel: () => void } | undefined;
    const read = (inner: Inner) =>
      new Promise<object | undefined>((resolve, reject) => {
        const complete = (error: unknown, result?: object) => (error ? reject(error) : resolve(result));
        feed = inner._changes({ ...options, complete });
        if (over) feed?.cancel();
      });
    this.ask(read).then(
      (result) => options.complete(null, result),
      (error) => options.complete(error),
    );
    return {
      cancel: () => {
        over = true;
        feed?.cancel();
      },
    };
  }

  #current(): Promise<Inner> {
    this.#opening ??= this.#open().catch((error) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #open(): Promise<Inner> {
    if (this.#lost) {
      await this.#connection.confirm();
      // Its adapter keeps what it has opened, and would give out the lost connection again.
      await this.#lost.close();
      this.#lost = undefined;
    }
    const inner = this.#connection.make();
    await this.#unlessLost(inner.info());
    this.#opened = inner;
    return inner;
  }

  #unlessLost<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      answer.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  #lose(): void {
    this.#lost ??= this.#opened;
    this.#opened = undefined;
    this.#opening = undefined;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const reject of waiting) reject(new ConnectionLost());
  }
}
