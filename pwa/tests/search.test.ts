import { expect, test } from "vitest";
import { NameIndex } from "../src/domain/search.ts";
import { fold, otherLayout, skeleton } from "../src/domain/spelling.ts";
import type { PrisonerDocument } from "../src/generated/documents.ts";

function person(number: number, ru: string, en: string, status = "convicted"): PrisonerDocument {
  const _id = `prisoner:0000000000000000000000000${number}`;
  return { _id, type: "prisoner", schema: 1, name: { ru, en }, status };
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
  expect(index.find("а", [], 2)).toHaveLength(2);
});

test("one alphabet finds what is only written in the other", () => {
  const half = new NameIndex([
    person(1, "Сидоров Харитон", ""),
    person(2, "", "Yuliya Tsvetkova-Kowalski"),
    person(3, "Щербак Евгений", ""),
  ]);
  const one = (typed: string) => half.find(typed).map(({ name }) => name.ru || name.en);
  for (const typed of ["Sidorov", "sid", "k", "kh", "Khariton", "Hariton", "sidorov khar"]) {
    expect(one(typed)).toContain("Сидоров Харитон");
  }
  for (const typed of ["Юлия", "юл", "цветк", "Julia", "Iuliia", "ковальск"]) {
    expect(one(typed)).toEqual(["Yuliya Tsvetkova-Kowalski"]);
  }
  for (const typed of ["Shcherbak", "sche", "Evgeny", "Yevgeniy", "evgenii"]) {
    expect(one(typed)).toContain("Щербак Евгений");
  }
});

test.each([
  ["Пётр", "Pyotr", "Petr", "Piotr"],
  ["Семён", "Semyon", "Semen"],
  ["Алексей", "Alexey", "Aleksei", "Alexei"],
  ["Мария", "Maria", "Mariya", "Mariia"],
  ["Дмитрий", "Dmitry", "Dmitri", "Dmitrii", "Dmitriy"],
  ["Татьяна", "Tatyana", "Tatiana", "Tat'iana"],
])("%s has one skeleton however it is spelt", (...spellings) => {
  expect(new Set(spellings.map((word) => skeleton(fold(word).replace(" ", ""))))).toHaveLength(1);
});

test("whoever types a name letter by letter never loses it", () => {
  for (const [number, typed] of [
    [3, "Anna-Maria"],
    [3, "мария"],
    [1, "Pyotr Yolkin"],
    [2, "Semyon Alyokhin"],
    [4, "Alexey"],
  ] as const) {
    for (let length = 1; length <= typed.length; length += 1) {
      const ids = index.find(typed.slice(0, length)).map(({ _id }) => _id);
      expect(ids, typed.slice(0, length)).toContain(people[number - 1]?._id);
    }
  }
});

test("a keyboard left in the other layout is understood", () => {
  expect(otherLayout("cbljhjd")).toBe("сидоров");
  expect(otherLayout("Ышвщкщм")).toBe("sidorov");
  expect(found("ktrc")).toEqual(["Алексей Семёнов"]);
  expect(found("nfqcjy")).toEqual([]);
  expect(found("лщцфдылш")).toEqual(["Анна-Мария Ковальски"]);
});

test("those written to last come first, and nobody free before somebody who is not", () => {
  const [one, two, three] = ["Иванов Пётр", "Иванов Семён", "Иванов Яков"].map((name, at) =>
    person(at + 1, name, "", at === 0 ? "released" : "detained"),
  ) as [PrisonerDocument, PrisonerDocument, PrisonerDocument];
  const brothers = new NameIndex([one, two, three]);
  expect(brothers.find("иван")).toEqual([two, three, one]);
  expect(brothers.find("иван", [one._id, three._id])).toEqual([three, two, one]);
  expect(brothers.find("иванов п", [three._id])).toEqual([one]);
});
