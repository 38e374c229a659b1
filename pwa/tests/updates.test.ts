/** Changing to a newer app: what the browser says of its workers, in the order in which it says it. */

import { afterEach, expect, test, vi } from "vitest";

vi.mock("../src/state/counting.ts", () => ({ isIdle: () => true }));

const vault = vi.hoisted(() => ({ guarded: { value: false }, vaultState: { value: "open" } }));
vi.mock("../src/safety/vault.ts", () => vault);

/** A browser whose pages the app at hand has under its control, with a newer one waiting. */
function stage() {
  const newer = Object.assign(new EventTarget(), { postMessage: vi.fn() });
  const found = Object.assign(new EventTarget(), { waiting: null as unknown, installing: newer });
  const workers = Object.assign(new EventTarget(), {
    controller: {},
    ready: Promise.resolve(found),
    register: async () => found,
  });
  const reload = vi.fn();
  const page = Object.assign(new EventTarget(), {
    visibilityState: "visible",
    querySelectorAll: () => [],
    querySelector: () => null,
  });
  vi.stubGlobal("navigator", { serviceWorker: workers });
  vi.stubGlobal("location", { pathname: "/", reload });
  vi.stubGlobal("document", page);
  vi.stubGlobal("addEventListener", vi.fn());
  vi.useFakeTimers();
  return { newer, found, workers, page, reload };
}

function hide(page: EventTarget): void {
  Object.assign(page, { visibilityState: "hidden" }).dispatchEvent(new Event("visibilitychange"));
}

afterEach(() => {
  vi.resetModules();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("the page is loaded anew once, however often the browser tells of the newer app", async () => {
  const { newer, found, workers, reload } = stage();
  const { applyUpdate, updateReady, watchUpdates } = await import("../src/state/updates.ts");
  await watchUpdates();
  found.dispatchEvent(new Event("updatefound"));
  found.waiting = newer;
  newer.dispatchEvent(new Event("statechange"));
  expect(updateReady.value).toBe(true);
  expect(newer.postMessage).not.toHaveBeenCalled();

  applyUpdate();
  expect(newer.postMessage).toHaveBeenCalledExactlyOnceWith("take over");
  expect(reload).not.toHaveBeenCalled();
  found.waiting = null;
  workers.dispatchEvent(new Event("controllerchange"));
  newer.dispatchEvent(new Event("statechange"));
  expect(reload).toHaveBeenCalledTimes(1);
});

test("out of sight the newer app takes over, but not where that would lock a phone that is open", async () => {
  vault.guarded.value = true;
  const { newer, found, page } = stage();
  found.waiting = newer;
  await (await import("../src/state/updates.ts")).watchUpdates();
  hide(page);
  expect(newer.postMessage).not.toHaveBeenCalled();
  vault.vaultState.value = "locked";
  hide(page);
  expect(newer.postMessage).toHaveBeenCalledExactlyOnceWith("take over");
  newer.postMessage.mockClear();
  Object.assign(vault.guarded, { value: false });
  vault.vaultState.value = "open";
  hide(page);
  expect(newer.postMessage).toHaveBeenCalledExactlyOnceWith("take over");
});
