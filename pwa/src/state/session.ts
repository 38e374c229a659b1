/** Who this phone is, and what its owner has chosen. Both live in the phone's own database and are the same in every tab. */

import { computed, signal } from "@preact/signals";
import { readRecord, writeRecord } from "../safety/record.ts";
import { access, type NewVault, openVault, prepareVault, vaultState } from "../safety/vault.ts";
import { areDatabasesGone } from "../safety/wiping.ts";
import { openLocal, removeOtherSpaces } from "../store/databases.ts";
import { isDamaged, readableOf } from "../store/documents.ts";
import {
  DEFAULT_SETTINGS,
  type Language,
  MEMBERSHIP,
  type Membership,
  SETTINGS,
  type Settings,
  saveMembership,
  saveSettings,
} from "../store/phone.ts";
import { followIds, type Range } from "../store/ranges.ts";
import { adoptUnsealed, unsealedDatabases } from "../store/unsealed.ts";

/** Its requests wait until this phone is unlocked. */
export const phone = openLocal("phone");

const own = signal<Range<Membership | Settings>>();

/** The language chosen on this phone, known while it is locked too. */
const spoken = signal<Language | null>(null);

/** Whether there is nothing to wait for: the session is read, or there is none yet. */
export const entered = signal(false);

/** Whether this phone held something that is not there any more. */
export const evicted = signal(false);

/** Whether it can't be read any more as whom this phone had joined. What was counted on it is there all the same. */
export const unreadable = signal(false);

/** Opens what can be opened without the person. Rejects as `openVault` does. */
export async function openSession(): Promise<void> {
  if (!isSecureContext) throw new Error("browsers offer no cryptography at addresses without https");
  spoken.value = (await readRecord("language")) ?? null;
  const space = await openVault();
  // Also while it is locked: what a change of the keys left, when it was cut short, is not to wait for the passphrase.
  if (space) await removeOtherSpaces(space);
  const isNew = vaultState.value === "empty";
  evicted.value = isNew && (await areDatabasesGone());
  const before = isNew && !evicted.value && (await unsealedDatabases()).length > 0;
  if (before) await (await prepareVault("")).keep();
  const reading = access.then(read);
  if (vaultState.value === "open") await reading;
  entered.value = vaultState.value !== "locked";
}

async function read(): Promise<void> {
  await adoptUnsealed(openLocal);
  await phone.info();
  unreadable.value = await isDamaged(phone, MEMBERSHIP);
  const range = followIds<Membership | Settings>(phone, new Set([MEMBERSHIP, SETTINGS]), readableOf);
  own.value = range;
  await new Promise<void>((resolve) => {
    const stop = range.documents.subscribe((documents) => {
      if (documents) queueMicrotask(() => resolve(stop()));
    });
  });
  entered.value = true;
}

/** undefined: not joined */
export const membership = computed(
  () => own.value?.documents.value?.get(MEMBERSHIP) as Membership | undefined,
);

export const settings = computed<Settings>(() => {
  const stored = own.value?.documents.value?.get(SETTINGS) as Settings | undefined;
  return { ...DEFAULT_SETTINGS, ...stored, language: stored?.language ?? spoken.value };
});

/** Whether this phone is a coordinator's, who closes evenings. The server holds everybody to it. */
export const mayCoordinate = computed(() => membership.value?.role === "coordinator");

/** The chapters this phone may count for. */
export const chapters = computed<string[]>(() =>
  (membership.value?.databases ?? []).flatMap((name) => (name.startsWith("chapter-") ? [name.slice(8)] : [])),
);

/** The chapter in view, or undefined before joining. */
export const chapter = computed<string | undefined>(() => {
  const chosen = settings.value.chapter;
  return chosen !== null && chapters.value.includes(chosen) ? chosen : chapters.value[0];
});

export async function choose(changed: Partial<Settings>): Promise<void> {
  if (changed.language) {
    await writeRecord("language", changed.language);
    spoken.value = changed.language;
  }
  if (vaultState.value === "open") await saveSettings(phone, changed);
}

/** Keeps what the server answered to joining; on a phone that held nothing yet, behind the vault made for it. */
export async function enrol(joined: Membership, vault: NewVault | undefined): Promise<void> {
  await vault?.keep();
  if (vault) await removeOtherSpaces(vault.access.space);
  await saveMembership(phone, joined);
  evicted.value = false;
  unreadable.value = false;
}
