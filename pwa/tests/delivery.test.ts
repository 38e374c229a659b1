import { beforeEach, describe, expect, test } from "vitest";
import { emptySheet, type Tap } from "../src/domain/taps.ts";
import type { SheetDocument } from "../src/generated/documents.ts";
import { aheadOf } from "../src/store/ahead.ts";
import type { Database } from "../src/store/databases.ts";
import { find } from "../src/store/documents.ts";
import { SheetWriter } from "../src/store/sheets.ts";
import { type Delivery, listDeliveries, noteUnsent, progressOf, unsentTaps } from "../src/sync/deliveries.ts";
import { Deliverer } from "../src/sync/delivering.ts";
import type { Receipt } from "../src/sync/door.ts";
import { DEVICE, EVENT, memoryDatabase, noSnapshot, OTHER_DEVICE } from "./memory.ts";

const NAME = "chapter-moscow";
const empty = emptySheet(EVENT, DEVICE, "moscow");
const came: Tap = { counter: "heads", by: 1 };

let phone: Database;
let local: Database;
let remote: Database;
/** What the server answers to a receipt for a revision it holds. */
let held: Omit<Receipt, "stored">;

async function receipts(_database: string, revs: Record<string, string>): Promise<Record<string, Receipt>> {
  const answers = Object.entries(revs).map(async ([id, rev]) => {
    const stored = await remote.get(id, { rev }).then(
      () => true,
      () => false,
    );
    return [id, stored ? { stored, ...held } : { stored, counted: false, upstream: false }] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

async function count(taps: number, id = empty._id): Promise<void> {
  await noteUnsent(phone, NAME, id, 1000);
  const writer = new SheetWriter(aheadOf(local), id === empty._id ? empty : { ...empty, _id: id });
  for (let tap = 0; tap < taps; tap += 1) await writer.tap(came);
  await aheadOf(local).fold();
}

async function standing(id = empty._id) {
  const deliveries = await listDeliveries(phone, NAME);
  const delivery = deliveries.find((each) => each.id === id) as Delivery;
  const sheet = await find<SheetDocument>(local, id);
  if (!sheet) throw new Error("nothing was counted");
  return { progress: progressOf(delivery, sheet), unsent: unsentTaps(delivery, sheet), delivery };
}

/** Makes the server refuse documents as CouchDB does: by a row of its answer, or the whole batch. */
function refuse(spoils: (document: { _id?: string }) => boolean, how: "row" | "batch", rule = {}): void {
  const bulkDocs = remote.bulkDocs.bind(remote);
  const refusing = async (request: unknown, options: object) => {
    const all = (Array.isArray(request) ? request : (request as { docs: object[] }).docs) as {
      _id: string;
    }[];
    const bad = all.filter(spoils);
    if (bad.length > 0 && how === "batch") {
      throw Object.assign(new Error("too large"), { status: 413, name: "too_large", reason: "too large" });
    }
    const stored = await bulkDocs(all.filter((document) => !spoils(document)) as never[], options);
    const rows = bad.map(({ _id }) => ({
      id: _id,
      error: true,
      name: "forbidden",
      reason: "not your sheet",
      ...rule,
    }));
    return [...stored, ...rows];
  };
  remote.bulkDocs = refusing as unknown as typeof remote.bulkDocs;
}

beforeEach(() => {
  phone = memoryDatabase();
  local = memoryDatabase();
  remote = memoryDatabase();
  held = { counted: true, upstream: true };
});

const deliverer = () => new Deliverer(phone, { name: NAME, local, remote, snapshot: noSnapshot }, receipts);

describe("how far a record has got", () => {
  test("it is on this phone until a receipt says otherwise, and each tap counts as unsent", async () => {
    await count(3);
    expect(await standing()).toMatchObject({ progress: "phone", unsent: 3, delivery: { since: 1000 } });
    await deliverer().deliver({ all: false });
    expect(await standing()).toMatchObject({ progress: "national", unsent: 0, delivery: { since: null } });
    await count(2);
    expect(await standing()).toMatchObject({ progress: "phone", unsent: 2 });
  });

  test.each([
    [{ counted: false, upstream: false }, "server"],
    [{ counted: true, upstream: false }, "counted"],
    [{ counted: true, upstream: true }, "national"],
  ] as const)("a receipt of %o is shown as %s", async (answer, progress) => {
    held = answer;
    await count(1);
    await deliverer().deliver({ all: false });
    expect((await standing()).progress).toBe(progress);
  });

  test("what is not counted yet is asked about again", async () => {
    held = { counted: false, upstream: false };
    await count(1);
    expect(await deliverer().deliver({ all: false })).toMatchObject({ unsent: 0, uncounted: 1 });
    held = { counted: true, upstream: false };
    expect(await deliverer().deliver({ all: false })).toEqual({
      unsent: 0,
      refused: 0,
      since: null,
      uncounted: 0,
    });
  });
});

test("a replication that says all is well is not believed: the document is offered by itself", async () => {
  await count(4);
  // The trap of a checkpoint ahead of the truth: everything is read, nothing arrives, no error.
  await local.replicate.to(remote);
  await remote.destroy();
  remote = memoryDatabase();
  const silent = local.replicate.to;
  local.replicate.to = (() => Object.assign(Promise.resolve(), { on() {} })) as unknown as typeof silent;
  await deliverer().deliver({ all: true });
  expect((await remote.get<SheetDocument>(empty._id)).heads.added).toBe(4);
  expect((await standing()).unsent).toBe(0);
});

test("a server that lost what it had gets it again", async () => {
  await count(4);
  await deliverer().deliver({ all: true });
  remote = memoryDatabase();
  await deliverer().deliver({ all: true });
  expect((await remote.get<SheetDocument>(empty._id)).heads.added).toBe(4);
});

describe("a refused record", () => {
  const bad = `sheet:${EVENT.slice("event:".length)}:${OTHER_DEVICE}`;

  test.each(["row", "batch"] as const)("holds up no other (refused by %s)", async (how) => {
    await count(1, bad);
    await count(2);
    refuse(({ _id }) => _id === bad, how);
    await deliverer().deliver({ all: false });
    expect(await standing()).toMatchObject({ progress: "national", unsent: 0 });
    expect(await standing(bad)).toMatchObject({ progress: "refused", unsent: 1 });
  });

  test("still counts as delivered as far as it was before", async () => {
    await count(3, bad);
    await deliverer().deliver({ all: false });
    await count(2, bad);
    refuse(() => true, "row");
    await deliverer().deliver({ all: true });
    expect(await standing(bad)).toMatchObject({ progress: "refused", unsent: 2 });
  });

  test("is kept with its reason, and offered again after it changed", async () => {
    await count(1, bad);
    const accept = remote.bulkDocs;
    refuse(() => true, "row");
    await deliverer().deliver({ all: false });
    expect((await standing(bad)).delivery.refused?.reason).toBe("not your sheet");
    remote.bulkDocs = accept;
    await count(1, bad);
    expect((await standing(bad)).progress).toBe("phone");
    await deliverer().deliver({ all: false });
    expect(await standing(bad)).toMatchObject({
      progress: "national",
      unsent: 0,
      delivery: { refused: null },
    });
  });

  test("is kept with the rule that refused it, and without one where the server is older", async () => {
    await count(1, bad);
    refuse(() => true, "row");
    await deliverer().deliver({ all: false });
    const { _rev: rev } = await local.get(bad);
    const reason = "not your sheet";
    expect((await standing(bad)).delivery.refused).toEqual({ rev, reason });
    refuse(() => true, "row", { rule: "others-sheet", path: "device", of: { a: "newer server" } });
    await deliverer().deliver({ all: true });
    expect((await standing(bad)).delivery.refused).toEqual({
      rev,
      reason,
      rule: "others-sheet",
      path: "device",
    });
  });

  test("is offered again unchanged when everything is gone through anew", async () => {
    await count(1, bad);
    const accept = remote.bulkDocs;
    refuse(() => true, "row");
    await deliverer().deliver({ all: false });
    remote.bulkDocs = accept;
    await deliverer().deliver({ all: false });
    expect((await standing(bad)).progress).toBe("refused");
    await deliverer().deliver({ all: true });
    expect((await standing(bad)).progress).toBe("national");
  });

  test("of somebody else's making is nobody's business here", async () => {
    await local.put({ ...emptySheet(EVENT, OTHER_DEVICE, "moscow") });
    await count(1);
    refuse(({ _id }) => _id === bad, "row");
    await deliverer().deliver({ all: false });
    expect(await listDeliveries(phone, NAME)).toHaveLength(1);
    expect((await standing()).unsent).toBe(0);
  });
});
