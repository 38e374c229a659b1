import { expect, test } from "vitest";
import {
  newPaperNumber,
  paperCode,
  paperNumber,
  paperUlid,
  readPaperCode,
  readPaperNumber,
  spelt,
} from "../src/domain/paper.ts";
import { ID_PATTERNS } from "../src/generated/documents.ts";
import { EVENT, OTHER_DEVICE } from "./memory.ts";

const NUMBER = "7K3QDW52";
const SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

test("a number and its event name the sheet, on whichever phone", () => {
  expect(paperUlid(EVENT, NUMBER)).toBe("01KG57Q800904F111B7K3QDW52");
  expect(`sheet:${EVENT.slice("event:".length)}:${paperUlid(EVENT, NUMBER)}`).toMatch(ID_PATTERNS.sheet);
  expect(paperNumber(paperUlid(EVENT, NUMBER))).toBe(NUMBER);
});

test("a number is made of random bytes and reads as itself", () => {
  expect(newPaperNumber(new Uint8Array([7, 19, 3, 23, 13, 28, 5]))).toBe(NUMBER);
  const many = new Set(Array.from({ length: 200 }, () => newPaperNumber()));
  expect(many.size).toBe(200);
  for (const number of many) expect(readPaperNumber(spelt(number))).toBe(number);
});

test("what people type for a number is understood: spaces, small letters, signs that look alike, Russian letters", () => {
  for (const typed of ["7k3q dw52", " 7K3Q-DW52 ", "7К3Q DW52"]) expect(readPaperNumber(typed)).toBe(NUMBER);
  const zeros = newPaperNumber(new Uint8Array([0, 1, 0, 1, 0, 1, 0]));
  expect(readPaperNumber(zeros.replaceAll("0", "o").replaceAll("1", "l"))).toBe(zeros);
  for (const nonsense of ["", "7K3Q", "7K3QDW5", "7K3QDW522", "UUUUUUUU", "7K3Q DW5?"])
    expect(readPaperNumber(nonsense)).toBeUndefined();
});

test("no single wrong sign makes the number of another sheet", () => {
  for (let at = 0; at < NUMBER.length; at += 1) {
    for (const sign of SIGNS.replace(NUMBER[at] ?? "", ""))
      expect(readPaperNumber(NUMBER.slice(0, at) + sign + NUMBER.slice(at + 1))).toBeUndefined();
  }
});

test("signs that have changed places are seen", () => {
  for (let at = 0; at + 1 < NUMBER.length; at += 1) {
    const [one, two] = [NUMBER[at], NUMBER[at + 1]];
    expect(readPaperNumber(`${NUMBER.slice(0, at)}${two}${one}${NUMBER.slice(at + 2)}`)).toBeUndefined();
  }
});

test("a code names the event and the number, and says no more", () => {
  const code = paperCode(EVENT, NUMBER);
  expect(code).toBe("PAPER:01KG57Q800904F111BE4JDPJPJ:01KG57Q800904F111B7K3QDW52");
  expect(readPaperCode(code)).toEqual({ event: EVENT, number: NUMBER });
});

test("the code of anything else is none", () => {
  for (const text of ["", "https://example.org", paperCode(EVENT, NUMBER).replace("52", "53")])
    expect(readPaperCode(text)).toBeUndefined();
  const foreign = `PAPER:${EVENT.slice("event:".length)}:${OTHER_DEVICE.slice(0, -8)}${NUMBER}`;
  expect(readPaperCode(foreign)).toBeUndefined();
});
