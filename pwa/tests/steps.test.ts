import { expect, test } from "vitest";
import { LAST_STEPS } from "../src/domain/steps.ts";
import { emptySheet, reverse, type Tap } from "../src/domain/taps.ts";
import { Ahead, readSheet } from "../src/store/ahead.ts";
import type { Database } from "../src/store/databases.ts";
import { SheetWriter } from "../src/store/sheets.ts";
import { DEVICE, EVENT, memoryDatabase, OTHER_DEVICE } from "./memory.ts";

const empty = emptySheet(EVENT, DEVICE, "moscow");
const came: Tap = { counter: "heads", by: 1 };

/** What a tab has in hand; of another one on the same database, nothing is shared but what is stored. */
class Tab {
  readonly ahead: Ahead;
  readonly #writer: SheetWriter;

  constructor(database: Database, sheet = empty) {
    this.ahead = new Ahead(database);
    this.#writer = new SheetWriter(this.ahead, sheet);
  }

  count(at: number, tap = came) {
    return this.#writer.tap(tap, { step: { id: `step-${at}`, at } });
  }

  takeBack(at: number, tap = came) {
    return this.#writer.tap(reverse(tap), { takesBack: `step-${at}` });
  }

  async steps(sheet = empty._id): Promise<number[]> {
    this.ahead.steps(sheet);
    await this.ahead.unfolded();
    return this.ahead.steps(sheet).value.map(({ at }) => at);
  }
}

async function people(database: Database): Promise<number> {
  const { heads } = (await readSheet(database, empty._id)) ?? empty;
  return heads.added - heads.removed;
}

test("the last ten steps are kept, in the order they were taken, before and after the sheet is folded", async () => {
  const database = memoryDatabase();
  const tab = new Tab(database);
  await Promise.all(Array.from({ length: LAST_STEPS + 2 }, (_, at) => tab.count(at)));
  const last = Array.from({ length: LAST_STEPS }, (_, at) => at + 2);
  expect(await tab.steps()).toEqual(last);
  expect(await new Tab(database).steps()).toEqual(last);
  await tab.ahead.fold();
  expect(await new Tab(database).steps()).toEqual(last);
});

test("a tap that changed nothing is no step, and one that changed less says so", async () => {
  const tab = new Tab(memoryDatabase());
  await tab.count(1, { counter: "heads", by: -1 });
  await tab.count(2, { counter: "heads", by: 3 });
  await tab.count(3, { counter: "heads", by: -5 });
  await tab.steps();
  expect(tab.ahead.steps(empty._id).value).toEqual([
    { id: "step-2", at: 2, counter: "heads", by: 3 },
    { id: "step-3", at: 3, counter: "heads", by: -3 },
  ]);
});

test("a step is taken back once, even by two tabs at the same time", async () => {
  const database = memoryDatabase();
  const tabs = [new Tab(database), new Tab(database)] as const;
  for (const at of [1, 2]) await tabs[0].count(at);
  for (const tab of tabs) expect(await tab.steps()).toEqual([1, 2]);
  await Promise.all(tabs.map((tab) => tab.takeBack(1)));
  await tabs[1].takeBack(1);
  expect(await people(database)).toBe(1);
  for (const tab of tabs) expect(await tab.steps()).toEqual([2]);
});

test("steps of two tabs at the same time are all kept", async () => {
  const database = memoryDatabase();
  await Promise.all([1, 2].map((at) => new Tab(database).count(at)));
  expect((await new Tab(database).steps()).sort()).toEqual([1, 2]);
});

test("another tab hears of them when the sheet is folded", async () => {
  const database = memoryDatabase();
  const [one, other] = [new Tab(database), new Tab(database)];
  expect(await other.steps()).toEqual([]);
  await one.count(1);
  const heard = new Promise<void>((resolve) =>
    other.ahead.steps(empty._id).subscribe((steps) => steps.length > 0 && resolve()),
  );
  await one.ahead.fold();
  await heard;
});

test("those of the last three sheets are kept", async () => {
  const database = memoryDatabase();
  const ids = [DEVICE, OTHER_DEVICE, "01KFW0000000000000000000D3", "01KFW0000000000000000000D4"];
  const sheets = ids.map((device) => emptySheet(EVENT, device, "moscow"));
  for (const [at, sheet] of sheets.entries()) await new Tab(database, sheet).count(at);
  const tab = new Tab(database);
  const kept = [];
  for (const { _id } of sheets) kept.push(await tab.steps(_id));
  expect(kept).toEqual([[], [1], [2], [3]]);
});
