import { expect, test } from "vitest";
import { bound } from "../build/catalogue.mjs";

test.each([
  ["ждём — и дождёмся", "ждём\u00a0— и\u00a0дождёмся"],
  ["точку с запятой", "точку с\u00a0запятой"],
  ["{ $n } и { $of }", "{ $n } и\u00a0{ $of }"],
  ["колония № 2", "колония №\u00a02"],
  ["дыня в мяч", "дыня в\u00a0мяч"],
  ["key =\n    — с новой строки", "key =\n    — с\u00a0новой строки"],
])("no line breaks before a dash or after a word of one letter: %s", (typed, so) => {
  expect(bound(typed)).toBe(so);
});
