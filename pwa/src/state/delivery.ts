/** What of this phone's work is delivered, and the one tab that delivers it. */

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { InChapter } from "../generated/documents.ts";
import { openLocal } from "../store/databases.ts";
import { readableOf, type Stored } from "../store/documents.ts";
import { followIds, followPrefix, type Range } from "../store/ranges.ts";
import {
  DELIVERY,
  type Delivery,
  deliveryId,
  type Progress,
  progressOf,
  unsentTaps,
  unsentValues,
} from "../sync/deliveries.ts";
import { lead, Tabs } from "../sync/leader.ts";
import type { Synchroniser, SyncState } from "../sync/synchroniser.ts";
import { beyond, takeUp } from "./acknowledged.ts";
import { keepMeter } from "./line.ts";
import { loadPart } from "./parts.ts";
import { chapter, membership, phone } from "./session.ts";

export const ledgerKey = deliveryId;

/** All entries, by their ids; undefined while they are read. */
export const deliveries: ReadonlySignal<ReadonlyMap<string, Delivery & Stored> | undefined> =
  followPrefix<Delivery>(phone, DELIVERY).documents;

interface Own {
  ids: Set<string>;
  range: Range<InChapter>;
}

const own = signal<ReadonlyMap<string, Own>>(new Map());

/** Begins to follow a document of this phone; must happen before its first write, or its delivery is shown late. */
export function remember(database: string, id: string): void {
  const known = own.peek().get(database);
  if (known) {
    if (known.ids.has(id)) return;
    known.ids.add(id);
    own.value = new Map(own.peek());
    return;
  }
  const ids = new Set([id]);
  for (const delivery of deliveries.peek()?.values() ?? []) {
    if (delivery.database === database) ids.add(delivery.id);
  }
  void takeUp(openLocal(database));
  const range = followIds<InChapter>(openLocal(database), ids, readableOf);
  own.value = new Map(own.peek()).set(database, { ids, range });
}

/** One document written on this phone, and how far it has got. */
export interface Written {
  document: InChapter & Stored;
  delivery: Delivery & Stored;
  progress: Progress;
  unsent: number;
}

/** A document as it stands here; a sheet with taps that are not folded has no revision yet that anybody could have acknowledged. */
function standing(id: string, told: (InChapter & Stored) | undefined): (InChapter & Stored) | undefined {
  const sheet = told && told.type !== "sheet" ? undefined : beyond(id, told);
  return sheet ? { ...sheet, _rev: "" } : told;
}

export const written = computed<Written[]>(() =>
  [...(deliveries.value?.values() ?? [])].flatMap((delivery) => {
    const told = own.value.get(delivery.database)?.range.documents.value?.get(delivery.id);
    const document = standing(delivery.id, told);
    if (!document) return [];
    return [
      {
        document,
        delivery,
        progress: progressOf(delivery, document),
        unsent: unsentTaps(delivery, document),
      },
    ];
  }),
);

/** Whether all that was written here has been read, and entered; until then no number says how much of it is not delivered. */
export const writtenRead = computed(() => {
  const entries = deliveries.value;
  if (!entries) return false;
  return [...own.value].every(
    ([database, { ids, range }]) =>
      range.documents.value !== undefined && [...ids].every((id) => entries.has(ledgerKey(database, id))),
  );
});

/** The people and letters that the server has not acknowledged. */
export const unsentCounts = computed(() =>
  written.value
    .map(({ delivery, document }) => unsentValues(delivery, document))
    .reduce((sum, each) => ({ heads: sum.heads + each.heads, letters: sum.letters + each.letters }), {
      heads: 0,
      letters: 0,
    }),
);

export const unsentTotal = computed(() => written.value.reduce((sum, { unsent }) => sum + unsent, 0));

export const unsentSince = computed<number | undefined>(() => {
  const times = written.value.flatMap(({ unsent, delivery }) =>
    unsent > 0 && delivery.since ? [delivery.since] : [],
  );
  return times.length > 0 ? Math.min(...times) : undefined;
});

type Message = { kind: "state"; state: SyncState } | { kind: "nudge" | "wake" | "retry" | "ask" | "restart" };

const tabs = new Tabs<Message>();
const heard = signal<SyncState>({ phase: "off" });
const leading = signal<Synchroniser>();

/** The state of the tab that syncs, whichever it is. */
export const syncState = computed<SyncState>(() => leading.value?.state.value ?? heard.value);

export function nudge(): void {
  leading.value ? leading.value.nudge() : tabs.tell({ kind: "nudge" });
}

function wake(): void {
  leading.value ? leading.value.wake() : tabs.tell({ kind: "wake" });
}

export function retry(): void {
  leading.value ? leading.value.retry() : tabs.tell({ kind: "retry" });
}

/** Tells the other tabs that this phone has joined or left, and starts this one afresh. */
export function restartEverywhere(): void {
  tabs.tell({ kind: "restart" });
}

let running = new AbortController();
let ended = Promise.resolve();

/** Stops delivery in this tab, for good; resolves when the last request of it is done. */
export function stopSync(): Promise<void> {
  running.abort();
  return ended;
}

function startSync(token: string, slug: string, wipe: () => Promise<void>): void {
  running = new AbortController();
  ended = lead(async (signal) => {
    // What talks to the server comes after the first page, which can do without.
    const synchroniser = await loadPart(async () => {
      const { openSynchroniser } = await import("./world.ts");
      return openSynchroniser(token, slug, wipe);
    }, signal);
    leading.value = synchroniser;
    const stop = synchroniser.state.subscribe((state) => tabs.tell({ kind: "state", state }));
    await synchroniser.run(signal);
    stop();
    leading.value = undefined;
  }, running.signal);
}

function listenToTabs(): void {
  tabs.listen((message) => {
    if (message.kind === "state") heard.value = message.state;
    else if (message.kind === "restart") location.assign("/");
    else if (message.kind === "ask" && leading.value)
      tabs.tell({ kind: "state", state: leading.value.state.value });
    else if (message.kind === "nudge") leading.value?.nudge();
    else if (message.kind === "wake") leading.value?.wake();
    else if (message.kind === "retry") leading.value?.retry();
  });
  tabs.tell({ kind: "ask" });
}

/** Delivers from now on, whenever this phone has joined; once per page. `wipe` is done by order of the server only. */
export function openDelivery(wipe: () => Promise<void>): void {
  listenToTabs();
  keepMeter();
  effect(() => {
    for (const { database, id } of deliveries.value?.values() ?? []) remember(database, id);
  });
  // By the token alone: whatever else is noted of a membership breaks off no first sync, which would begin again.
  const token = computed(() => membership.value?.token);
  effect(() => {
    const slug = chapter.value;
    if (token.value && slug) startSync(token.value, slug, wipe);
    return () => running.abort();
  });
  addEventListener("online", wake);
  addEventListener("focus", wake);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") wake();
  });
}
