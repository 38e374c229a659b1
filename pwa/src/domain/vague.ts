/**
 * Dates as exact as their source: `1976`, `1976-05`, `1976-05-02`. A day is written `2026-01-29` and belongs to no time zone.
 */

const DAY = 86_400_000;

/** A birthday within the days asked for. `day` is unknown where the source names only the month. */
export interface Birthday {
  /** whole days until it; of a month without a day, until the first day of it that is still to come */
  inDays: number;
  /** in which calendar month, from 1 */
  month: number;
  day: number | undefined;
}

function parts(vague: string): [year: number, month: number | undefined, day: number | undefined] {
  const [year = 0, month, day] = vague.split("-").map(Number);
  return [year, month, day];
}

/** Days since 1970 of a calendar day. */
function number(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY;
}

/** Days between two calendar days; what is vague begins with its first day. */
export function daysBetween(from: string, to: string): number {
  const [fromYear, fromMonth = 1, fromDay = 1] = parts(from);
  const [toYear, toMonth = 1, toDay = 1] = parts(to);
  return number(toYear, toMonth, toDay) - number(fromYear, fromMonth, fromDay);
}

/** The day that many days later, or earlier. */
export function addDays(day: string, days: number): string {
  const [year, month = 1, date = 1] = parts(day);
  return new Date((number(year, month, date) + days) * DAY).toISOString().slice(0, 10);
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/**
 * The next birthday of somebody, if it comes within so many days from today (today itself among them). Whoever was born on
 * 29 February has it on the 28th in other years: better a card a day early. Of a year alone nothing is known.
 */
export function nextBirthday(born: string, today: string, within: number): Birthday | undefined {
  const [, month, day] = parts(born);
  const [year] = parts(today);
  if (!month) return undefined;
  for (const candidate of [year, year + 1]) {
    const date = month === 2 && day === 29 && !isLeap(candidate) ? 28 : day;
    const first = daysBetween(today, `${candidate}-${month}-${date ?? 1}`);
    // Of a month without a day, any of its days may be the one.
    const last =
      date === undefined ? number(candidate, month + 1, 0) - number(candidate, month, 1) + first : first;
    if (last >= 0 && first <= within) return { inDays: Math.max(0, first), month, day: date };
  }
  return undefined;
}

/** An address that nobody confirmed within so many months may be wrong by now. The twin of `server/domain/staleness.py`. */
const STALE_MONTHS = 6;

export function isStale(verifiedOn: string | null | undefined, today: string): boolean {
  const [year, month = 1] = parts(today);
  const earliest = new Date(Date.UTC(year, month - 1 - STALE_MONTHS)).toISOString().slice(0, 7);
  return !verifiedOn || verifiedOn < earliest;
}

/** How long ago a day was, in the unit one would say it in. */
export function ago(day: string, today: string): { n: number; unit: "day" | "month" | "year" } {
  const days = Math.max(0, daysBetween(day, today));
  if (days < 45) return { n: days, unit: "day" };
  const months = Math.round(days / 30.44);
  return months < 24 ? { n: months, unit: "month" } : { n: Math.floor(months / 12), unit: "year" };
}
