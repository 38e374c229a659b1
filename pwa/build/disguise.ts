/**
 * Another name and other icons for the app, where its own would say too much on a phone's screen:
 *
 *     OTKRYTKA_APP_NAME   the name under the icon, in the title and on the pages
 *     OTKRYTKA_APP_ICON   a folder with files of the names in `public/assets/`, to be used instead of those
 */

import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Plugin } from "vite";

export const appName = process.env.OTKRYTKA_APP_NAME || null;

const icons = process.env.OTKRYTKA_APP_ICON;

export function disguise(): Plugin {
  let folder = "";
  return {
    name: "otkrytka-disguise",
    apply: "build",
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir);
    },
    transformIndexHtml(html) {
      if (appName === null) return html;
      const written = appName.replace(/[&<]/g, (sign) => (sign === "&" ? "&amp;" : "&lt;"));
      return html
        .replace(/<title>.*<\/title>/, `<title>${written}</title>`)
        .replace(/<noscript>.*<\/noscript>/, "<noscript>JavaScript?</noscript>");
    },
    // After everything in `public` was copied.
    closeBundle() {
      const path = join(folder, "manifest.webmanifest");
      if (appName !== null) {
        const { description: _, ...manifest } = JSON.parse(readFileSync(path, "utf8")) as Record<
          string,
          unknown
        >;
        writeFileSync(path, JSON.stringify({ ...manifest, name: appName, short_name: appName }));
      }
      if (icons)
        for (const file of readdirSync(icons)) copyFileSync(join(icons, file), join(folder, "assets", file));
    },
  };
}
