/** Who this phone is, and what its owner has chosen. Both live in the phone's own database and are the same in every tab. */

import { computed, signal } from "@preact/signals";
import { destroyLocal, openLocal } from "../store/databases.ts";
import {
  DEFAULT_SETTINGS,
  MEMBERSHIP,
  type Membership,
  SETTINGS,
  type Settings,
  saveMembership,
  saveSettings,
} from "../store/phone.ts";
import { followIds, type Range } from "../store/ranges.ts";

export const phone = openLocal("phone");

const own = signal<Range<Membership | Settings>>();

/** Resolves when the phone's own database is read. Rejects where this browser can't store data. */
export async function openSession(): Promise<void> {
  await phone.info();
  const range = followIds<Membership | Settings>(phone, new Set([MEMBERSHIP, SETTINGS]));
  own.value = range;
  await new Promise<void>((resolve) => {
    const stop = range.documents.subscribe((documents) => {
      if (documents) queueMicrotask(() => resolve(stop()));
    });
  });
}

/** undefined: not joined */
export const membership = computed(
  () => own.value?.documents.value?.get(MEMBERSHIP) as Membership | undefined,
);

export const settings = computed<Settings>(() => ({
  ...DEFAULT_SETTINGS,
  ...(own.value?.documents.value?.get(SETTINGS) as Settings | undefined),
}));

/** The chapters this phone may count for. */
export const chapters = computed<string[]>(() =>
  (membership.value?.databases ?? []).flatMap((name) => (name.startsWith("chapter-") ? [name.slice(8)] : [])),
);

/** The chapter in view, or undefined before joining. */
export const chapter = computed<string | undefined>(() => {
  const chosen = settings.value.chapter;
  return chosen !== null && chapters.value.includes(chosen) ? chosen : chapters.value[0];
});

export function choose(changed: Partial<Settings>): Promise<void> {
  return saveSettings(phone, changed);
}

export function enrol(joined: Membership): Promise<void> {
  return saveMembership(phone, joined);
}

/** Removes everything this phone holds: counts, names, its token. Delivery must have been stopped before. */
export async function forgetEverything(): Promise<void> {
  await destroyLocal([...(membership.value?.databases ?? []), "register", "phone"]);
}
