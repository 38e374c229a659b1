// A real PouchDB pushes documents to a database and a fresh one pulls them back; prints the seconds each took as JSON.
// Called by gateway.py: node gateway.mjs <folder with node_modules> <database url> <token or ""> <documents.json> <batch size>
import { readFileSync } from "node:fs";
import { pouchdb, remote } from "../fixtures/pouchdb.mjs";

const [home, url, token, file, batch] = process.argv.slice(2);
const PouchDB = pouchdb(home);
const server = remote(PouchDB, url, token);
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
const push = await timed(phone, server);
const pull = await timed(server, new PouchDB("another phone", { adapter: "memory" }));
console.log(JSON.stringify({ push, pull }));
process.exit(0);
