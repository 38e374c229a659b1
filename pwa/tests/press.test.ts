import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Tally } from "../src/domain/counting.ts";
import { claimsSent, type PressNumbers, pressNumbers } from "../src/domain/press.ts";
import type { ClosingDocument } from "../src/generated/documents.ts";
import { pressWords } from "../src/i18n/press.ts";

interface Case {
  name: string;
  numbers: PressNumbers;
  ru: string;
  en: string;
}

const golden: Case[] = JSON.parse(
  readFileSync(new URL("../../fixtures/golden/press.json", import.meta.url), "utf8"),
);

describe("the golden lines are worded here as on the server", () => {
  test.each(golden)("$name", ({ numbers, ru, en }) => {
    expect(pressWords("ru", numbers)).toBe(ru);
    expect(pressWords("en", numbers)).toBe(en);
  });
});

const tally: Tally = { heads: 104, letters: 225, cards: 80, handmade: 32, written: 337, recipients: 77 };

function closing(fields: Partial<ClosingDocument>): ClosingDocument {
  const event = "event:01KG57Q800904F111BE4JDPJPJ";
  return {
    _id: "closing:01KG57Q800904F111BE4JDPJPJ:01KG57Q8000000000000000100",
    ...{ type: "closing", schema: 1, event, chapter: "moscow", device: "01KF0E44M06KSTJAB3DD6CQ8PB" },
    basis: "tally",
    ...fields,
  } as ClosingDocument;
}

test("what is declared is said, the tally for all else", () => {
  const numbers = pressNumbers(tally, closing({ heads: 100, at_least: ["heads"], letters: 230 }), 5);
  expect(numbers).toMatchObject({ written: 342, cards: 112, heads: 100, recipients: 77, sent: 5 });
  expect(numbers).toMatchObject({ least_heads: true, least_written: false, provisional: false });
});

test("a number that was not declared is no lower bound, and nothing is final before the closing", () => {
  expect(pressNumbers(tally, closing({ heads: null, at_least: ["heads"] }), 0).least_heads).toBe(false);
  expect(pressNumbers(tally, undefined, 0).provisional).toBe(true);
  expect(pressNumbers(tally, closing({ cards: 60, at_least: ["cards"] }), 0)).toMatchObject({
    cards: 0,
    least_written: true,
  });
});

test("a text that says letters were sent is noticed in both languages", () => {
  for (const text of ["Письма уже отправлены.", "All have been sent", "Отослано 5"])
    expect(claimsSent(text)).toBe(true);
  for (const text of ["Всего написано 5 писем.", "5 absent people", "Presented"])
    expect(claimsSent(text)).toBe(false);
});
