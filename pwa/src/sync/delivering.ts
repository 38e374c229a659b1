/**
 * Bringing what was counted on this phone to the server, document by document.
 *
 *     fold what is written ahead ─► settle conflicts ─► push what is new ─► ask for receipts ─► offer the rest one by one ─► ask again
 *
 * Replication alone is no proof: its checkpoint can be ahead of the truth. Only a receipt makes a document delivered, and a
 * document without one is offered again by itself.
 */

import type { InChapter } from "../generated/documents.ts";
import { aheadOf } from "../store/ahead.ts";
import type { Database } from "../store/databases.ts";
import { hasStatus, readableOf, type Stored, withIds } from "../store/documents.ts";
import { settleConflicts } from "../store/sheets.ts";
import { type Delivery, deliveryId, listDeliveries, noteReceipt, noteRefusal } from "./deliveries.ts";
import type { Receipt } from "./door.ts";
import { type Denial, denialOf, push } from "./replication.ts";
import type { OpenLines } from "./snapshot.ts";

type Written = InChapter & Stored;

/** One database, here and at the server. */
export interface Replica {
  name: string;
  local: Database;
  remote: Database;
  /** the server's snapshot of it, for the first sync */
  snapshot: OpenLines;
}

export type AskReceipts = (
  database: string,
  revs: Record<string, string>,
) => Promise<Record<string, Receipt>>;

/**
 * What is left after a delivery: documents the server lacks, those it refused, and since when (milliseconds since 1970) the oldest
 * of both has been waiting; and documents it holds but has not counted yet.
 */
export interface Outcome {
  unsent: number;
  refused: number;
  since: number | null;
  uncounted: number;
}

export const NOTHING_LEFT: Outcome = { unsent: 0, refused: 0, since: null, uncounted: 0 };

export function earlier(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}

/** `all`: ask anew about every document ever written here, and offer the refused ones again. */
export interface Effort {
  all: boolean;
}

/** A failure of this one exchange (a document or batch the server can't take), not of the line or of this device's standing. */
function isAboutDocuments(error: unknown): boolean {
  return [400, 409, 412, 413, 415].some((status) => hasStatus(error, status));
}

export class Deliverer {
  readonly #phone: Database;
  readonly #replica: Replica;
  readonly #ask: AskReceipts;

  constructor(phone: Database, replica: Replica, ask: AskReceipts) {
    this.#phone = phone;
    this.#replica = replica;
    this.#ask = ask;
  }

  /** Delivers what can be delivered. Rejects when the server can't be reached or refuses this device. */
  async deliver({ all }: Effort): Promise<Outcome> {
    // What can't be folded now waits for the next delivery, and holds nothing up.
    await aheadOf(this.#replica.local)
      .fold()
      .catch(() => {});
    const pending = await this.#written((delivery, document) => delivery.rev !== document._rev);
    for (const { _id } of pending)
      if (_id.startsWith("sheet:")) await settleConflicts(this.#replica.local, _id);
    if (pending.length > 0) await this.#push();
    await this.#receive((delivery, document) => all || delivery.rev !== document._rev || !delivery.counted);
    const left = await this.#written(
      (delivery, document) =>
        delivery.rev !== document._rev && (all || delivery.refused?.rev !== document._rev),
    );
    for (const document of left) await this.#offer(document);
    if (left.length > 0) await this.#receive((delivery, document) => delivery.rev !== document._rev);
    return this.outcome();
  }

  /** Whether any of these documents was written on this phone. */
  async tracks(ids: readonly string[]): Promise<boolean> {
    const entries = await withIds(
      this.#phone,
      ids.map((id) => deliveryId(this.#replica.name, id)),
    );
    return entries.length > 0;
  }

  /** Documents written here that are as `wanted`. One that is damaged can't be delivered, and holds up no other one. */
  async #written(wanted: (delivery: Delivery, document: Stored) => boolean): Promise<Written[]> {
    const deliveries = new Map(
      (await listDeliveries(this.#phone, this.#replica.name)).map((delivery) => [delivery.id, delivery]),
    );
    const documents = await readableOf<InChapter>(this.#replica.local, [...deliveries.keys()]);
    return documents.filter((document) => {
      const delivery = deliveries.get(document._id);
      return delivery !== undefined && wanted(delivery, document);
    });
  }

  async #push(): Promise<void> {
    try {
      await this.#quarantine(await push(this.#replica.local, this.#replica.remote));
    } catch (error) {
      // One document can spoil a whole batch; each is then offered by itself.
      if (!isAboutDocuments(error)) throw error;
    }
  }

  async #offer({ _id }: Written): Promise<void> {
    const document = await this.#replica.local.get<InChapter>(_id, { revs: true });
    try {
      const [fault] = await this.#replica.remote.bulkDocs([document], { new_edits: false });
      if (fault) await this.#quarantine([{ ...denialOf(fault), id: _id }]);
    } catch (error) {
      if (!isAboutDocuments(error)) throw error;
      await this.#quarantine([{ ...denialOf(error), id: _id }]);
    }
  }

  /** Keeps why documents of this phone were refused. Refusals of other people's documents are not this phone's business. */
  async #quarantine(denials: readonly Denial[]): Promise<void> {
    const denied = new Map(denials.map(({ id, why }) => [id, why]));
    for (const { _id, _rev } of await this.#written(({ id }) => denied.has(id))) {
      const why = denied.get(_id);
      if (why) await noteRefusal(this.#phone, this.#replica.name, _id, { rev: _rev, ...why });
    }
  }

  async #receive(wanted: (delivery: Delivery, document: Stored) => boolean): Promise<void> {
    const asked = await this.#written(wanted);
    if (asked.length === 0) return;
    const askedAt = Date.now();
    const revs = Object.fromEntries(asked.map(({ _id, _rev }) => [_id, _rev]));
    const receipts = await this.#ask(this.#replica.name, revs);
    const now = new Map((await this.#written(({ id }) => id in revs)).map(({ _id, _rev }) => [_id, _rev]));
    for (const document of asked) {
      const receipt = receipts[document._id];
      const unchanged = now.get(document._id) === document._rev;
      if (receipt) {
        await noteReceipt(this.#phone, this.#replica.name, document, receipt, unchanged ? null : askedAt);
      }
    }
  }

  /** What is left now, without asking anybody. */
  async outcome(): Promise<Outcome> {
    const left: Outcome = { ...NOTHING_LEFT };
    await this.#written((delivery, { _rev }) => {
      if (delivery.rev === _rev) {
        if (!delivery.counted) left.uncounted += 1;
        return false;
      }
      left[delivery.refused?.rev === _rev ? "refused" : "unsent"] += 1;
      left.since = earlier(left.since, delivery.since);
      return false;
    });
    return left;
  }
}
