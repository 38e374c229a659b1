/**
 * Who has had few letters: the rule of the fair list, in one place.
 *
 *     coverage (register)    letters of the whole country since a day, as far as the server knew when it wrote it
 *     sheets (this chapter)  letters of our own evenings since that day, those not delivered yet included
 *
 * The coverage already holds what our sheets had delivered by then, and nothing says how much that was. So the two are never
 * added: a prisoner has had the larger of both numbers. That counts no letter twice; at worst it misses a few of ours
 * that are newer than the coverage, until the server writes the next one.
 */

import type {
  CoverageDocument,
  EventDocument,
  Placement,
  PrisonerDocument,
  SheetDocument,
} from "../generated/documents.ts";
import { value } from "./counting.ts";
import { dayOf } from "./time.ts";
import { addDays, daysBetween } from "./vague.ts";

/** How far back the list looks on a phone that has no coverage yet. */
export const WINDOW_DAYS = 90;
/** Fewer letters than this within the window are few. */
export const FEW_LETTERS = 3;
/** A last letter longer ago than this is long ago. */
export const LONG_AGO_DAYS = 60;

/** Statuses of people who are no longer where letters would be sent to; the twin of the server's list. */
const NOT_WAITING: ReadonlySet<string> = new Set(["released", "deceased", "exchanged"]);

/** What somebody has had within the window. */
export interface Had {
  letters: number;
  /** of our chapter, as the sheets say */
  ours: number;
  /** the day of the last letter known of, in the window or before it */
  last: string | undefined;
}

export type Need = "none" | "few" | "long-ago";

/** One row of the list. `need` is why somebody needs support; undefined where nobody is being forgotten. */
export interface Row extends Had {
  prisoner: PrisonerDocument;
  need: Need | undefined;
}

/** One event's letters to one prisoner, by kind. */
export interface Entry {
  event: string;
  day: string;
  title: string;
  letters: number;
  cards: number;
  handmade: number;
}

/** The coverage may name the day of the last letter too; an older server's does not. */
type Coverage = CoverageDocument & { last?: Record<string, string> };

export function isWaiting({ status, merged_into }: PrisonerDocument): boolean {
  return !NOT_WAITING.has(status) && !merged_into;
}

/** Where somebody is held now: the last placement, unless they have left it. The twin of `server/domain/staleness.py`. */
export function placementNow({ placements }: PrisonerDocument): Placement | undefined {
  const last = placements?.at(-1);
  return last?.to ? undefined : last;
}

/** Our chapter's letters to each prisoner, event by event, the latest first. */
export function historyOf(
  events: Iterable<EventDocument>,
  sheets: Iterable<SheetDocument>,
): Map<string, Entry[]> {
  const known = new Map([...events].map((event) => [event._id, event]));
  const entries = new Map<string, Map<string, Entry>>();
  for (const sheet of sheets) {
    const event = known.get(sheet.event);
    if (!event) continue;
    for (const line of sheet.letters) {
      const count = value(line);
      if (line.to === null || count === 0) continue;
      const ofPrisoner = entries.get(line.to) ?? new Map<string, Entry>();
      const entry = ofPrisoner.get(event._id) ?? {
        ...{ event: event._id, day: dayOf(event), title: event.title },
        ...{ letters: 0, cards: 0, handmade: 0 },
      };
      entry[line.kind === "letter" ? "letters" : line.kind === "card" ? "cards" : "handmade"] += count;
      entries.set(line.to, ofPrisoner.set(event._id, entry));
    }
  }
  const latestFirst = (a: Entry, b: Entry) => b.day.localeCompare(a.day);
  return new Map([...entries].map(([to, ofPrisoner]) => [to, [...ofPrisoner.values()].sort(latestFirst)]));
}

export function written({ letters, cards, handmade }: Pick<Entry, "letters" | "cards" | "handmade">): number {
  return letters + cards + handmade;
}

/** The first day of the window: the coverage's own, so that both numbers speak of the same time. */
export function windowStart(coverage: Coverage | undefined, today: string): string {
  return coverage?.since ?? addDays(today, -WINDOW_DAYS);
}

function hadBy(id: string, coverage: Coverage | undefined, entries: readonly Entry[], since: string): Had {
  const ours = entries.filter(({ day }) => day >= since).reduce((sum, entry) => sum + written(entry), 0);
  const days = [entries[0]?.day, coverage?.last?.[id]].filter((day) => day !== undefined);
  return { letters: Math.max(coverage?.letters[id] ?? 0, ours), ours, last: days.sort().at(-1) };
}

/** Why somebody needs support, if they do. */
export function needOf(had: Had, today: string): Need | undefined {
  if (had.letters === 0) return had.last === undefined ? "none" : "long-ago";
  if (had.letters < FEW_LETTERS) return "few";
  return had.last !== undefined && daysBetween(had.last, today) > LONG_AGO_DAYS ? "long-ago" : undefined;
}

function fewestFirst(a: Row, b: Row): number {
  return (
    a.letters - b.letters ||
    (a.last ?? "").localeCompare(b.last ?? "") ||
    name(a.prisoner).localeCompare(name(b.prisoner), "ru")
  );
}

function name({ name }: PrisonerDocument): string {
  return name.ru || name.en || "";
}

/** Everybody who waits for letters, whoever has had the fewest first. */
export function fairList(
  prisoners: Iterable<PrisonerDocument>,
  coverage: Coverage | undefined,
  history: ReadonlyMap<string, readonly Entry[]>,
  today: string,
): Row[] {
  const since = windowStart(coverage, today);
  return [...prisoners]
    .filter(isWaiting)
    .map((prisoner) => {
      const had = hadBy(prisoner._id, coverage, history.get(prisoner._id) ?? [], since);
      return { prisoner, ...had, need: needOf(had, today) };
    })
    .sort(fewestFirst);
}
