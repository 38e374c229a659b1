/** How long a request may take. */

/** Ends a request that takes longer than it may; `renew` gives it the whole time again. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #milliseconds: number;
  #timer: ReturnType<typeof setTimeout>;

  constructor(milliseconds: number, outer?: AbortSignal | null) {
    this.#milliseconds = milliseconds;
    this.#timer = setTimeout(this.#abort, milliseconds);
    outer?.addEventListener("abort", this.#abort, { signal: this.#controller.signal });
    if (outer?.aborted) this.#abort();
  }

  readonly #abort = () => this.#controller.abort();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  renew(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#abort, this.#milliseconds);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
