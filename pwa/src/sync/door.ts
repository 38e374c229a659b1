/**
 * Requests to the server on behalf of this phone: each carries the device token and has a deadline, and an answer that this
 * device is not welcome is remembered, because it must stop delivery (and only delivery).
 */

export interface Refusal {
  status: 401 | 403;
  reason: string;
}

/** What the server says of one document: held there, counted in its totals, held by its upstream. */
export interface Receipt {
  stored: boolean;
  counted: boolean;
  upstream: boolean;
}

/** The server asks for a longpoll answer within this time; PouchDB then asks again. It shows a dead line within a minute. */
export const LONGPOLL_MS = 25_000;
const LONGPOLL_DEADLINE = LONGPOLL_MS + 20_000;
const DEADLINE = 120_000;

async function reasonOf(response: Response): Promise<string> {
  try {
    const { reason } = (await response.clone().json()) as { reason?: unknown };
    return typeof reason === "string" ? reason : "";
  } catch {
    return "";
  }
}

export class Door {
  /** Set when the server has refused this device; cleared by `forgive`. */
  refusal: Refusal | undefined;
  readonly #origin: string;
  readonly #token: string;
  readonly #fetch: typeof fetch;

  constructor(origin: string, token: string, fetchAnyhow: typeof fetch) {
    this.#origin = origin;
    this.#token = token;
    this.#fetch = fetchAnyhow;
  }

  forgive(): void {
    this.refusal = undefined;
  }

  /** `fetch` for PouchDB: reads the whole answer, so that the deadline covers the body too. */
  readonly fetch = async (input: RequestInfo | URL, options: RequestInit = {}): Promise<Response> => {
    const url = input instanceof Request ? input.url : String(input);
    const headers = new Headers(options.headers);
    headers.set("Authorization", `Bearer ${this.#token}`);
    const deadline = new AbortController();
    const timer = setTimeout(
      () => deadline.abort(),
      url.includes("feed=longpoll") ? LONGPOLL_DEADLINE : DEADLINE,
    );
    const cancel = () => deadline.abort();
    options.signal?.addEventListener("abort", cancel);
    try {
      // A coordinator's session cookie in the same browser must not speak for the phone.
      const answer = await this.#fetch(url, {
        ...options,
        headers,
        credentials: "omit",
        signal: deadline.signal,
      });
      const body = await answer.arrayBuffer();
      const whole = new Response(body.byteLength > 0 ? body : null, {
        status: answer.status,
        headers: answer.headers,
      });
      await this.#notice(url, whole);
      return whole;
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", cancel);
    }
  };

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

  async #notice(url: string, answer: Response): Promise<void> {
    // A checkpoint that may not be kept on a read-only database only costs speed; PouchDB goes on without it.
    const isCheckpoint = answer.status === 403 && url.includes("/_local/");
    if ((answer.status === 401 || answer.status === 403) && !isCheckpoint) {
      this.refusal = { status: answer.status, reason: await reasonOf(answer) };
    }
  }
}
