import { expect, test } from "vitest";
import { LAST_STEPS, type Step } from "../src/domain/steps.ts";
import { emptySheet } from "../src/domain/taps.ts";
import { crossOut, noteSteps } from "../src/store/steps.ts";
import { DEVICE, EVENT, memoryDatabase } from "./memory.ts";

const { _id: sheet } = emptySheet(EVENT, DEVICE, "moscow");

function step(number: number): Step {
  return { id: `step-${number}`, counter: "heads", by: number, at: number };
}

test("the last ten steps are kept, in the order they were taken", async () => {
  const phone = memoryDatabase();
  await noteSteps(phone, sheet, [step(1), step(2)]);
  const later = Array.from({ length: LAST_STEPS }, (_, at) => step(at + 3));
  expect((await noteSteps(phone, sheet, later)).steps).toEqual(later);
});

test("a step is crossed out once, even by two tabs at the same time", async () => {
  const phone = memoryDatabase();
  await noteSteps(phone, sheet, [step(1), step(2)]);
  const both = await Promise.all([crossOut(phone, sheet, "step-1"), crossOut(phone, sheet, "step-1")]);
  expect(both.filter(({ crossed }) => crossed)).toHaveLength(1);
  expect((await crossOut(phone, sheet, "step-1")).now.steps).toEqual([step(2)]);
});

test("steps noted by two tabs at the same time are all kept", async () => {
  const phone = memoryDatabase();
  await Promise.all([noteSteps(phone, sheet, [step(1)]), noteSteps(phone, sheet, [step(2)])]);
  expect((await noteSteps(phone, sheet, [])).steps).toHaveLength(2);
});
