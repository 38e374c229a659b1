/** The fair list as this phone knows it, and whom one has chosen on it. */

import { signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { type Entry, fairList, historyOf, type Row } from "../domain/fair.ts";
import { wallClock } from "../domain/time.ts";
import type { EventDocument } from "../generated/documents.ts";
import { useRange, useSheets } from "./chapter.ts";
import { allPrisoners, coverage } from "./register.ts";

/** Prisoners chosen for printing, by id. Kept only while the app is open. */
export const chosen = signal<ReadonlySet<string>>(new Set());

export function choosePrisoner(id: string, isChosen: boolean): void {
  const next = new Set(chosen.value);
  if (isChosen) next.add(id);
  else next.delete(id);
  chosen.value = next;
}

export function today(): string {
  return wallClock(new Date())[0];
}

/** Our letters to every prisoner, evening by evening; undefined while they are read. */
export function useHistory(): ReadonlyMap<string, Entry[]> | undefined {
  const events = useRange<EventDocument>("event:");
  const sheets = useSheets();
  return useMemo(() => events && sheets && historyOf(events.values(), sheets.values()), [events, sheets]);
}

/** Everybody who waits for letters, whoever has had the fewest first; undefined while the sheets are read. */
export function useFairList(): Row[] | undefined {
  const history = useHistory();
  const [prisoners, known] = [allPrisoners.value, coverage.value];
  return useMemo(() => history && fairList(prisoners, known, history, today()), [prisoners, known, history]);
}
