/** Saving what the server does not have as a file, for the case that this phone never reaches it again. */

import { written } from "./delivery.ts";
import { chapter, membership } from "./session.ts";

export function exportUnsent(): void {
  const records = written.value
    .filter(({ unsent }) => unsent > 0)
    .map(({ delivery, document }) => ({ database: delivery.database, document, refused: delivery.refused }));
  const content = {
    format: "otkrytka-unsent",
    version: 1,
    saved: new Date().toISOString(),
    device: membership.value?.device,
    chapter: chapter.value,
    records,
  };
  const address = URL.createObjectURL(
    new Blob([JSON.stringify(content, null, 2)], { type: "application/json" }),
  );
  const link = document.createElement("a");
  link.href = address;
  link.download = `otkrytka-${content.saved.slice(0, 16).replace(":", "-")}.json`;
  link.click();
  URL.revokeObjectURL(address);
}
