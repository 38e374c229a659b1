/** Handing files over: whatever the browser thinks of sharing, nobody is left without the file. */

import { afterEach, expect, test, vi } from "vitest";
import { shareFile } from "../src/ui/sharing.ts";

const FILE = new File(["a parcel"], "parcel.age");

function stage(share: () => Promise<void>) {
  const click = vi.fn();
  vi.useFakeTimers();
  vi.stubGlobal("navigator", { canShare: () => true, share });
  vi.stubGlobal("document", { createElement: () => ({ click }) });
  return { click, revoke: vi.spyOn(URL, "revokeObjectURL") };
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const fails = (name: string) => () => Promise.reject(new DOMException("", name));

test("a file that may not be shared any more is saved, and can be read for as long as somebody is asked where to", async () => {
  const { click, revoke } = stage(fails("NotAllowedError"));
  await shareFile(FILE);
  expect(click).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(30_000);
  expect(revoke).not.toHaveBeenCalled();
  vi.advanceTimersByTime(30_000);
  expect(revoke).toHaveBeenCalledOnce();
});

test("a file is not saved behind the back of somebody who thought better of sharing it", async () => {
  const { click } = stage(fails("AbortError"));
  await shareFile(FILE);
  expect(click).not.toHaveBeenCalled();
});

test("another failure is told", async () => {
  const { click } = stage(fails("DataError"));
  await expect(shareFile(FILE)).rejects.toThrow(DOMException);
  expect(click).not.toHaveBeenCalled();
});
