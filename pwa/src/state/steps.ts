/** The last steps on this phone's sheets, in every tab the same, and after a reload too. */

import { batch, computed, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { LAST_STEPS, type Step } from "../domain/steps.ts";
import type { Stored } from "../store/documents.ts";
import { type Gathering, gather } from "../store/gathering.ts";
import { followIds, isNewer } from "../store/ranges.ts";
import { crossOut, noteSteps, STEPS, type Steps } from "../store/steps.ts";
import { useSame } from "./same.ts";
import { phone } from "./session.ts";

/** Taken in this tab and not noted yet, by sheet. */
const fresh = signal<ReadonlyMap<string, readonly Step[]>>(new Map());
/** What this tab wrote last: the changes feed tells of it a moment later. */
const written = signal<ReadonlyMap<string, Steps & Stored>>(new Map());
/** Being taken back: no longer offered. */
const hidden = signal<ReadonlySet<string>>(new Set());

const turns = new Map<string, Promise<unknown>>();

/** One thing after the other, for each sheet. */
function inTurn<T>(sheet: string, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(sheet) ?? Promise.resolve()).then(work);
  turns.set(
    sheet,
    turn.catch(() => {}),
  );
  return turn;
}

function setFresh(sheet: string, apply: (steps: readonly Step[]) => readonly Step[]): void {
  fresh.value = new Map(fresh.peek()).set(sheet, apply(fresh.peek().get(sheet) ?? []));
}

/** Offers a step for taking back, from now on. */
export function note(sheet: string, step: Step): void {
  batch(() => {
    setFresh(sheet, (steps) => [...steps, step].slice(-LAST_STEPS));
    hidden.value = new Set([...hidden.peek()].filter((id) => id !== step.id));
  });
  noteSoon(sheet);
}

/** A burst of taps is noted once: beside each of them another write would keep the next one waiting. */
const NOTE_AFTER_MS = 400;
const NOTE_AT_MOST_MS = 1500;

const notings = new Map<string, Gathering>();

function noteSoon(sheet: string): void {
  let noting = notings.get(sheet);
  if (!noting) {
    // What can't be noted can still be taken back in this tab.
    const work = () => void inTurn(sheet, () => noteFresh(sheet)).catch(() => {});
    noting = gather(work, NOTE_AFTER_MS, NOTE_AT_MOST_MS);
    notings.set(sheet, noting);
  }
  noting.ask();
}

/** Notes now what is to be noted: the page may be about to go. */
function noteNow(): void {
  for (const noting of notings.values()) noting.now();
}

/** Whether every step taken in this tab is noted. */
export const allNoted = computed(() => [...fresh.value.values()].every((steps) => steps.length === 0));

async function noteFresh(sheet: string): Promise<void> {
  const steps = fresh.peek().get(sheet) ?? [];
  if (steps.length === 0) return;
  const now = await noteSteps(phone, sheet, steps, written.peek().get(sheet));
  batch(() => {
    written.value = new Map(written.peek()).set(sheet, now);
    setFresh(sheet, (known) => known.filter((step) => !steps.includes(step)));
  });
}

/** Crosses a step out before it is taken back. Resolves with it, or with undefined if somebody else was faster. */
export async function cross(sheet: string, step: Step): Promise<boolean> {
  hidden.value = new Set(hidden.peek()).add(step.id);
  return inTurn(sheet, async () => {
    const unnoted =
      fresh
        .peek()
        .get(sheet)
        ?.some(({ id }) => id === step.id) ?? false;
    setFresh(sheet, (steps) => steps.filter(({ id }) => id !== step.id));
    const { crossed, now } = await crossOut(phone, sheet, step.id);
    written.value = new Map(written.peek()).set(sheet, now);
    return crossed || unnoted;
  });
}

/** The last steps of a sheet, the latest first. */
export function useSteps(sheet: string): readonly Step[] {
  const range = useMemo(() => followIds<Steps>(phone, new Set([STEPS + sheet])), [sheet]);
  useEffect(() => range.close, [range]);
  useEffect(() => {
    document.addEventListener("visibilitychange", noteNow);
    return () => document.removeEventListener("visibilitychange", noteNow);
  }, []);
  const told = range.documents.value?.get(STEPS + sheet);
  const mine = written.value.get(sheet);
  const noted = told && (!mine || isNewer(told, mine)) ? told : mine;
  const steps = [...(noted?.steps ?? []), ...(fresh.value.get(sheet) ?? [])]
    .filter(({ id }) => !hidden.value.has(id))
    .slice(-LAST_STEPS)
    .reverse();
  return useSame(steps, steps.map(({ id }) => id).join());
}
