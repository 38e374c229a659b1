/**
 * Counting at an event.
 *
 *     tap ──► attempt ("saving") ──► SheetWriter ──► stored: acknowledged, noted as a step that can be taken back
 *                 ▲                       └──► not stored: failed, still shown, tried again
 *                 └── shown at once, in another colour than what is stored
 */

import { batch, computed, effect, signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { type Tally, tally } from "../domain/counting.ts";
import { newUlid, sheetId } from "../domain/identifiers.ts";
import type { Step } from "../domain/steps.ts";
import { applyTap, emptySheet, reverse, SheetFull, type Tap } from "../domain/taps.ts";
import type { SheetDocument } from "../generated/documents.ts";
import { aheadOf } from "../store/ahead.ts";
import { type Act, SheetWriter } from "../store/sheets.ts";
import { acknowledge } from "./acknowledged.ts";
import { expectDelivery, isExpected, joined, joinedChapter, localChapter, useSheets } from "./chapter.ts";
import { nudge } from "./delivery.ts";
import { keepData } from "./device.ts";
import { useSame } from "./same.ts";
import { chapter, membership } from "./session.ts";
import { hide, unhide } from "./steps.ts";

/** A tap that is not stored yet, or could not be. */
export interface Attempt {
  id: string;
  tap: Tap;
  failed: boolean;
  /** why it could not be stored */
  why?: unknown;
}

/** Each part stays the same object until it says something else: what shows only that part is then not drawn again. */
export interface Count {
  /** this phone's sheet as it is stored, or an empty one */
  own: SheetDocument;
  ownTally: Tally;
  /** the sum of all sheets of the event known here */
  whole: Tally;
  /** how many devices have counted, and how many sheets of paper were typed in */
  sheets: number;
  papers: number;
  /** the same with every tap that is not stored yet */
  shown: { own: SheetDocument; whole: Tally };
  attempts: readonly Attempt[];
}

const attempts = signal<ReadonlyMap<string, readonly Attempt[]>>(new Map());

const NONE: readonly Attempt[] = [];

/** Whether something is only on the screen, of whichever event. */
const anyFailed = computed(() =>
  [...attempts.value.values()].some((waiting) => waiting.some(({ failed }) => failed)),
);

function tryTap(sheet: SheetDocument, { tap }: Attempt): SheetDocument {
  try {
    return applyTap(sheet, tap);
  } catch {
    return sheet;
  }
}

function useTally(sheets: readonly SheetDocument[]): Tally {
  const sum = tally(sheets);
  return useSame(sum, Object.values(sum).join());
}

/** What is counted at an event, as far as this phone knows. */
export function useCount(event: string): Count | undefined {
  const stored = useSheets(event);
  const waiting = attempts.value.get(event) ?? NONE;
  const device = membership.value?.device ?? "";
  const id = sheetId(event, device);
  const begun = stored?.get(id);
  const empty = useMemo(() => emptySheet(event, device, chapter.value ?? ""), [event, device, chapter.value]);
  const own = begun ?? empty;
  const shown = waiting.reduce(tryTap, own);
  const others = [...(stored?.values() ?? [])].filter(({ _id }) => _id !== id);
  const papers = others.filter(({ paper }) => paper).length;
  const sums = {
    own: useTally([own]),
    whole: useTally([...others, own]),
    shown: useTally([...others, shown]),
  };
  return (
    stored && {
      own,
      ownTally: sums.own,
      whole: sums.whole,
      sheets: others.length - papers + (begun ? 1 : 0),
      papers,
      shown: { own: shown, whole: sums.shown },
      attempts: waiting,
    }
  );
}

const writers = new Map<string, SheetWriter>();

function writerOf(event: string): SheetWriter {
  const { device } = joined();
  const slug = joinedChapter();
  const key = `${slug}:${sheetId(event, device)}`;
  let writer = writers.get(key);
  if (!writer) {
    writer = new SheetWriter(aheadOf(localChapter()), emptySheet(event, device, slug));
    writers.set(key, writer);
  }
  return writer;
}

/** Whether every tap is stored, so that the page may be reloaded. */
export function isIdle(): boolean {
  return [...writers.values()].every((writer) => writer.idle) && attempts.peek().size === 0;
}

function ownSheet(event: string): string {
  return sheetId(event, joined().device);
}

function change(event: string, apply: (waiting: readonly Attempt[]) => readonly Attempt[]): void {
  const next = new Map(attempts.peek());
  const waiting = apply(next.get(event) ?? NONE);
  if (waiting.length > 0) next.set(event, waiting);
  else next.delete(event);
  attempts.value = next;
}

function begin(event: string, tap: Tap): Attempt {
  const attempt = { id: newUlid(), tap, failed: false };
  change(event, (waiting) => [...waiting, attempt]);
  return attempt;
}

function drop(event: string, { id }: Attempt): void {
  change(event, (waiting) => waiting.filter((each) => each.id !== id));
}

function mark(event: string, { id }: Attempt, marked: Pick<Attempt, "failed" | "why">): void {
  change(event, (waiting) => waiting.map((each) => (each.id === id ? { ...each, ...marked } : each)));
}

/** Stores a tap. */
async function store(event: string, attempt: Attempt, act: Act): Promise<void> {
  const id = ownSheet(event);
  if (!isExpected(id)) await expectDelivery(id);
  const saved = await writerOf(event).tap(attempt.tap, act);
  batch(() => {
    acknowledge(saved.sheet);
    drop(event, attempt);
  });
  // Since when an expected sheet waits is only told to people: no tap has to wait for that.
  void expectDelivery(id).catch(() => {});
  nudge();
  void keepData();
}

async function save(event: string, attempt: Attempt): Promise<void> {
  try {
    await store(event, attempt, { step: { id: attempt.id, at: Date.now() } });
  } catch (error) {
    // What a full sheet can't take, no second attempt will store.
    if (error instanceof SheetFull) drop(event, attempt);
    else mark(event, attempt, { failed: true, why: error });
    throw error;
  }
}

/** Counts. Resolves once the tap is durably stored; rejects if it could not be: then it is only shown, and can be tried again. */
export async function count(event: string, tap: Tap): Promise<void> {
  await save(event, begin(event, tap));
  if (attempts.peek().has(event)) await tryAgain(event);
}

/** Tries to store what could not be stored. Rejects if something still can't be. */
export async function tryAgain(event: string): Promise<void> {
  const failed = (attempts.peek().get(event) ?? NONE).filter(({ failed }) => failed);
  await Promise.all(
    failed.map((attempt) => {
      mark(event, attempt, { failed: false });
      return save(event, attempt);
    }),
  );
}

/** Gives up the taps that could not be stored. */
export function giveUp(event: string): void {
  change(event, (waiting) => waiting.filter(({ failed }) => !failed));
}

/** Takes a step back. That is a tap too: numbers that only grow can be added up anywhere. */
export async function takeBack(event: string, step: Step): Promise<void> {
  const attempt = begin(event, reverse(step));
  hide(step);
  try {
    await store(event, attempt, { takesBack: step.id });
  } finally {
    batch(() => {
      drop(event, attempt);
      unhide(step);
    });
  }
}

/** Before a page goes on which something is not stored, the browser asks whether it may. */
export function watchUnstored(): void {
  effect(() => {
    if (!anyFailed.value) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  });
}
