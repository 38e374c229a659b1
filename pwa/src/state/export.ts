/** Saving what the server does not have as a file, for the case that this phone never reaches it again. */

import { written } from "./delivery.ts";
import { saveFile } from "./saving.ts";
import { chapter, membership } from "./session.ts";

export function exportUnsent(): void {
  const records = written.value
    .filter(({ unsent }) => unsent > 0)
    .map(({ delivery, document: { _rev, ...body } }) => ({
      database: delivery.database,
      // Taps that are not folded yet have no revision of their own.
      document: { ...body, ...(_rev && { _rev }) },
      refused: delivery.refused,
    }));
  const content = {
    format: "otkrytka-unsent",
    version: 1,
    saved: new Date().toISOString(),
    device: membership.value?.device,
    chapter: chapter.value,
    records,
  };
  const name = `otkrytka-${content.saved.slice(0, 16).replace(":", "-")}.json`;
  saveFile(new File([JSON.stringify(content, null, 2)], name, { type: "application/json" }));
}
