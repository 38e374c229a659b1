/**
 * The first sync of a database in one request (`GET /db/<name>/_snapshot`), which can be used long before it ends.
 *
 *     {"seq": "42-…", "epoch": "…", "count": 2}                                            where the snapshot stands
 *     {"_id": "a", "_rev": "2-c", "_revisions": {"start": 2, "ids": ["c", "b"]}, …}        one line for every leaf
 *     {"end": true, "lines": 2}                                                            its absence tells a cut stream
 *
 * Ordinary replication goes on from `seq`. After a cut it goes on from the beginning, and skips what is here already.
 */

import Checkpointer from "pouchdb-checkpointer";
import generateReplicationId from "pouchdb-generate-replication-id";
import type { Database } from "../store/databases.ts";

/** The lines of a stream; undefined from a server that has no snapshots. */
export type OpenLines = () => Promise<AsyncIterable<string> | undefined>;

/** Documents written together: the first ones are on the screen while the others are on their way. */
const BATCH = 200;

interface Line {
  seq?: string;
  end?: boolean;
  lines?: number;
}

/** Fills an empty database. Resolves with whether it did; rejects when the stream is cut, and keeps what came. */
export async function fill(local: Database, remote: Database, open: OpenLines): Promise<boolean> {
  if ((await local.info()).doc_count > 0) return false;
  const lines = await open();
  if (!lines) return false;
  await goOnFrom(await load(lines, local), local, remote);
  return true;
}

async function load(lines: AsyncIterable<string>, local: Database): Promise<string> {
  const batch: object[] = [];
  let seq: string | undefined;
  let count = 0;
  let isWhole = false;
  try {
    for await (const text of lines) {
      const line = JSON.parse(text) as Line;
      if (seq === undefined) {
        seq = line.seq;
        if (seq === undefined) break;
      } else if (line.end) {
        isWhole = line.lines === count;
        break;
      } else {
        count += 1;
        if (batch.push(line) === BATCH) await write(batch.splice(0), local);
      }
    }
  } finally {
    // Also what came before a cut: then every attempt gets further, however short the line holds.
    await write(batch, local);
  }
  if (seq === undefined || !isWhole) throw new Error("the snapshot is incomplete");
  return seq;
}

async function write(batch: object[], local: Database): Promise<void> {
  if (batch.length === 0) return;
  const refused = await local.bulkDocs(batch, { new_edits: false });
  if (refused.length > 0) throw new Error("a document could not be stored");
}

/** Leaves a mark where PouchDB looks for how far a replication has come. */
async function goOnFrom(seq: string, local: Database, remote: Database): Promise<void> {
  const id = await generateReplicationId(remote, local, {});
  const kept = { writeSourceCheckpoint: false, writeTargetCheckpoint: true };
  await new Checkpointer(remote, local, id, { cancelled: false }, kept).writeCheckpoint(seq, "snapshot");
}
