// Phones made of the real PouchDB, told what to do line by line: {"id", "op", "phone", …} in, {"id", "ok" | "error", …} out.
//
//     add    phone, url, token          a phone with an empty store
//     clone  phone, of                  a phone that starts with a copy of another's store, history included
//     tap    phone, sheet, taps         taps on a sheet: [["heads" | [to, kind, origin], "added" | "removed"], …]
//     push   phone, batch               sends what the server lacks, once
//     sync   phone, batch               the same, and fetches what the phone lacks
//     revs   phone                      the winning revisions of the sheets that this phone wrote
//
// Every phone does one thing after the other; different phones do theirs at the same time.
// Called by storm.py: node phones.mjs <folder with node_modules>
import { createInterface } from "node:readline";
import { pouchdb, remote } from "../../../fixtures/pouchdb.mjs";

const PouchDB = pouchdb(process.argv[2]);

// PouchDB leaves a request it no longer waits for when another one has failed; the phone hears of the failure itself.
process.on("unhandledRejection", () => {});

const phones = new Map();

function open(name, url, token) {
  const phone = {
    local: new PouchDB(name, { adapter: "memory" }),
    remote: remote(PouchDB, url, token),
    written: new Set(),
    busy: Promise.resolve(),
    url,
    token,
  };
  phones.set(name, phone);
  return phone;
}

function count(sheet, what, direction) {
  if (what === "heads") {
    sheet.heads[direction] += 1;
    return;
  }
  const [to, kind, origin] = what;
  let line = sheet.letters.find((one) => one.to === to && one.kind === kind && one.origin === origin);
  if (!line) {
    line = { to, kind, origin, added: 0, removed: 0 };
    sheet.letters.push(line);
  }
  line[direction] += 1;
}

const OPTIONS = { retry: false, heartbeat: false, timeout: 20_000 };

const operations = {
  async clone(phone, { of }) {
    await phones.get(of).local.replicate.to(phone.local);
    for (const id of phones.get(of).written) phone.written.add(id);
  },

  async tap(phone, { sheet: empty, taps }) {
    for (;;) {
      const sheet = await phone.local.get(empty._id).catch((error) => {
        if (error.status !== 404) throw error;
        return structuredClone(empty);
      });
      for (const [what, direction] of taps) count(sheet, what, direction);
      phone.written.add(empty._id);
      try {
        await phone.local.put(sheet);
        return;
      } catch (error) {
        if (error.status !== 409) throw error;
      }
    }
  },

  async push(phone, { batch }) {
    const { doc_write_failures: refused } = await phone.local.replicate.to(phone.remote, { ...OPTIONS, batch_size: batch });
    return { refused };
  },

  async sync(phone, { batch }) {
    const { push } = await phone.local.sync(phone.remote, { ...OPTIONS, batch_size: batch });
    return { refused: push.doc_write_failures };
  },

  async revs(phone) {
    const { rows } = await phone.local.allDocs({ keys: [...phone.written] });
    return { revs: Object.fromEntries(rows.map(({ id, value }) => [id, value.rev])) };
  },
};

async function answer(request) {
  const { id, op, phone: name } = request;
  try {
    if (op === "add") open(name, request.url, request.token);
    if (op === "clone") open(name, phones.get(request.of).url, phones.get(request.of).token);
    const phone = phones.get(name);
    const done = op === "add" ? {} : await operations[op](phone, request);
    process.stdout.write(`${JSON.stringify({ id, ok: true, ...done })}\n`);
  } catch (error) {
    const { status = 0, message = String(error) } = error ?? {};
    process.stdout.write(`${JSON.stringify({ id, error: message, status })}\n`);
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const request = JSON.parse(line);
  const phone = phones.get(request.phone);
  if (phone) phone.busy = phone.busy.then(() => answer(request));
  else void answer(request).then();
}).on("close", () => process.exit(0));
