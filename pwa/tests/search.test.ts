import { expect, test } from "vitest";
import { fold, NameIndex } from "../src/domain/search.ts";
import type { PrisonerDocument } from "../src/generated/documents.ts";

function person(number: number, ru: string, en: string): PrisonerDocument {
  const _id = `prisoner:0000000000000000000000000${number}`;
  return { _id, type: "prisoner", schema: 1, name: { ru, en }, status: "convicted" };
}

const people = [
  person(1, "Пётр Ёлкин", "Pyotr Yolkin"),
  person(2, "Семён Алёхин", "Semyon Alyokhin"),
  person(3, "Анна-Мария Ковальски", "Anna-Maria Kowalski"),
  person(4, "Алексей Семёнов", "Alexey Semyonov"),
  person(5, "Хосе Муньос", "José Muñoz"),
];
const index = new NameIndex(people);
const found = (typed: string) => index.find(typed).map(({ name }) => name.ru);

test("what people don't type makes no difference", () => {
  expect(fold("  Анна-Мария  ЁЛКИНА ")).toBe("анна мария елкина");
  expect(found("елк")).toEqual(["Пётр Ёлкин"]);
  expect(found("ЁЛК")).toEqual(["Пётр Ёлкин"]);
  expect(found("munoz")).toEqual(["Хосе Муньос"]);
});

test("either language and any order of words will do", () => {
  expect(found("kowal anna")).toEqual(["Анна-Мария Ковальски"]);
  expect(found("мария ков")).toEqual(["Анна-Мария Ковальски"]);
});

test("a name that begins with what was typed comes before one that merely holds it", () => {
  expect(found("сем")).toEqual(["Алексей Семёнов", "Семён Алёхин"]);
  expect(found("лёхин")).toEqual(["Семён Алёхин"]);
  expect(found("ал")).toEqual(["Алексей Семёнов", "Семён Алёхин", "Анна-Мария Ковальски"]);
});

test("each part must be found in a word of its own", () => {
  expect(found("анна анна")).toEqual([]);
  expect(found("семён семён")).toEqual([]);
});

test("nothing typed finds nobody, and no more are found than asked for", () => {
  expect(found(" ")).toEqual([]);
  expect(index.find("а", 2)).toHaveLength(2);
});
