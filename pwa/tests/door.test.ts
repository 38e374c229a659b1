import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Addresses } from "../src/sync/addresses.ts";
import { Door } from "../src/sync/door.ts";
import { Meter } from "../src/sync/meter.ts";

const HOME = "https://letters.example";

let meter: Meter;
let requests: Request[];
/** What comes back for a request. */
let answer: (request: Request) => Promise<Response> | Response;

const hang = (request: Request) =>
  new Promise<Response>((_, reject) => {
    request.signal.addEventListener("abort", () => reject(request.signal.reason));
  });

function door(): Door {
  const send = async (url: string | URL | Request, options?: RequestInit) => {
    const request = new Request(url, options);
    requests.push(request);
    return answer(request);
  };
  const addresses = new Addresses(HOME, undefined, undefined, async () => {});
  return new Door(HOME, "token", { addresses, meter, fetch: send });
}

async function gather(lines: AsyncIterable<string> | undefined): Promise<string[]> {
  const gathered: string[] = [];
  for await (const line of lines ?? []) gathered.push(line);
  return gathered;
}

beforeEach(() => {
  vi.useFakeTimers();
  meter = new Meter();
  requests = [];
});

afterEach(() => {
  vi.useRealTimers();
});

test("every request shows the token and no cookie, and is metered both ways", async () => {
  answer = () => new Response("42 letters", { headers: { "content-length": "7" } });
  await door().fetch(`${HOME}/db/register/_bulk_get`, { method: "POST", body: "ё" });
  expect(requests[0]?.headers.get("authorization")).toBe("Bearer token");
  expect(requests[0]?.credentials).toBe("omit");
  expect(meter.usage.value).toEqual({ sent: 2, received: 7 });
});

test.each([
  ["_bulk_docs", 120_000],
  ["_changes?feed=longpoll", 45_000],
])("a request to %s that hangs is given up", async (path, deadline) => {
  answer = hang;
  const given = expect(door().fetch(`${HOME}/db/register/${path}`)).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(deadline);
  await given;
});

test("so is one whose answer stops in the middle", async () => {
  answer = ({ signal }) => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"rows"'));
        signal.addEventListener("abort", () => controller.error(signal.reason));
      },
    });
    return new Response(body);
  };
  const given = expect(door().fetch(`${HOME}/db/register`)).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(120_000);
  await given;
});

test.each([
  [429, "30", 30_000],
  [503, "30", 30_000],
  [429, new Date(Date.UTC(2026, 0, 1, 0, 0, 30)).toUTCString(), 30_000],
  [429, "999999", 900_000],
  [429, "soon", 0],
  [500, "30", 0],
])("after %d with Retry-After %s the server is left alone for %d ms", async (status, header, pause) => {
  vi.setSystemTime(Date.UTC(2026, 0, 1));
  answer = () => new Response(null, { status, headers: { "retry-after": header } });
  const asking = door();
  await asking.fetch(`${HOME}/db/register`);
  expect(asking.busyUntil === 0 ? 0 : asking.busyUntil - Date.now()).toBe(pause);
  expect(asking.refusal).toBeUndefined();
});

test("401 and 403 are remembered with their reason, but not for a checkpoint that may not be kept", async () => {
  answer = () => new Response('{"reason": "no", "rule": "stranger", "since": 1}', { status: 403 });
  const asking = door();
  await asking.fetch(`${HOME}/db/register/_local/x`);
  expect(asking.refusal).toBeUndefined();
  await asking.fetch(`${HOME}/db/register`);
  expect(asking.refusal).toEqual({ status: 403, reason: "no", rule: "stranger" });
  asking.forgive();
  expect(asking.refusal).toBeUndefined();
});

test.each([401, 403])(
  "a page of somebody on the way with %d is no refusal of this device",
  async (status) => {
    answer = () => new Response("<h1>Sign in to this network</h1>", { status });
    const asking = door();
    await asking.fetch(`${HOME}/db/register`);
    expect(asking.refusal).toBeUndefined();
  },
);

test("lines are whole however the pieces are cut, and a door that is not there is none", async () => {
  const bytes = new TextEncoder().encode("один\nдва\n\nтри\nцел");
  answer = () =>
    new Response(
      new ReadableStream({
        start(controller) {
          for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
          controller.close();
        },
      }),
    );
  expect(await gather(await door().lines("/db/register/_snapshot"))).toEqual(["один", "два", "три"]);
  expect(meter.usage.value.received).toBe(bytes.length);
  for (const status of [404, 500, 501]) {
    answer = () => new Response(null, { status });
    expect(await door().lines("/db/register/_snapshot")).toBeUndefined();
  }
  answer = () => new Response(null, { status: 401 });
  await expect(door().lines("/db/register/_snapshot")).rejects.toThrow("401");
});
