import { expect, test } from "vitest";
import { preferred } from "../src/i18n/preferred.ts";
import { say } from "../src/i18n/texts.ts";
import "virtual:texts/delivery";

test("numbers choose the form of their language, and are written as it writes them", () => {
  expect(say("ru", "unsent-counting", { n: 1 })).toContain("1 касание ");
  expect(say("ru", "unsent-counting", { n: 3 })).toContain("3 касания ");
  expect(say("ru", "unsent-counting", { n: 12 })).toContain("12 касаний ");
  expect(say("ru", "unsent-counting", { n: 1234 })).toContain("1\u00a0234 касания ");
  expect(say("en", "unsent-counting", { n: 1 })).toBe("1 tap not at the server yet");
  expect(say("en", "unsent-counting", { n: 1234 })).toBe("1,234 taps not at the server yet");
});

test("values are filled in as they are, without marks around them", () => {
  expect(say("en", "records-sheet", { event: "Letters" })).toBe("Count: Letters");
});

test("the browser's first language that we speak is taken, English otherwise", () => {
  expect(preferred(["de-DE", "ru-RU", "en"])).toBe("ru");
  expect(preferred(["en-GB", "ru"])).toBe("en");
  expect(preferred(["fr"])).toBe("en");
});
