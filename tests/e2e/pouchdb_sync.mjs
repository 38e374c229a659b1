// The real PouchDB against a running server: both ways, live, with one event edited on both sides at once.
// Called by test_pouchdb.py: node pouchdb_sync.mjs <folder with node_modules> <database url> <token> <event id>
// Prints one JSON object: what both sides hold in the end.
import { pouchdb, remote } from "../../fixtures/pouchdb.mjs";

const [home, url, token, eventId] = process.argv.slice(2);
const PouchDB = pouchdb(home);
const local = new PouchDB("phone", { adapter: "memory" });
const server = remote(PouchDB, url, token);

/** Resolves with the first change on `database` that `wanted` accepts. */
const change = (database, wanted) =>
  new Promise((resolve, reject) => {
    const feed = database.changes({ since: 0, live: true, include_docs: true, conflicts: true, style: "all_docs" });
    feed.on("change", (row) => {
      if (wanted(row)) {
        feed.cancel();
        resolve(row);
      }
    });
    feed.on("error", reject);
  });
const edit = async (database, changed) => database.put({ ...(await database.get(eventId)), ...changed });

// 1. Down and up, live.
let live = local.sync(server, { live: true, retry: true, batch_size: 1000 });
await change(local, (row) => row.id === eventId);
const pushed = edit(local, { place: "the phone's place" });
await change(server, (row) => row.id === eventId && row.doc.place === "the phone's place");
await pushed;
await edit(server, { place: "the server's place" });
await change(local, (row) => row.id === eventId && row.doc.place === "the server's place");

// 2. Apart: both sides edit the same revision.
const stopped = new Promise((resolve) => live.on("complete", resolve));
live.cancel();
await stopped;
const here = await edit(local, { title: "named on the phone" });
const there = await edit(server, { place: "named on the server" });

// 3. Together again: every revision reaches both sides, and what the server merges comes back.
live = local.sync(server, { live: true, retry: true, batch_size: 1000 });
const merged = ({ id, doc }) => id === eventId && doc.title === "named on the phone" && doc.place === "named on the server";
await Promise.all([change(local, merged), change(server, merged)]);
live.cancel();

const leaves = async (database) =>
  (await database.get(eventId, { open_revs: "all", revs: true }))
    .map(({ ok }) => ({ rev: ok._rev, deleted: Boolean(ok._deleted), ids: ok._revisions.ids }))
    .sort((a, b) => (a.rev < b.rev ? -1 : 1));
await local.replicate.to(server);
await local.replicate.from(server);
console.log(
  JSON.stringify({ edits: [here.rev, there.rev], local: await leaves(local), remote: await leaves(server) }),
);
process.exit(0);
