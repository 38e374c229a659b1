/** Work that many ask for is done once, after the last of them, and never later than promised. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { gather } from "../src/store/gathering.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what many ask for in a row is done once, when nobody asks any more", () => {
  const work = vi.fn();
  const gathering = gather(work, 400, 1500);
  for (let asked = 0; asked < 3; asked += 1) {
    gathering.ask();
    vi.advanceTimersByTime(399);
  }
  expect(work).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(work).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(5000);
  expect(work).toHaveBeenCalledTimes(1);
});

test("who never stops asking is served all the same", () => {
  const work = vi.fn();
  const gathering = gather(work, 400, 1500);
  for (let passed = 0; passed <= 1500; passed += 250) {
    gathering.ask();
    vi.advanceTimersByTime(250);
  }
  expect(work).toHaveBeenCalledTimes(1);
});

test("a clock that is set back keeps nobody waiting longer", () => {
  const work = vi.fn();
  const gathering = gather(work, 400, 1500);
  for (let passed = 0; passed <= 1500; passed += 250) {
    gathering.ask();
    vi.advanceTimersByTime(250);
    vi.setSystemTime(0);
  }
  expect(work).toHaveBeenCalledTimes(1);
});

test("what was asked for can be done at once, and nothing else", () => {
  const work = vi.fn();
  const gathering = gather(work, 400, 1500);
  gathering.now();
  expect(work).not.toHaveBeenCalled();
  gathering.ask();
  gathering.now();
  vi.advanceTimersByTime(5000);
  expect(work).toHaveBeenCalledTimes(1);
});
