/** The line to the server: the addresses it is known by, and what the line has cost. Both are kept in the phone's own database. */

import { computed, effect, signal } from "@preact/signals";
import { change, find } from "../store/documents.ts";
import { followIds } from "../store/ranges.ts";
import { Addresses, type Listed } from "../sync/addresses.ts";
import { Meter, NOTHING, sum, type Usage } from "../sync/meter.ts";
import { membership, phone } from "./session.ts";
import { renewPolicy } from "./updates.ts";

const MIRRORS = "mirrors";
const METER = "meter";
const SAVE_AFTER_MS = 5000;

const kept = followIds<Usage>(phone, new Set([METER])).documents;

/** Of this tab, since it was opened. */
export const meter = new Meter();

const saved = signal(NOTHING);

const unsaved = computed<Usage>(() => {
  const { sent, received } = meter.usage.value;
  return { sent: sent - saved.value.sent, received: received - saved.value.received };
});

/** Of this phone since it joined; what this tab has not written down yet is in it. */
export const usageInAll = computed<Usage>(() => sum(kept.value?.get(METER) ?? NOTHING, unsaved.value));

async function save(): Promise<void> {
  const more = unsaved.peek();
  if (more.sent + more.received === 0) return;
  saved.value = meter.usage.peek();
  await change<Usage>(
    phone,
    async () => (await find<Usage>(phone, METER)) ?? { _id: METER, ...NOTHING },
    (stored) => ({ ...stored, ...sum(stored, more) }),
  );
}

/** Writes down what delivery costs, now and then: a tab that is killed forgets a few seconds of it. */
export function keepMeter(): void {
  effect(() => {
    const { sent, received } = unsaved.value;
    if (sent + received === 0) return;
    const timer = setTimeout(() => void save(), SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  });
}

/** The addresses as they were last known. */
export async function openAddresses(): Promise<Addresses> {
  const { keys, mirrors } = membership.peek() ?? {};
  const atJoining = mirrors?.length
    ? { mirrors, issued: 0, expires: Number.MAX_SAFE_INTEGER, asked: 0 }
    : undefined;
  const listed = (await find<Listed>(phone, MIRRORS)) ?? atJoining;
  return new Addresses(location.origin, keys?.signing, listed, keepList);
}

async function keepList(listed: Listed): Promise<void> {
  const before = await find<Listed>(phone, MIRRORS);
  if (listed.mirrors.some((address) => !before?.mirrors.includes(address))) renewPolicy();
  await change<Listed>(
    phone,
    async () => (await find<Listed>(phone, MIRRORS)) ?? { _id: MIRRORS, ...listed },
    (stored) => ({ ...stored, ...listed }),
  );
}
