import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { emptySheet, type Tap } from "../src/domain/taps.ts";
import type { SheetDocument } from "../src/generated/documents.ts";
import { aheadOf, readSheet } from "../src/store/ahead.ts";
import type { Database } from "../src/store/databases.ts";
import { SheetWriter } from "../src/store/sheets.ts";
import { backoff, CEILING_IDLE, CEILING_UNSENT } from "../src/sync/backoff.ts";
import { listDeliveries, noteUnsent } from "../src/sync/deliveries.ts";
import { Deliverer } from "../src/sync/delivering.ts";
import type { Refusal, Waiting } from "../src/sync/door.ts";
import type { OpenLines } from "../src/sync/snapshot.ts";
import { Synchroniser, type SyncState } from "../src/sync/synchroniser.ts";
import { DEVICE, EVENT, memoryDatabase, noSnapshot, OTHER_DEVICE, PRISONER } from "./memory.ts";

const empty = emptySheet(EVENT, DEVICE, "moscow");
const came: Tap = { counter: "heads", by: 1 };

/** A server that can be stopped and can refuse this device. */
class Server {
  readonly chapter = memoryDatabase();
  readonly register = memoryDatabase();
  up = true;
  refusal: Refusal | undefined;
  requests = 0;
  busyUntil = 0;

  guard(database: Database): void {
    for (const method of ["info", "bulkDocs", "revsDiff", "get", "put", "allDocs"] as const) {
      const real = (database[method] as (...given: unknown[]) => unknown).bind(database);
      Object.assign(database, {
        [method]: (...given: unknown[]) => {
          this.requests += 1;
          if (this.refusal)
            return Promise.reject(Object.assign(new Error("refused"), { status: 401, name: "unauthorized" }));
          return this.up ? real(...given) : Promise.reject(new TypeError("Failed to fetch"));
        },
      });
    }
  }
}

let server: Server;
let phone: Database;
let local: Database;
let register: Database;
let running: AbortController;
let synchroniser: Synchroniser;
let seen: SyncState["phase"][];
let finished: Promise<void>;
let forgiven: number;
let told: Waiting[];
let snapshots: { chapter: OpenLines; register: OpenLines };

async function tap(): Promise<void> {
  await noteUnsent(phone, "chapter-moscow", empty._id, Date.now());
  await new SheetWriter(aheadOf(local), empty).tap(came);
  synchroniser.nudge();
}

async function arrived(): Promise<number> {
  const sheet = await server.chapter
    .allDocs<SheetDocument>({ include_docs: true, keys: [empty._id] })
    .catch(() => undefined);
  const row = sheet?.rows[0];
  return row && "doc" in row ? (row.doc?.heads.added ?? 0) : 0;
}

/** Lets the server refuse what it is sent, but not this device. */
function refuseSheets(): void {
  const refused = { error: "forbidden", name: "forbidden", reason: "no", status: 403, id: empty._id };
  server.chapter.bulkDocs = (async () => [refused]) as unknown as Database["bulkDocs"];
}

beforeEach(() => {
  server = new Server();
  server.guard(server.chapter);
  server.guard(server.register);
  phone = memoryDatabase();
  local = memoryDatabase();
  register = memoryDatabase();
  running = new AbortController();
  seen = [];
  forgiven = 0;
  told = [];
  snapshots = { chapter: noSnapshot, register: noSnapshot };
  const replica = {
    name: "chapter-moscow",
    local,
    remote: server.chapter,
    snapshot: () => snapshots.chapter(),
  };
  const receipts = async (_database: string, revs: Record<string, string>) => {
    if (!server.up) throw new TypeError("Failed to fetch");
    const stored = await Promise.all(
      Object.entries(revs).map(async ([id, rev]) => {
        const known = await server.chapter.get(id, { rev }).then(Boolean, () => false);
        return [id, { stored: known, counted: known, upstream: known }] as const;
      }),
    );
    return Object.fromEntries(stored);
  };
  synchroniser = new Synchroniser({
    register: {
      name: "register",
      local: register,
      remote: server.register,
      snapshot: () => snapshots.register(),
    },
    chapter: replica,
    deliverers: [new Deliverer(phone, replica, receipts)],
    door: {
      get refusal() {
        return server.refusal;
      },
      get busyUntil() {
        return server.busyUntil;
      },
      settle: async () => {},
      forgive: () => {
        forgiven += 1;
      },
    },
    carry: async () => {},
    tell: async (waiting) => told.push(waiting) > 0,
    obey: async () => {},
    random: () => 0,
  });
  synchroniser.state.subscribe(({ phase }) => seen.push(phase));
  finished = Promise.resolve();
});

afterEach(async () => {
  vi.restoreAllMocks();
  running.abort();
  await finished;
});

function start(): void {
  finished = synchroniser.run(running.signal);
}

const phase = () => synchroniser.state.value.phase;

test("once connected, taps go out, and other people's counts and names come in", async () => {
  await server.register.put({
    _id: PRISONER,
    type: "prisoner",
    schema: 1,
    name: { en: "A" },
    status: "convicted",
  } as object);
  await tap();
  start();
  await vi.waitFor(() => expect(phase()).toBe("connected"), 5000);
  expect(await arrived()).toBe(1);
  expect(await register.get(PRISONER)).toBeTruthy();
  await tap();
  await vi.waitFor(async () => expect(await arrived()).toBe(2), 5000);
  const theirs = emptySheet(EVENT, OTHER_DEVICE, "moscow");
  await server.chapter.put(theirs);
  await vi.waitFor(() => local.get(theirs._id), 5000);
});

test("a sheet that was merged elsewhere gets its receipt at once, without another tap", async () => {
  await tap();
  start();
  await vi.waitFor(() => expect(phase()).toBe("connected"), 5000);
  const stored = await server.chapter.get<SheetDocument>(empty._id);
  const { rev } = await server.chapter.put({ ...stored, heads: { added: 5, removed: 0 } });
  const acknowledged = async () => (await listDeliveries(phone)).map((delivery) => delivery.rev);
  await vi.waitFor(async () => expect(await acknowledged()).toEqual([rev]), 5000);
});

test("the server is told what this phone still holds, and when it holds nothing more", async () => {
  const { bulkDocs } = server.chapter;
  refuseSheets();
  await tap();
  start();
  await vi.waitFor(() => expect(told.at(-1)).toMatchObject({ records: 1 }), 5000);
  expect(told.at(-1)?.since).toBeGreaterThan(0);
  server.chapter.bulkDocs = bulkDocs;
  await tap();
  await vi.waitFor(() => expect(told.at(-1)).toEqual({ records: 0, since: null }), 5000);
});

test("a server that is away stops nothing, and is found again without anybody's help", async () => {
  server.up = false;
  await tap();
  start();
  await vi.waitFor(() => expect(phase()).toBe("waiting"), 5000);
  await tap();
  server.up = true;
  await vi.waitFor(async () => expect(await arrived()).toBe(2), 5000);
  expect(seen).not.toContain("refused");
});

test("what this phone can't read for once ends no delivery for good", async () => {
  server.up = false;
  await tap();
  const { allDocs } = phone;
  phone.allDocs = (async () => {
    throw new Error("the disk is away");
  }) as unknown as typeof allDocs;
  start();
  await vi.waitFor(() => expect(phase()).toBe("waiting"), 5000);
  phone.allDocs = allDocs;
  server.up = true;
  await vi.waitFor(async () => expect(await arrived()).toBe(1), 5000);
});

test("waking cuts the waiting short", async () => {
  server.up = false;
  await tap();
  start();
  await vi.waitFor(() => expect(phase()).toBe("waiting"), 5000);
  server.up = true;
  synchroniser.wake();
  await vi.waitFor(() => expect(phase()).toBe("connected"), 900);
});

test("a server that asks for patience gets it, and waking does not cut it short", async () => {
  server.up = false;
  server.busyUntil = Date.now() + 1500;
  await tap();
  start();
  await vi.waitFor(() => expect(phase()).toBe("waiting"), 5000);
  const requests = server.requests;
  server.up = true;
  synchroniser.wake();
  await vi.waitFor(() => expect(phase()).toBe("connected"), 5000);
  expect(Date.now()).toBeGreaterThanOrEqual(server.busyUntil);
  expect(server.requests).toBeGreaterThan(requests);
});

test("a refused device stops asking, keeps counting, and asks again only when told to", async () => {
  server.refusal = { status: 401, reason: "This device has been revoked." };
  start();
  await vi.waitFor(() => expect(phase()).toBe("refused"), 5000);
  expect(synchroniser.state.value).toMatchObject(server.refusal);
  const requests = server.requests;
  await tap();
  synchroniser.wake();
  // A turn of the event loop: an attempt would have begun by now.
  await new Promise((resolve) => setTimeout(resolve));
  expect(server.requests).toBe(requests);
  expect((await readSheet(local, empty._id))?.heads.added).toBe(1);
  server.refusal = undefined;
  synchroniser.retry();
  await vi.waitFor(async () => expect(await arrived()).toBe(1), 5000);
  expect(forgiven).toBe(1);
});

test("what was refused is offered again when somebody asks, while the line is there", async () => {
  const { bulkDocs } = server.chapter;
  refuseSheets();
  await tap();
  start();
  await vi.waitFor(() => expect(phase()).toBe("connected"), 5000);
  server.chapter.bulkDocs = bulkDocs;
  seen = [];
  synchroniser.retry();
  await vi.waitFor(async () => expect(await arrived()).toBe(1), 5000);
  await vi.waitFor(() => expect(seen).toEqual(["connecting", "connected"]), 5000);
});

test("asking while a delivery is under way is not forgotten", async () => {
  const bulkDocs = server.chapter.bulkDocs.bind(server.chapter) as (...given: unknown[]) => unknown;
  const refusal = { error: "forbidden", name: "forbidden", reason: "no", status: 403, id: empty._id };
  await tap();
  server.chapter.bulkDocs = (async (...given: unknown[]) => {
    if (told.length > 0) return bulkDocs(...given);
    synchroniser.retry();
    return [refusal];
  }) as unknown as Database["bulkDocs"];
  start();
  await vi.waitFor(async () => expect(await arrived()).toBe(1), 5000);
});

test("a clock that is set back holds up neither the register nor what was refused", async () => {
  const { bulkDocs } = server.chapter;
  refuseSheets();
  await tap();
  start();
  await vi.waitFor(() => expect(phase()).toBe("connected"), 5000);
  await server.register.put({ _id: PRISONER, type: "prisoner", schema: 1 } as object);
  server.chapter.bulkDocs = bulkDocs;
  const [date, elapsed] = [Date.now, performance.now.bind(performance)];
  vi.spyOn(Date, "now").mockImplementation(() => date() - 365 * 86_400_000);
  vi.spyOn(performance, "now").mockImplementation(() => elapsed() + 11 * 60_000);
  synchroniser.nudge();
  await vi.waitFor(async () => expect(await arrived()).toBe(1), 3000);
  await vi.waitFor(() => register.get(PRISONER), 3000);
});

test("stopping ends it, whatever it was doing", async () => {
  start();
  await vi.waitFor(() => expect(phase()).toBe("connected"), 5000);
  running.abort();
  await finished;
  expect(phase()).toBe("off");
});

test("what is stopped while the chapter comes does not go on to the names", async () => {
  let asked = 0;
  const ask: OpenLines = async () => {
    asked += 1;
    return undefined;
  };
  let come: () => void = () => {};
  const chapter = new Promise<void>((resolve) => {
    come = resolve;
  });
  snapshots = {
    chapter: async () => {
      await ask();
      await chapter;
      return undefined;
    },
    register: ask,
  };
  start();
  await vi.waitFor(() => expect(asked).toBe(1));
  running.abort();
  come();
  await finished;
  // Whatever would have gone on has had its turns by the time the phone's own database has answered some questions.
  for (let turn = 0; turn < 20; turn += 1) await phone.info();
  expect(asked).toBe(1);
});

test("the wait doubles up to its ceiling, and chance only shortens it", () => {
  expect([1, 2, 3, 4, 5, 9].map((failures) => backoff(failures, CEILING_UNSENT, 0))).toEqual([
    1000, 2000, 4000, 8000, 10_000, 10_000,
  ]);
  expect(backoff(99, CEILING_IDLE, 0)).toBe(60_000);
  expect(backoff(5, CEILING_UNSENT, 0.999)).toBeGreaterThanOrEqual(5000);
});
