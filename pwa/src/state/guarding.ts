/** Putting a phone behind a passphrase that had none. */

import { alone } from "../safety/tabs.ts";
import { access, dropKeys, prepareVault } from "../safety/vault.ts";
import { copyUnder, removeOtherSpaces } from "../store/databases.ts";
import { settled } from "../store/sealed/adapter.ts";
import { listDeliveries } from "../sync/deliveries.ts";
import { stopSync } from "./delivery.ts";
import { cover } from "./locking.ts";
import { membership, phone } from "./session.ts";

/** Everything this phone may keep a database of: also chapters it has left, if it counted there. */
async function databasesInUse(): Promise<string[]> {
  const written = (await listDeliveries(phone)).map(({ database }) => database);
  return [...new Set(["phone", "register", ...(membership.value?.databases ?? []), ...written])];
}

/**
 * Seals everything anew under keys that only the passphrase opens, and removes what the old keys sealed: those lay beside the
 * data and may be found again. Until all is copied and compared, the old is what counts. Ends with a locked page.
 */
export async function guard(passphrase: string): Promise<void> {
  const vault = await prepareVault(passphrase);
  cover.value = "locking";
  try {
    await alone(async () => {
      await stopSync();
      await settled();
      await copyUnder(vault.access, await databasesInUse());
      await vault.replace();
      await removeOtherSpaces(vault.access.space);
    });
  } catch (error) {
    await removeOtherSpaces((await access).space);
    cover.value = "none";
    throw error;
  }
  dropKeys();
  location.assign("/");
}
