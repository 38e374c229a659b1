/** What is shown of the fair list: by name, by theme, by why somebody is looked for. Pure. */

import type { Row } from "../../domain/fair.ts";
import type { NameIndex } from "../../domain/search.ts";
import { type Birthday, nextBirthday } from "../../domain/vague.ts";

export const BIRTHDAY_DAYS = 30;

export const SHOWS = ["all", "need", "birthday"] as const;
export type Show = (typeof SHOWS)[number];

export interface Shown extends Row {
  birthday: Birthday | undefined;
}

export interface Wish {
  typed: string;
  show: Show;
  /** a slug, or "" for any */
  theme: string;
}

/** The rows that fit, in the order of the list; of birthdays, the next one first. */
export function shown(rows: readonly Row[], wish: Wish, names: NameIndex, today: string): Shown[] {
  const named = wish.typed.trim()
    ? new Set(names.find(wish.typed, [], names.size).map(({ _id }) => _id))
    : undefined;
  const fitting = rows
    .filter(({ prisoner }) => !named || named.has(prisoner._id))
    .filter(({ prisoner }) => !wish.theme || prisoner.themes?.includes(wish.theme))
    .filter(({ need }) => wish.show !== "need" || need !== undefined)
    .map((row) => ({
      ...row,
      birthday: row.prisoner.born ? nextBirthday(row.prisoner.born, today, BIRTHDAY_DAYS) : undefined,
    }));
  if (wish.show !== "birthday") return fitting;
  return fitting
    .filter(({ birthday }) => birthday !== undefined)
    .sort((a, b) => (a.birthday?.inDays ?? 0) - (b.birthday?.inDays ?? 0));
}

/** The themes that anybody on the list has, in the order of the alphabet. */
export function themesOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap(({ prisoner }) => prisoner.themes ?? []))].sort();
}
