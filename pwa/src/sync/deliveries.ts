/**
 * How far each document written on this phone has got. One entry per document, kept in the phone's own database:
 *
 *     written here ──► on this phone ──receipt──► at the server ──► counted ──► held upstream ("national")
 *                          └──refused by the server, with its reason: kept here, offered again after a change
 *
 * An entry says which revision the server has acknowledged. Whether a document is delivered follows by comparing that with its
 * current revision, so no interruption can leave a document marked as delivered that is not.
 */

import { tally, taps } from "../domain/counting.ts";
import type { InChapter } from "../generated/documents.ts";
import type { Database } from "../store/databases.ts";
import { change, find, type Stored, withPrefix } from "../store/documents.ts";
import type { Receipt } from "./door.ts";
import type { Why } from "./why.ts";

export interface Delivery {
  database: string;
  id: string;
  /** the revision the server says it holds */
  rev: string | null;
  /** the taps in that revision */
  taps: number;
  /** the people and letters in that revision; an entry of an older version of the app has none */
  heads?: number;
  letters?: number;
  counted: boolean;
  upstream: boolean;
  /** since when (milliseconds since 1970) something of it is not at the server */
  since: number | null;
  refused: Refused | null;
}

/** The revision that was refused, and why. */
export interface Refused extends Why {
  rev: string;
}

export type Progress = "phone" | "server" | "counted" | "national" | "refused";

export const DELIVERY = "delivery:";

export function deliveryId(database: string, id: string): string {
  return `${DELIVERY}${database}:${id}`;
}

/** How many taps a document stands for: a sheet as many as were made, any other document one. */
export function weight(document: InChapter): number {
  return document.type === "sheet" ? taps(document) : 1;
}

export function progressOf(delivery: Delivery, document: Stored): Progress {
  if (delivery.refused?.rev === document._rev) return "refused";
  if (delivery.rev !== document._rev) return "phone";
  if (delivery.upstream) return "national";
  return delivery.counted ? "counted" : "server";
}

/** The taps of a document that the server has not acknowledged. */
export function unsentTaps(delivery: Delivery, document: InChapter & Stored): number {
  if (delivery.rev === document._rev) return 0;
  return Math.max(1, weight(document) - delivery.taps);
}

/** The people and letters of a document that the server has not acknowledged. */
export function unsentValues(
  delivery: Delivery,
  document: InChapter & Stored,
): { heads: number; letters: number } {
  if (delivery.rev === document._rev) return { heads: 0, letters: 0 };
  const { heads, letters } = values(document);
  return {
    heads: Math.max(0, heads - (delivery.heads ?? 0)),
    letters: Math.max(0, letters - (delivery.letters ?? 0)),
  };
}

function values(document: InChapter): { heads: number; letters: number } {
  const { heads, written: letters } = tally(document.type === "sheet" ? [document] : []);
  return { heads, letters };
}

async function update(
  phone: Database,
  database: string,
  id: string,
  apply: (delivery: Delivery) => Partial<Delivery> | undefined,
): Promise<void> {
  const _id = deliveryId(database, id);
  const none: Delivery = {
    database,
    id,
    rev: null,
    taps: 0,
    counted: false,
    upstream: false,
    since: null,
    refused: null,
  };
  await change<Delivery>(
    phone,
    async () => (await find<Delivery>(phone, _id)) ?? { _id, ...none },
    (delivery) => {
      const changed = apply(delivery);
      return changed ? { ...delivery, ...changed } : delivery;
    },
  );
}

/** Notes, before the write, that a document is about to be written. */
export function noteUnsent(phone: Database, database: string, id: string, now: number): Promise<void> {
  return update(phone, database, id, ({ since }) => (since === null ? { since: now } : undefined));
}

/** Notes what the server said of a revision. `since` is when later taps began, null if there are none. */
export function noteReceipt(
  phone: Database,
  database: string,
  document: InChapter & Stored,
  receipt: Receipt,
  since: number | null,
): Promise<void> {
  const { stored, counted, upstream } = receipt;
  return update(phone, database, document._id, (delivery) => {
    if (stored) {
      const acknowledged = { rev: document._rev, taps: weight(document), ...values(document) };
      return { ...acknowledged, counted, upstream, since, refused: null };
    }
    // That a newer revision is not there says nothing of the acknowledged one; that this one is gone says all.
    if (delivery.rev !== document._rev) return undefined;
    return { rev: null, taps: 0, heads: 0, letters: 0, counted: false, upstream: false, since: Date.now() };
  });
}

export function noteRefusal(phone: Database, database: string, id: string, refused: Refused): Promise<void> {
  return update(phone, database, id, () => ({ refused }));
}

/** All entries, or those of one database. */
export function listDeliveries(phone: Database, database?: string): Promise<(Delivery & Stored)[]> {
  return withPrefix<Delivery>(phone, database === undefined ? DELIVERY : `${DELIVERY}${database}:`);
}
