// A real PouchDB pushes documents to a database and a fresh one pulls them back; prints the seconds each took as JSON.
// Called by gateway.py: node gateway.mjs <folder with node_modules> <database url> <token or ""> <documents.json> <batch size>
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [home, url, token, file, batch] = process.argv.slice(2);
const require = createRequire(join(home, "package.json"));
const PouchDB = require("pouchdb-core")
  .plugin(require("pouchdb-adapter-memory"))
  .plugin(require("pouchdb-adapter-http"))
  .plugin(require("pouchdb-replication"));

const authorised = (address, options = {}) => {
  const headers = new Headers(options.headers);
  headers.set("Authorization", `Bearer ${token}`);
  return PouchDB.fetch(address, { ...options, headers });
};
const remote = new PouchDB(url, { skip_setup: true, ...(token && { fetch: authorised }) });
const documents = JSON.parse(readFileSync(file, "utf8"));
const settings = batch === "0" ? {} : { batch_size: Number(batch) };

/** The seconds one replication takes. Fails unless it moved every document. */
const timed = async (from, to) => {
  const start = performance.now();
  const result = await PouchDB.replicate(from, to, settings);
  const seconds = (performance.now() - start) / 1000;
  if (result.docs_written !== documents.length) {
    throw new Error(`${result.docs_written} of ${documents.length} documents were written, ${result.doc_write_failures} refused`);
  }
  return seconds;
};

const phone = new PouchDB("phone", { adapter: "memory" });
await phone.bulkDocs(documents);
const push = await timed(phone, remote);
const pull = await timed(remote, new PouchDB("another phone", { adapter: "memory" }));
console.log(JSON.stringify({ push, pull }));
process.exit(0);
