/**
 * Whether what this phone keeps can be read, and the keys while it can.
 *
 *     empty ──(join)──► open ◄──(passphrase, or another tab that is open)── locked
 *                         └──────────────(lock: the page starts afresh)──────┘
 *
 * Databases wait for `access` to be opened; so nothing else has to ask in which state the phone is. There is no way back from
 * open to locked within a page: locking forgets the keys and loads the page anew, and with it goes everything it showed.
 */

import { signal } from "@preact/signals";
import { type Bytes, toHex } from "../domain/bytes.ts";
import type { Access } from "../store/sealed/adapter.ts";
import { type Keys, keysOf, newMaster, randomBytes, unwrap, WrongPassphrase, wrap } from "./keys.ts";
import {
  changeVault,
  createVault,
  type PassphraseLock,
  readRecord,
  SCHEMA,
  type VaultRecord,
  writeRecord,
} from "./record.ts";
import { stretch, stretchAnew } from "./stretching/stretch.ts";
import { alone, askOtherTabs, isOpenElsewhere, offerToTabs, useVault } from "./tabs.ts";

export type VaultState = "empty" | "locked" | "open";

export const vaultState = signal<VaultState>("empty");

/** Whether a passphrase guards the keys; without one they lie beside the data. */
export const guarded = signal(false);

export class Locked extends Error {
  override name = "Locked";
}

/** A newer app has laid out what this phone keeps: this one would spoil it. */
export class NewerStore extends Error {
  override name = "NewerStore";
}

const SALT_BYTES = 16;

let keys: Keys | undefined;
let shared = true;
let grant: (access: Access) => void = () => {};

/** Resolves once the keys are there. */
export const access = new Promise<Access>((resolve) => {
  grant = resolve;
});

function take(space: string, found: Keys): void {
  keys = found;
  vaultState.value = "open";
  grant({
    space,
    keys: () => {
      if (!keys) throw new Locked("this phone is locked");
      return keys;
    },
  });
  offerToTabs(space, () => (shared ? keys : undefined));
}

/** Rejects where these keys are not kept any more, as after everything was wiped: nothing is to be begun under them. */
export async function confirmVault(): Promise<void> {
  const { space } = await access;
  if ((await readRecord("vault"))?.space !== space) throw new Error("what this phone kept is gone");
}

/** Whether other tabs are given the keys when they ask. */
export function shareKeys(share: boolean): void {
  shared = share;
}

/** From now on nothing can be read or written in this page. */
export function dropKeys(): void {
  keys = undefined;
}

/**
 * Looks what there is, and resolves with the space of it. Rejects where this browser can't store anything, with `NewerStore`, and
 * with `OtherTabs` if an older app is open in one that does not step aside.
 */
export async function openVault(): Promise<string | undefined> {
  await useVault();
  const record = await readCurrent();
  if (record) await openRecord(record);
  return record?.space;
}

/** The vault as this app lays it out. Whoever finds it older raises it alone, so that no older app writes from then on. */
async function readCurrent(): Promise<VaultRecord | undefined> {
  for (;;) {
    const record = await readRecord("vault");
    if (!record || record.schema === SCHEMA) return record;
    if (record.schema > SCHEMA)
      throw new NewerStore(`laid out as ${record.schema}, this app knows ${SCHEMA}`);
    await alone(() => changeVault((found) => ({ ...found, schema: Math.max(found.schema, SCHEMA) })));
  }
}

async function openRecord(record: VaultRecord): Promise<void> {
  guarded.value = record.lock.kind === "passphrase";
  if (record.lock.kind === "open") return take(record.space, record.lock.keys);
  const found = (await isOpenElsewhere()) ? await askOtherTabs(record.space) : undefined;
  if (found) take(record.space, found);
  else vaultState.value = "locked";
}

/** A vault that is made but not kept yet: nothing has happened until it is. */
export interface NewVault {
  access: Access;
  /** Keeps it where there was none, and opens it. */
  keep: () => Promise<void>;
  /** Keeps it in place of the one there is, which can't be opened any more. */
  replace: () => Promise<void>;
}

/** Makes new keys, behind a passphrase or behind nothing. Nothing is stored yet. */
export async function prepareVault(passphrase: string): Promise<NewVault> {
  const master = newMaster();
  const made = await keysOf(master);
  const lock = passphrase ? await lockOf(master, passphrase) : ({ kind: "open", keys: made } as const);
  master.fill(0);
  const space = toHex(randomBytes(4));
  const record: VaultRecord = { schema: SCHEMA, space, lock };
  return {
    access: { space, keys: () => made },
    keep: async () => {
      await createVault(record);
      guarded.value = lock.kind === "passphrase";
      take(space, made);
    },
    replace: () => writeRecord("vault", record),
  };
}

async function lockOf(master: Bytes, passphrase: string): Promise<PassphraseLock> {
  const salt = randomBytes(SALT_BYTES);
  const { stretched, cost } = await stretchAnew(passphrase, salt);
  const wrapped = await wrap(master, stretched);
  return { kind: "passphrase", salt, cost, wrapped, wrong: 0, wipeAfter: null };
}

type Guarded = VaultRecord & { lock: PassphraseLock };

async function readGuarded(): Promise<Guarded> {
  const record = await readRecord("vault");
  if (record?.lock.kind !== "passphrase") throw new Error("no passphrase guards this phone");
  return record as Guarded;
}

/**
 * The master, if the passphrase is right. A try is counted before it is made: pulling the plug in between gains nothing.
 * Throws WrongPassphrase.
 */
async function open({ lock }: Guarded, passphrase: string): Promise<Bytes> {
  await changeLock(({ wrong }) => ({ wrong: wrong + 1 }));
  const master = await unwrap(lock.wrapped, await stretch(passphrase, lock.salt, lock.cost));
  await changeLock(() => ({ wrong: 0 }));
  return master;
}

function changeLock(change: (lock: PassphraseLock) => Partial<PassphraseLock>): Promise<void> {
  return changeVault((record) => {
    const { lock } = record;
    return lock.kind === "passphrase" ? { ...record, lock: { ...lock, ...change(lock) } } : record;
  });
}

/** How many more wrong passphrases there may be before everything is wiped; null: any number. */
export async function triesLeft(): Promise<number | null> {
  const { lock } = await readGuarded();
  return lock.wipeAfter === null ? null : Math.max(0, lock.wipeAfter - lock.wrong);
}

/** Opens the vault. Throws WrongPassphrase. */
export async function unlock(passphrase: string): Promise<void> {
  const record = await readGuarded();
  const master = await open(record, passphrase);
  const found = await keysOf(master);
  master.fill(0);
  take(record.space, found);
}

/** Another passphrase for the same keys. Throws WrongPassphrase for the old one. */
export async function changePassphrase(old: string, next: string): Promise<void> {
  const record = await readGuarded();
  const master = await open(record, old);
  const lock = await lockOf(master, next);
  master.fill(0);
  await changeLock(({ wipeAfter }) => ({ ...lock, wipeAfter }));
}

export async function readWipeAfter(): Promise<number | null> {
  return (await readGuarded()).lock.wipeAfter;
}

export function setWipeAfter(wipeAfter: number | null): Promise<void> {
  return changeLock(() => ({ wipeAfter }));
}

export { WrongPassphrase };
