/**
 * Writes into the service worker the list of everything the app needs without a network, and a fingerprint of that list: a
 * build that changes any file changes the worker, and only such a build does.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** Addresses of the files under a folder, as the server will serve them. */
function publicFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    .sort();
}

export function precache(): Plugin {
  let publicDir = "";
  return {
    name: "otkrytka-precache",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      publicDir = config.publicDir;
    },
    generateBundle(_options, bundle) {
      const worker = bundle["sw.js"];
      if (worker?.type !== "chunk") throw new Error("the build has no sw.js");
      if (worker.imports.length > 0) throw new Error("the service worker must be one self-contained file");
      const hash = createHash("sha256");
      const built = Object.values(bundle).filter((file) => file !== worker);
      for (const file of built) hash.update(file.type === "chunk" ? file.code : file.source);
      for (const path of publicFiles(publicDir))
        hash.update(new Uint8Array(readFileSync(join(publicDir, path))));
      // The page itself is asked for by the address it is served at.
      const addresses = built.map((file) => (file.fileName === "index.html" ? "/" : `/${file.fileName}`));
      const all = [...addresses, ...publicFiles(publicDir)].sort();
      worker.code = worker.code
        .replace("__PRECACHE__", JSON.stringify(all))
        .replace("__BUILD__", JSON.stringify(hash.digest("hex").slice(0, 16)));
    },
  };
}
