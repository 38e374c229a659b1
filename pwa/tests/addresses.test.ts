import { beforeEach, expect, test } from "vitest";
import { joinBytes, toBase64 } from "../src/domain/bytes.ts";
import { Addresses, type Listed } from "../src/sync/addresses.ts";
import { type KeyPair, makeKeyPair, sign } from "../src/sync/keys.ts";

const HOME = "https://letters.example";
const MIRROR = "https://post.example";
const OTHER = "https://mail.example";
const SOON = Math.floor(Date.now() / 1000) + 3600;
const encode = (text: string) => new TextEncoder().encode(text);

let server: KeyPair;
let kept: Listed | undefined;
let asked: string[];
/** What each address answers; an address that is not named can't be reached. */
let answers: Record<string, () => Promise<Response> | Response>;

async function list(mirrors: string[], issued: number, by = server, expires = SOON): Promise<() => Response> {
  const content = encode(JSON.stringify({ mirrors, issued, expires }));
  const signature = await sign(by.own, joinBytes(encode("otkrytka-mirrors/1\n"), content));
  const signed = JSON.stringify({ list: toBase64(content), signature: toBase64(signature) });
  return () => new Response(signed);
}

async function ask(url: string): Promise<Response> {
  const { origin, pathname } = new URL(url);
  expect(pathname).toBe("/api/mirrors");
  asked.push(origin);
  const answer = answers[origin];
  if (!answer) throw new TypeError("Failed to fetch");
  return answer();
}

const listed = (mirrors: string[], more: Partial<Listed> = {}): Listed => ({
  mirrors,
  issued: 100,
  expires: SOON,
  asked: 0,
  ...more,
});

function addresses(known?: Listed): Addresses {
  return new Addresses(HOME, server.known, known, async (list) => {
    kept = list;
  });
}

beforeEach(async () => {
  server ??= (await makeKeyPair()) as KeyPair;
  kept = undefined;
  asked = [];
  answers = {};
});

test("home comes first, then the others in turn, and the one that works is stayed with", async () => {
  const all = addresses(listed([HOME, MIRROR, OTHER]));
  answers = { [OTHER]: await list([HOME, MIRROR, OTHER], 200) };
  await all.settle(ask);
  expect(asked).toEqual([HOME, MIRROR, OTHER]);
  expect(all.current).toBe(OTHER);
  expect(all.at(`${HOME}/db/register/_changes?since=0`)).toBe(`${OTHER}/db/register/_changes?since=0`);
  await all.settle(ask);
  expect(asked.slice(3)).toEqual([OTHER]);
  expect(kept).toMatchObject({ issued: 200 });
});

test("when none answers, nobody is shown the token", async () => {
  await expect(addresses(listed([HOME, MIRROR])).settle(ask)).rejects.toThrow(TypeError);
});

test("an address without a genuine list is none of ours", async () => {
  const stranger = (await makeKeyPair()) as KeyPair;
  const all = addresses(listed([HOME, MIRROR, OTHER]));
  answers = {
    [HOME]: () => new Response("<html>sign in to this network</html>"),
    [MIRROR]: await list([MIRROR], 900, stranger),
    [OTHER]: await list([HOME, OTHER], 200),
  };
  await all.settle(ask);
  expect(all.current).toBe(OTHER);
  expect(kept?.mirrors).toEqual([HOME, OTHER]);
});

test("a server that fails is passed by, and one with another key is asked only at home", async () => {
  const stranger = (await makeKeyPair()) as KeyPair;
  const all = addresses(listed([HOME, MIRROR]));
  answers = {
    [HOME]: () => new Response("{}", { status: 500 }),
    [MIRROR]: await list([MIRROR], 900, stranger),
  };
  await expect(all.settle(ask)).rejects.toThrow(TypeError);
  answers = { [HOME]: await list([HOME, OTHER], 900, stranger) };
  await all.settle(ask);
  expect(all.current).toBe(HOME);
  expect(kept).toBeUndefined();
});

test("an older list changes nothing, though it is genuine", async () => {
  const all = addresses(listed([HOME, MIRROR], { issued: 500 }));
  answers = { [HOME]: await list([HOME, "https://given-up.example"], 499) };
  await all.settle(ask);
  expect(all.current).toBe(HOME);
  expect(kept).toBeUndefined();
});

test("further addresses of an expired list are not asked, home always is", async () => {
  const all = addresses(listed([HOME, MIRROR], { expires: 1000 }));
  await all.settle(ask);
  expect(asked).toEqual([HOME]);
  expect(all.current).toBe(HOME);
});

test("with one address, the list is asked for once a day, and an older server or none is no matter", async () => {
  answers = { [HOME]: () => new Response("", { status: 404 }) };
  await addresses().settle(ask);
  await addresses(listed([], { asked: Date.now() - 1000 })).settle(ask);
  expect(asked).toEqual([HOME]);
  answers = {};
  await addresses().settle(ask);
  answers = { [HOME]: await list([HOME, MIRROR], 300) };
  await addresses().settle(ask);
  expect(kept?.mirrors).toEqual([HOME, MIRROR]);
});

test("a phone that was given no key by an older server knows its home alone", async () => {
  await new Addresses(HOME, undefined, listed([MIRROR]), async () => {}).settle(ask);
  expect(asked).toEqual([]);
});
