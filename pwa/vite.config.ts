import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { appName, disguise } from "./build/disguise.ts";
import { precache } from "./build/precache.ts";
import { texts } from "./build/texts.ts";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as {
  version: string;
};

export default defineConfig({
  define: { __VERSION__: JSON.stringify(version), __APP_NAME__: JSON.stringify(appName) },
  plugins: [texts(), disguise(), precache()],
  server: { fs: { allow: [".."] } },
  build: {
    // Nothing but the worker's own list decides what is kept for offline use, so no preload helper is wanted.
    modulePreload: false,
    // A data: address would need a wider content security policy than 'self'.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { index: "index.html", sw: "src/worker.ts" },
      output: {
        // One file with whatever the first page needs: a request for each of twenty would cost more than the bytes.
        codeSplitting: { groups: [{ name: "start", test: /\/src\/(main\.tsx|ui\/app\.tsx)$/ }] },
        entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node", maxWorkers: "100%" },
});
