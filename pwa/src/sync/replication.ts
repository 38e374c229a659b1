/** PouchDB's replication with our settings: big batches, no filter functions, no retry of its own. */

import type { Database } from "../store/databases.ts";
import { LONGPOLL_MS } from "./door.ts";
import { type Why, whyOf } from "./why.ts";

const OPTIONS = {
  batch_size: 1000,
  retry: false,
  // PouchDB would rather wait for heartbeats forever; a request that ends by itself shows a dead line.
  heartbeat: false,
  timeout: LONGPOLL_MS,
} as const;

/** A document the server refused to take, and why. */
export interface Denial {
  id: string;
  why: Why;
}

/** What PouchDB says of a refused document: the row of the server's answer as it came, or an error of its own. */
interface Denied {
  id?: string;
  docId?: string;
  message?: string;
}

export function denialOf(error: unknown): Denial {
  const { id, docId, message } = error as Denied;
  return { id: id ?? docId ?? "", why: whyOf(error) ?? { reason: message ?? "" } };
}

/** Sends everything the server lacks, once. Resolves with the documents it refused; the others are not held up by them. */
export async function push(local: Database, remote: Database): Promise<Denial[]> {
  const denials: Denial[] = [];
  const replication = local.replicate.to(remote, OPTIONS);
  replication.on("denied", (error: unknown) => {
    const { doc = error } = error as { doc?: unknown };
    denials.push(denialOf(doc));
  });
  await replication;
  return denials;
}

/** How far a pull has come is kept on this phone alone: a request less for every batch, and the server need not know. */
const PULL = { ...OPTIONS, checkpoint: "target" } as const;

/** Fetches everything this phone lacks, once. */
export async function pull(local: Database, remote: Database): Promise<void> {
  await local.replicate.from(remote, PULL);
}

/**
 * Fetches what this phone lacks and then everything new, until the signal is aborted. `arrived` is called with the ids of what
 * was fetched and stored. Rejects when the connection is lost.
 */
export function pullLive(
  local: Database,
  remote: Database,
  signal: AbortSignal,
  arrived: (ids: string[]) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const replication = local.replicate.from(remote, { ...PULL, live: true });
    replication.on("change", ({ docs }) => arrived(docs.map(({ _id }) => _id)));
    replication.on("paused", (error) => error && reject(error));
    replication.on("error", reject);
    replication.on("complete", () => resolve());
    // A cancelled replication is also a rejected promise of PouchDB's, which nobody waits for.
    replication.catch(() => {});
    signal.addEventListener("abort", () => replication.cancel(), { once: true });
    if (signal.aborted) replication.cancel();
  });
}
