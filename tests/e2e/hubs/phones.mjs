// Two phones with the real PouchDB, told what to do line by line.
// Called by test_restore.py: node phones.mjs <folder with node_modules> <server url> <database> <token> <device> <token> <device>
// Commands on stdin: "count <n>" makes n events with a sheet on each phone and delivers them; "deliver" delivers what there is;
// "end". Each is answered by one line of JSON: how many documents a phone holds, and what the last delivery wrote.
import { createInterface } from "node:readline";
import { pouchdb, remote } from "../../../fixtures/pouchdb.mjs";

const [home, server, database, ...joined] = process.argv.slice(2);
const PouchDB = pouchdb(home);

const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
let made = 0;
/** A ULID that was never used before in this test. */
const ulid = () => "01KFW" + String(++made).padStart(20, "0") + DIGITS[made % 32];

class Phone {
  constructor(number, token, device) {
    this.device = device;
    this.local = new PouchDB(`phone-${number}`, { adapter: "memory" });
    this.remote = remote(PouchDB, `${server}/db/${database}`, token);
  }

  async count(events) {
    const chapter = database.replace("chapter-", "");
    for (let number = 0; number < events; number++) {
      const id = ulid();
      await this.local.put({
        _id: `event:${id}`, type: "event", schema: 1, chapter, kind: "letters", title: "An evening", theme: null,
        starts: "2026-03-05T19:00:00+03:00", ends: null, zone: "Europe/Moscow", place: "Here", status: "open", device: this.device,
      });
      await this.local.put({
        _id: `sheet:${id}:${this.device}`, type: "sheet", schema: 1, event: `event:${id}`, device: this.device, chapter,
        heads: { added: 2, removed: 0 }, letters: [{ to: null, kind: "letter", origin: "here", added: 3, removed: 0 }],
      });
    }
  }

  deliver = () => this.local.replicate.to(this.remote);
}

const phones = [];
for (let number = 0; number < joined.length; number += 2) {
  phones.push(new Phone(number, joined[number], joined[number + 1]));
}
for await (const line of createInterface({ input: process.stdin })) {
  const [command, amount] = line.split(" ");
  if (command === "end") break;
  if (command === "count") await Promise.all(phones.map((phone) => phone.count(Number(amount))));
  const delivered = await Promise.all(phones.map((phone) => phone.deliver()));
  const held = await Promise.all(phones.map(async (phone) => (await phone.local.allDocs()).rows.map(({ id, value }) => [id, value.rev])));
  const told = { ok: delivered.every(({ ok }) => ok), written: delivered.map(({ docs_written }) => docs_written), held };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
process.exit(0);
