import { expect, test } from "vitest";
import { cells, LABEL_FORMATS, type LabelFormat, sheetsOf } from "../src/domain/labels.ts";
import { digitPath, postcodeOf } from "../src/domain/postcode.ts";

test("every format fits on A4", () => {
  for (const { columns, rows, width, height, top, left, gap } of LABEL_FORMATS) {
    expect(left * 2 + columns * width + (columns - 1) * gap).toBeCloseTo(210, 0);
    expect(top * 2 + rows * height).toBeCloseTo(297, 0);
  }
});

test("labels begin at the chosen cell and go on over as many sheets as they need", () => {
  const format = LABEL_FORMATS[0] as LabelFormat;
  const people = Array.from({ length: 25 }, (_, index) => index);
  const sheets = sheetsOf(people, format, 2);
  expect(sheets.map(({ length }) => length)).toEqual([24, 3]);
  expect(sheets[0]?.slice(0, 4)).toEqual([undefined, undefined, 0, 1]);
  expect(sheetsOf([], format, 5)).toEqual([]);
  expect(sheetsOf([7], format, 99)[0]?.length).toBe(cells(format));
});

test("ten digits are drawn, each in another way", () => {
  expect(new Set(Array.from({ length: 10 }, (_, digit) => digitPath(digit))).size).toBe(10);
  expect(digitPath(8).split("M").length - 1).toBe(7);
});

test("the postcode is six digits standing alone", () => {
  expect(postcodeOf("164840, Архангельская обл., г. Выдуманск")).toBe("164840");
  expect(postcodeOf("г. Выдуманск, 1234567, индекс 000123.")).toBe("000123");
  expect(postcodeOf("г. Выдуманск, ул. Примерная, 1")).toBeUndefined();
});
