/** A build under another name says its own nowhere a phone's screen would show it. */

import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { expect, test, vi } from "vitest";

test("the other name and icon are in the title, the manifest and the files", async () => {
  const folder = mkdtempSync(join(tmpdir(), "disguise-"));
  for (const part of ["icons", "site/public"]) mkdirSync(join(folder, part), { recursive: true });
  cpSync(new URL("../public", import.meta.url), join(folder, "site/public"), { recursive: true });
  const page = readFileSync(new URL("../index.html", import.meta.url), "utf8");
  writeFileSync(join(folder, "site/index.html"), page.replace(/<script.*<\/script>/, ""));
  writeFileSync(join(folder, "icons/icon.svg"), "<svg/>");
  vi.stubEnv("OTKRYTKA_APP_NAME", "Notes & plans");
  vi.stubEnv("OTKRYTKA_APP_ICON", join(folder, "icons"));
  const { disguise } = await import("../build/disguise.ts");
  await build({ root: join(folder, "site"), configFile: false, logLevel: "silent", plugins: [disguise()] });
  const built = (file: string) => readFileSync(join(folder, "site/dist", file), "utf8");
  expect(built("index.html")).toContain("<title>Notes &amp; plans</title>");
  expect(JSON.parse(built("manifest.webmanifest"))).toMatchObject({
    name: "Notes & plans",
    short_name: "Notes & plans",
  });
  expect(built("assets/icon.svg")).toBe("<svg/>");
  for (const file of ["index.html", "manifest.webmanifest"])
    expect(built(file)).not.toMatch(/Открытк|Otkrytka/);
});
