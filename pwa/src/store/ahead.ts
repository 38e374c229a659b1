/**
 * Sheets written ahead: what is counted is durable by one small write, and put into the sheet's document a moment later.
 *
 *     tap ──► the record: every sheet as it is after its last tap, and its last steps ──► acknowledged
 *                  └──(a pause, or five seconds)──► folded: merged into the sheets' documents, then emptied
 *
 * The record is one local document of the sheets' own database: sealed like all others, never replicated, and written in a
 * transaction of its own that touches nothing else. A put of the sheet itself has its whole tree of revisions to read and write.
 *
 * It holds whole sheets, not taps. Counters only grow and copies merge by the larger number of each, so folding twice, late, or
 * beside a copy that a replication brought counts nothing twice. What guards taps of *two tabs* is the record's revision: it is written
 * only over the one that was read, and never removed, so that no revision of it comes twice. Emptying it is a write too: whoever
 * remembers what was folded since is refused, and reads anew. The record is read before the sheet: the other way round, what is
 * folded in between would be in neither.
 *
 * The last steps of a sheet lie beside it, because a step is noted by the very write that stores its tap, and crossed out by the
 * one that takes it back: whatever interrupts that, no step is offered that was never taken, and none is taken back twice. They
 * stay when the sheets are folded. Other tabs hear of both by the sheet's document.
 */

import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { mergeSheets, taps } from "../domain/counting.ts";
import type { Step } from "../domain/steps.ts";
import type { SheetDocument } from "../generated/documents.ts";
import type { Database } from "./databases.ts";
import { change, find, hasStatus, type Stored, type Unstored, withIds } from "./documents.ts";
import { gather } from "./gathering.ts";
import { isNewer, listen } from "./ranges.ts";

type StoredSheet = SheetDocument & Stored & { _conflicts?: string[] };

type Told = Pick<StoredSheet, "_id" | "_rev" | "_conflicts">;

/** A sheet, and its last steps, the oldest first. */
export interface Account {
  sheet: SheetDocument;
  steps: readonly Step[];
}

interface Sheets {
  sheets: Readonly<Record<string, SheetDocument>>;
  /** by sheet, the one that was counted on last at the end; an earlier version of the app wrote none */
  steps?: Readonly<Record<string, readonly Step[]>>;
  /** a record that was damaged, as it was found (see `sealed/adapter.ts`); kept until somebody has been told */
  unreadable?: string | undefined;
}

const RECORD = "_local/ahead";
/** Of how many sheets the last steps are kept. */
const STEPPED = 3;
const NONE: readonly Step[] = [];

const FOLD_AFTER_MS = 300;
const FOLD_AT_MOST_MS = 5000;

/**
 * A sheet with everything its conflicting revisions count. Conflicts exist where the server merged two copies of a sheet (a
 * cloned phone) while this one went on counting; the winning revision alone could miss taps.
 */
export async function withConflicts<S extends StoredSheet>(database: Database, sheet: S): Promise<S> {
  const { _conflicts, ...winner } = sheet;
  const copies = await Promise.all(
    (_conflicts ?? []).map((rev) => database.get<SheetDocument>(sheet._id, { rev })),
  );
  return copies.reduce<S>((merged, copy) => mergeSheets(merged, copy), winner as S);
}

/** A sheet's document, with everything its revisions count. */
async function readFolded(database: Database, id: string): Promise<StoredSheet | undefined> {
  const [sheet] = await withIds<SheetDocument>(database, [id]);
  return sheet && withConflicts(database, sheet);
}

async function readRecord(database: Database): Promise<Unstored<Sheets>> {
  return { _id: RECORD, sheets: {}, ...(await find<Sheets>(database, RECORD)) };
}

function joined(
  folded: Unstored<SheetDocument> | undefined,
  ahead: SheetDocument | undefined,
): Unstored<SheetDocument> | undefined {
  return folded && ahead ? mergeSheets(folded, ahead) : (folded ?? ahead);
}

/** A sheet as it is stored, whether folded or not, or undefined. */
export async function readSheet(
  database: Database,
  id: string,
): Promise<Unstored<SheetDocument> | undefined> {
  const { sheets } = await readRecord(database);
  return joined(await readFolded(database, id), sheets[id]);
}

/** The sheets of one database that this tab writes. All it does is done in turn. */
export class Ahead {
  readonly #database: Database;
  /** as this tab read or wrote it last; what is `#known` of sheets is not older than it */
  #record: Unstored<Sheets> | undefined;
  readonly #damaged = signal(false);
  /** What was asked for: the last steps of sheets, as the record has them. */
  readonly #steps = new Map<string, Signal<readonly Step[]>>();
  /** Sheets as they are stored, with the revision of their document. */
  readonly #known = new Map<string, Unstored<SheetDocument>>();
  /** Winning revisions, as the changes feed told of them last. */
  readonly #told = new Map<string, Told>();
  #turn: Promise<unknown> = Promise.resolve();
  // What can't be folded now stays in the record, and is folded with the next tap, or by whoever looks at it next.
  readonly #soon = gather(() => void this.fold().catch(() => {}), FOLD_AFTER_MS, FOLD_AT_MOST_MS);

  constructor(database: Database) {
    this.#database = database;
    listen(database, ({ id, doc }) => {
      const { _rev, _conflicts } = doc as unknown as StoredSheet;
      if (!id.startsWith("sheet:")) return;
      this.#told.set(id, { _id: id, _rev, ...(_conflicts && { _conflicts }) });
      if (this.#steps.has(id)) void this.#inTurn(() => this.#lookAgain(id)).catch(() => {});
    });
  }

  /** The last steps on a sheet, in every tab the same once the sheet is folded. */
  steps(id: string): ReadonlySignal<readonly Step[]> {
    let steps = this.#steps.get(id);
    if (!steps) {
      steps = signal(this.#record?.steps?.[id] ?? NONE);
      this.#steps.set(id, steps);
      void this.#inTurn(() => this.#read()).catch(() => {});
    }
    return steps;
  }

  /** Whether taps were written ahead here that can't be read any more. Those of now are counted all the same. */
  get damaged(): ReadonlySignal<boolean> {
    return this.#damaged;
  }

  /** Somebody was told of the damage. */
  dismissDamage(): Promise<void> {
    return this.#inTurn(async () => {
      for (;;) {
        const { unreadable, ...record } = await this.#read();
        if (unreadable === undefined || (await this.#keep(record))) break;
      }
      this.#damaged.value = false;
    });
  }

  /** What was written ahead and is not folded yet. */
  unfolded(): Promise<SheetDocument[]> {
    return this.#inTurn(async () => Object.values((await this.#read()).sheets));
  }

  /**
   * Changes a sheet and its last steps by a function of what is stored; `empty` is what there is before the first tap. Resolves
   * once both are durable. If another tab wrote meanwhile, the function is applied again. One that returns what it was given
   * changes nothing.
   */
  change(empty: SheetDocument, apply: (account: Account) => Account): Promise<Account> {
    return this.#inTurn(async () => {
      for (;;) {
        const isRemembered = this.#record !== undefined;
        const sheet = (await this.#sheet(empty._id)) ?? empty;
        const before = { sheet, steps: this.#record?.steps?.[empty._id] ?? NONE };
        const after = apply(before);
        if (after.sheet !== before.sheet || after.steps !== before.steps) {
          if (await this.#write(after)) return after;
        } else if (isRemembered) {
          // Another tab may have counted what there seems to be nothing of.
          this.#record = undefined;
        } else return before;
      }
    });
  }

  /** Puts everything that was written ahead into the sheets' documents. */
  fold(): Promise<void> {
    return this.#inTurn(async () => {
      for (;;) {
        const record = await this.#read();
        const sheets = Object.values(record.sheets);
        if (sheets.length === 0) return;
        for (const sheet of sheets) this.#known.set(sheet._id, await this.#foldOne(sheet));
        if (await this.#keep({ ...record, sheets: {} })) return;
      }
    });
  }

  #foldOne(ahead: SheetDocument): Promise<Unstored<SheetDocument>> {
    return change<SheetDocument>(
      this.#database,
      async () => (await readFolded(this.#database, ahead._id)) ?? ahead,
      (before) => {
        const whole = mergeSheets(before, ahead);
        return before._rev && taps(whole) === taps(before) ? before : whole;
      },
    );
  }

  async #read(): Promise<Unstored<Sheets>> {
    if (!this.#record) {
      this.#known.clear();
      this.#record = await readRecord(this.#database);
      this.#damaged.value = this.#record.unreadable !== undefined;
      this.#tell(this.#record);
    }
    return this.#record;
  }

  #tell({ steps }: Sheets): void {
    batch(() => {
      for (const [id, told] of this.#steps) told.value = steps?.[id] ?? NONE;
    });
  }

  /** Another tab folded a sheet: it may have taken steps on it, or taken some back. */
  async #lookAgain(id: string): Promise<void> {
    if (this.#known.get(id)?._rev === this.#told.get(id)?._rev) return;
    this.#record = undefined;
    await this.#read();
  }

  async #sheet(id: string): Promise<Unstored<SheetDocument> | undefined> {
    const { sheets } = await this.#read();
    const remembered = this.#remembered(id);
    if (remembered) return remembered;
    return joined(await readFolded(this.#database, id), sheets[id]);
  }

  /** The sheet as it was stored last, unless somebody else is known to have written its document since. */
  #remembered(id: string): Unstored<SheetDocument> | undefined {
    const known = this.#known.get(id);
    const told = this.#told.get(id);
    if (!known || !told) return known;
    const isOurs =
      told._rev === known._rev ||
      (known._rev !== undefined && !isNewer(told, { ...known, _rev: known._rev }));
    return isOurs && !told._conflicts ? known : undefined;
  }

  async #write({ sheet, steps }: Account): Promise<boolean> {
    const record = await this.#read();
    const { _rev, ...body } = sheet as Unstored<SheetDocument>;
    const others = Object.entries(record.steps ?? {}).filter(([id]) => id !== sheet._id);
    const stepped = Object.fromEntries([...others.slice(1 - STEPPED), [sheet._id, steps]]);
    const written = { ...record, sheets: { ...record.sheets, [sheet._id]: body }, steps: stepped };
    if (!(await this.#keep(written))) return false;
    this.#known.set(sheet._id, sheet);
    this.#soon.ask();
    return true;
  }

  /** Whether the record was written: not if another tab has written it since it was read. */
  async #keep(record: Unstored<Sheets>): Promise<boolean> {
    this.#record = undefined;
    try {
      const { rev } = await this.#database.put(record as PouchDB.Core.PutDocument<object>);
      this.#record = { ...record, _rev: rev };
      this.#tell(record);
      return true;
    } catch (error) {
      if (hasStatus(error, 409)) return false;
      throw error;
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}

const opened = new WeakMap<Database, Ahead>();

/** The one of a database in this tab. */
export function aheadOf(database: Database): Ahead {
  const ahead = opened.get(database) ?? new Ahead(database);
  opened.set(database, ahead);
  return ahead;
}
