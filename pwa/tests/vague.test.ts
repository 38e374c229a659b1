import { expect, test } from "vitest";
import { addDays, ago, daysBetween, isStale, nextBirthday } from "../src/domain/vague.ts";

const inDays = (born: string, today: string, within = 30) => nextBirthday(born, today, within)?.inDays;

test("days are counted on the calendar, over months, years and leap days", () => {
  expect(daysBetween("2026-01-29", "2026-03-01")).toBe(31);
  expect(daysBetween("2027-12-31", "2028-03-01")).toBe(61);
  expect(daysBetween("2026-03", "2026-03-01")).toBe(0);
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(addDays("2028-03-01", -1)).toBe("2028-02-29");
});

test("a birthday is found from today to the last day of the window", () => {
  expect(inDays("1976-05-02", "2026-05-02")).toBe(0);
  expect(inDays("1976-05-02", "2026-05-03")).toBeUndefined();
  expect(inDays("1976-05-02", "2026-04-02")).toBe(30);
  expect(inDays("1976-05-02", "2026-04-01")).toBeUndefined();
});

test("the year may turn in between", () => {
  expect(inDays("1980-01-03", "2026-12-20")).toBe(14);
  expect(inDays("1980-12-20", "2026-12-20")).toBe(0);
});

test("29 February is the 28th where there is none", () => {
  expect(nextBirthday("1988-02-29", "2026-02-20", 30)).toEqual({ inDays: 8, month: 2, day: 28 });
  expect(nextBirthday("1988-02-29", "2028-02-20", 30)).toEqual({ inDays: 9, month: 2, day: 29 });
  expect(inDays("1988-02-29", "2026-03-01")).toBeUndefined();
});

test("a month without a day may be any of its days, and a year alone says nothing", () => {
  expect(nextBirthday("1976-05", "2026-05-30", 30)).toEqual({ inDays: 0, month: 5, day: undefined });
  expect(nextBirthday("1976-05", "2026-04-20", 30)).toEqual({ inDays: 11, month: 5, day: undefined });
  expect(inDays("1976-12", "2026-12-31")).toBe(0);
  expect(inDays("1976-01", "2026-12-20")).toBe(12);
  expect(inDays("1976-05", "2026-06-01")).toBeUndefined();
  expect(inDays("1976", "2026-01-01")).toBeUndefined();
});

test("an address is stale when nobody confirmed it within six calendar months, or ever", () => {
  expect(isStale("2026-01-01", "2026-07-31")).toBe(false);
  expect(isStale("2026-01-31", "2026-08-01")).toBe(true);
  expect(isStale("2025-07", "2026-01-15")).toBe(false);
  expect(isStale("2025-06", "2026-01-15")).toBe(true);
  expect(isStale("2026", "2026-06-01")).toBe(false);
  expect(isStale("2025", "2026-06-01")).toBe(true);
  expect(isStale(undefined, "2026-06-01")).toBe(true);
});

test("how long ago is said in the unit one would use", () => {
  expect(ago("2026-01-29", "2026-01-29")).toEqual({ n: 0, unit: "day" });
  expect(ago("2026-01-20", "2026-06-20")).toEqual({ n: 5, unit: "month" });
  expect(ago("2023-01-20", "2026-06-20")).toEqual({ n: 3, unit: "year" });
  expect(ago("2026-02-01", "2026-01-29")).toEqual({ n: 0, unit: "day" });
});
