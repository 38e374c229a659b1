/** Moving a whole database of this phone to another one. */

import type { Database } from "./databases.ts";

/**
 * Copies everything into another database of this phone: all revisions in conflict, deletions too. Resolves once every one is
 * found there; may be interrupted and called again.
 */
export async function copyDatabase(from: Database, to: Database): Promise<void> {
  // Replication is loaded with what talks to the server.
  await import("./remote.ts");
  await from.replicate.to(to, { checkpoint: false, batch_size: 1000, retry: false });
  const { results } = await from.changes({ style: "all_docs" });
  const revs = Object.fromEntries(results.map(({ id, changes }) => [id, changes.map(({ rev }) => rev)]));
  const missing = Object.keys(await to.revsDiff(revs));
  if (missing.length > 0) throw new Error(`${missing.length} documents were not copied`);
}
