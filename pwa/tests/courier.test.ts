import { readFileSync } from "node:fs";
import { Decrypter } from "age-encryption";
import { expect, test } from "vitest";
import { codeOf, readCode } from "../src/courier/codes.ts";
import { Collector, toFrames } from "../src/courier/frames.ts";
import { makeParcel, senderOf } from "../src/courier/parcel.ts";
import { type Bytes, joinBytes } from "../src/domain/bytes.ts";
import { isSigned } from "../src/sync/keys.ts";
import { DEVICE } from "./memory.ts";

const golden = JSON.parse(
  readFileSync(new URL("../../fixtures/courier/golden.json", import.meta.url), "utf8"),
) as {
  identity: string;
  recipient: string;
  own: JsonWebKey;
  known: string;
  contents: Record<string, object[]>;
};
const sender = { device: DEVICE, key: golden.own, courier: golden.recipient };
const OPENING = new TextEncoder().encode("otkrytka-parcel/1\n");

/** As long as wanted, and no two bytes in a row alike. */
const content = (length: number): Bytes => Uint8Array.from({ length }, (_, at) => (at * 151) ^ (at >> 3));

async function collect(collector: Collector, frames: readonly Bytes[]) {
  let collected = { seen: 0, count: 0 } as Awaited<ReturnType<Collector["take"]>>;
  for (const frame of frames) collected = await collector.take(frame);
  return collected;
}

test("a parcel opens with the server's key alone, names its phone inside, and is signed by it", async () => {
  const parcel = await makeParcel(sender, golden.contents);
  const outside = new TextDecoder("latin1").decode(parcel);
  expect(outside).toMatch(/^age-encryption\.org\/v1\n-> X25519 /);
  expect(outside).not.toContain(DEVICE);
  const decrypter = new Decrypter();
  decrypter.addIdentity(golden.identity);
  const plain = new Uint8Array(await decrypter.decrypt(parcel));
  const [opening, device] = [
    plain.slice(0, OPENING.length),
    plain.slice(OPENING.length, OPENING.length + 26),
  ];
  const [signature, packed] = [
    plain.slice(OPENING.length + 26).slice(0, 64),
    plain.slice(OPENING.length + 90),
  ];
  expect(opening).toEqual(OPENING);
  expect(new TextDecoder().decode(device)).toBe(DEVICE);
  expect(await isSigned(golden.known, signature, joinBytes(OPENING, device, packed))).toBe(true);
  const text = await new Response(
    new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")),
  ).text();
  expect(JSON.parse(text)).toEqual({ databases: golden.contents });
});

test("only a phone with a key of a server with one sends parcels", () => {
  const member = {
    device: DEVICE,
    pseudonym: "Owl",
    role: "volunteer",
    chapters: [],
    databases: [],
    token: "",
  } as const;
  const lists = { chapters: [], databases: [] };
  expect(senderOf({ ...member, ...lists })).toBeUndefined();
  expect(senderOf({ ...member, ...lists, key: golden.own })).toBeUndefined();
  const keys = { signing: "", courier: golden.recipient };
  expect(senderOf({ ...member, ...lists, key: golden.own, keys })).toEqual(sender);
});

test.each([1, 400, 401, 5000])("frames of %d bytes are a parcel again in whatever order", async (length) => {
  const parcel = content(length);
  const frames = await toFrames(parcel);
  expect(frames).toHaveLength(Math.ceil(length / 400));
  const odd = frames.filter((_, at) => at % 2 === 1);
  const even = frames.filter((_, at) => at % 2 === 0);
  const { parcel: whole } = await collect(new Collector(), [
    ...odd.toReversed(),
    ...odd,
    ...even.toReversed(),
  ]);
  expect(whole).toEqual(parcel);
});

test("frames that were misread or are none are passed over, and another parcel begins anew", async () => {
  const collector = new Collector();
  const frames = await toFrames(content(1000));
  const others = await toFrames(content(900).map((byte) => byte ^ 1));
  const misread = frames[0]?.map((byte, at) => (at === 20 ? byte ^ 1 : byte)) as Bytes;
  const strange = [misread, new Uint8Array(), new TextEncoder().encode("https://letters.example")];
  expect(await collect(collector, strange)).toEqual({ seen: 0, count: 0 });
  expect(await collect(collector, frames.slice(0, 2))).toEqual({ seen: 2, count: 3 });
  expect(await collect(collector, others.slice(0, 1))).toEqual({ seen: 1, count: 3 });
  expect((await collect(collector, others)).parcel).toEqual(content(900).map((byte) => byte ^ 1));
});

test("a code holds a frame as it is", async () => {
  for (const frame of await toFrames(content(900))) {
    const code = codeOf(frame);
    const scale = 4;
    const width = code.length * scale;
    const data = new Uint8ClampedArray(width * width * 4).fill(255);
    for (let at = 0; at < width * width; at += 1) {
      const [x, y] = [at % width, Math.floor(at / width)];
      if (code[Math.floor(y / scale)]?.[Math.floor(x / scale)]) data.fill(0, at * 4, at * 4 + 3);
    }
    expect(readCode({ width, height: width, data })).toEqual(frame);
  }
  expect(readCode({ width: 64, height: 64, data: new Uint8ClampedArray(64 * 64 * 4) })).toBeUndefined();
});
