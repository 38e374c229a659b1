/** What the tab that delivers works with: this phone's databases, the server's, and the door between them. */

import { chapterDatabase } from "../domain/identifiers.ts";
import { openLocal } from "../store/databases.ts";
import { openRemote } from "../store/remote.ts";
import { handInAll } from "../sync/carrying.ts";
import { Deliverer, type Replica } from "../sync/delivering.ts";
import { Door } from "../sync/door.ts";
import { isFarewell } from "../sync/farewell.ts";
import { Synchroniser, type World } from "../sync/synchroniser.ts";
import { deliveries } from "./delivery.ts";
import { meter, openAddresses } from "./line.ts";
import { membership, phone } from "./session.ts";

type Wipe = () => Promise<void>;

/** Wipes this phone if the server it joined orders it. Whatever goes wrong in asking costs nothing. */
async function obey(door: Door, wipe: Wipe): Promise<void> {
  const member = membership.peek();
  const answer = await door.farewell().catch(() => undefined);
  if (answer && member?.keys && (await isFarewell(answer, member.device, member.keys.signing))) await wipe();
}

async function openWorld(token: string, slug: string, wipe: Wipe): Promise<World> {
  const line = { addresses: await openAddresses(), meter, fetch: fetch.bind(globalThis) };
  const door = new Door(location.origin, token, line);
  const replica = (name: string): Replica => ({
    name,
    local: openLocal(name),
    remote: openRemote(location.origin, name, door.fetch),
    snapshot: () => door.lines(`/db/${name}/_snapshot`),
  });
  const inView = chapterDatabase(slug);
  // A chapter this phone has left by a new invite would be refused, and stop everything else.
  const open = membership.peek()?.databases ?? [];
  const written = new Set([...(deliveries.peek()?.values() ?? [])].map(({ database }) => database));
  const others = open.filter((name) => name !== inView && written.has(name));
  const receipts = door.receipts.bind(door);
  const chapterReplica = replica(inView);
  return {
    register: replica("register"),
    chapter: chapterReplica,
    deliverers: [chapterReplica, ...others.map(replica)].map((each) => new Deliverer(phone, each, receipts)),
    door,
    carry: () => handInAll(phone, door.handIn.bind(door)),
    tell: door.tell.bind(door),
    obey: () => obey(door, wipe),
    random: Math.random,
  };
}

/** Keeps the chapter in view together with the server's, once it runs. `wipe` is done by order of the server only. */
export async function openSynchroniser(token: string, slug: string, wipe: Wipe): Promise<Synchroniser> {
  return new Synchroniser(await openWorld(token, slug, wipe));
}
