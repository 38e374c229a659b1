import { beforeEach, expect, test } from "vitest";
import type { Bytes } from "../src/domain/bytes.ts";
import type { Database } from "../src/store/databases.ts";
import { withPrefix } from "../src/store/documents.ts";
import { type Carried, handInAll, isParcel, PARCEL, takeIn } from "../src/sync/carrying.ts";
import { memoryDatabase } from "./memory.ts";

const parcel = (text: string): Bytes => new TextEncoder().encode(`age-encryption.org/v1\n${text}`);

let phone: Database;
let handedIn: string[];

const answers = (status: number, body: object) => async (content: Bytes) => {
  handedIn.push(new TextDecoder().decode(content));
  return new Response(JSON.stringify(body), { status });
};
const all = () => withPrefix<Carried>(phone, PARCEL);

beforeEach(() => {
  phone = memoryDatabase();
  handedIn = [];
});

test("only what age made can be a parcel", () => {
  expect(isParcel(parcel("x"))).toBe(true);
  expect(isParcel(new TextEncoder().encode("{}"))).toBe(false);
  expect(isParcel(new Uint8Array(5 << 20))).toBe(false);
});

test("a parcel taken twice is handed in once, unchanged, and then only its fate is kept", async () => {
  await takeIn(phone, parcel("one"), 1000);
  await takeIn(phone, parcel("one"), 2000);
  await handInAll(phone, answers(200, { stored: 3, refused: 1 }));
  await handInAll(phone, answers(200, { stored: 3, refused: 1 }));
  expect(handedIn).toEqual(["age-encryption.org/v1\none"]);
  expect(await all()).toMatchObject([
    { content: null, taken: 1000, delivered: { stored: 3, refused: 1 }, refused: null },
  ]);
  await takeIn(phone, parcel("one"), 3000);
  expect(await all()).toMatchObject([{ content: null, taken: 1000 }]);
});

const NOT_OURS = { error: "unreadable", reason: "no parcel for this server", rule: "unreadable" };

test.each([400, 403, 413])(
  "one the server answers with %d is not offered again, and holds up no other",
  async (status) => {
    await takeIn(phone, parcel("bad"), 1000);
    await handInAll(phone, answers(status, NOT_OURS));
    await takeIn(phone, parcel("good"), 1000);
    await handInAll(phone, answers(200, { stored: 1, refused: 0 }));
    expect(handedIn).toHaveLength(2);
    const fates = (await all()).map(({ refused }) => refused);
    expect(fates).toContainEqual({ reason: "no parcel for this server", rule: "unreadable" });
    expect(fates).toContainEqual(null);
  },
);

test.each([429, 500, 503])("after %d it waits, and is handed in later", async (status) => {
  await takeIn(phone, parcel("one"), 1000);
  await expect(handInAll(phone, answers(status, {}))).rejects.toThrow(String(status));
  await handInAll(phone, answers(200, { stored: 1, refused: 0 }));
  expect(await all()).toMatchObject([{ delivered: { stored: 1, refused: 0 } }]);
});

test("an older server holds up nothing, and gets it when it has learnt to", async () => {
  await takeIn(phone, parcel("one"), 1000);
  await handInAll(phone, answers(404, {}));
  expect(await all()).toMatchObject([{ delivered: null, refused: null }]);
});

test.each([200, 400, 403])(
  "a page that somebody on the way answers with %d is not taken for the server's word",
  async (status) => {
    await takeIn(phone, parcel("one"), 1000);
    const portal = async () => new Response("<h1>Sign in to this network</h1>", { status });
    await expect(handInAll(phone, portal)).rejects.toThrow(String(status));
    await handInAll(phone, answers(200, { stored: 1, refused: 0 }));
    expect(await all()).toMatchObject([
      { content: null, delivered: { stored: 1, refused: 0 }, refused: null },
    ]);
  },
);
