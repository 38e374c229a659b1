/** What this phone sends by other hands, and what it carries for others. */

import { makeParcel, senderOf } from "../courier/parcel.ts";
import type { Bytes } from "../domain/bytes.ts";
import { aheadOf } from "../store/ahead.ts";
import { openLocal } from "../store/databases.ts";
import { followPrefix } from "../store/ranges.ts";
import { type Carried, isParcel, PARCEL, takeIn } from "../sync/carrying.ts";
import { nudge, written } from "./delivery.ts";
import { membership, phone } from "./session.ts";

export const carried = followPrefix<Carried>(phone, PARCEL).documents;

/** Whether this phone and its server can do this at all. */
export const canSend = () => membership.value !== undefined && senderOf(membership.value) !== undefined;

/** A parcel of everything the server has not acknowledged. */
export async function packUnsent(): Promise<Bytes> {
  const sender = membership.value && senderOf(membership.value);
  if (!sender) throw new Error("this phone has no key of its own");
  const databases: Record<string, object[]> = {};
  for (const { delivery, document } of written.value.filter(({ unsent }) => unsent > 0)) {
    const local = openLocal(delivery.database);
    await aheadOf(local).fold();
    const whole = await local.get(document._id, { revs: true });
    databases[delivery.database] = [...(databases[delivery.database] ?? []), whole];
  }
  return makeParcel(sender, databases);
}

/** Takes in somebody's parcel; it is handed in as soon as there is a network. Resolves with whether it was one. */
export async function carry(content: Bytes): Promise<boolean> {
  if (!isParcel(content)) return false;
  await takeIn(phone, content, Date.now());
  nudge();
  return true;
}

export async function forget(id: string): Promise<void> {
  await phone.remove(await phone.get(id));
}
