/** Writes `types/texts.d.ts`: the keys that `t()` takes, each with the names of the values that its text needs. */

import { writeFileSync } from "node:fs";
import { mentioned, readTexts } from "./catalogue.mjs";

const lines = [...readTexts("ru").values()]
  .filter(({ key }) => !key.startsWith("-"))
  .sort((a, b) => (a.key < b.key ? -1 : 1))
  .map(({ key, pattern }) => {
    const names = mentioned(pattern, "var").map((name) => JSON.stringify(name));
    return `  ${JSON.stringify(key)}: ${names.join(" | ") || "never"};\n`;
  });

writeFileSync(
  new URL("../types/texts.d.ts", import.meta.url),
  `// Made from locales/ by build/keys.mjs. Do not edit.\ninterface Texts {\n${lines.join("")}}\n`,
);
