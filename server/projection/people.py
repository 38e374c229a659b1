"""What was written to prisoners, at which events. Letters to somebody who was merged into another are the other's."""

# ruff: noqa: S608 - the statements are put together from constants of this package; values are always bound.

import datetime as dt
import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from server.domain.identifiers import chapter_database
from server.projection import amounts, sets, sums
from server.projection.rollups import ANY, COUNTRY
from server.projection.sums import Scope

_NUMBERS = "SELECT id, number FROM prisoner WHERE id IN (SELECT value FROM json_each(?))"
_OCCASION = "evening.event, evening.chapter, evening.title, evening.day, evening.written_to"
# Only days on which they had a letter are looked at, the latest first, and no more of them than a page needs.
_EVENINGS_WITH = f"""
    SELECT {_OCCASION} FROM rollup CROSS JOIN evening INDEXED BY evening_by_day
    ON evening.day IS NULLIF(rollup.first, '')
    WHERE rollup.place = '{COUNTRY}' AND rollup.grain IN ('day', 'unknown') AND rollup.theme = '{ANY}'
      AND {{}} AND {{}} ORDER BY rollup.grain DESC, rollup.first DESC, evening.event, evening.database LIMIT ? OFFSET ?"""
_EVENINGS_THERE = f"""
    SELECT {_OCCASION} FROM evening
    WHERE database IN (SELECT value FROM json_each(?)) AND {{}} ORDER BY day DESC NULLS FIRST, event, database"""
_DAYS = """
    SELECT first, recipients FROM rollup
    WHERE place = '' AND grain = 'day' AND first <= ? AND theme = '*' ORDER BY first DESC"""


class Had(msgspec.Struct, frozen=True):
    """How many letters were written to somebody, and on which day the last."""

    written: int = 0
    last: dt.date | None = None


class Occasion(msgspec.Struct, frozen=True):
    """An event at which somebody was written to; `title` and `day` are None while only its counts have arrived."""

    event: str
    chapter: str
    title: str | None
    day: dt.date | None
    written: int


NOTHING = Had()


def letters_to(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Had]:
    """What was written to each of these prisoners; nobody is named who had nothing."""
    numbers = _numbers(connection, ids)
    written = sums.written_to(connection)
    last = last_days(connection, sets.pack(numbers.values()))
    return {name: Had(written[number], last.get(number)) for name, number in numbers.items() if number in written}


def evenings_of(connection: sqlite3.Connection, prisoner: str, most: int = -1, skip: int = 0) -> list[Occasion]:
    """The events at which somebody was written to, the latest first; those whose day is not known come before.

    `most` and `skip` page through a long list.
    """
    number = _numbers(connection, [prisoner]).get(prisoner)
    if number is None:
        return []
    (on_day, values), (there, same) = sets.among("rollup.recipients", number), sets.among("evening.recipients", number)
    rows = connection.execute(_EVENINGS_WITH.format(on_day, there), (*values, *same, most, skip))
    return [_occasion(row, number) for row in rows]


def evenings_in(connection: sqlite3.Connection, prisoner: str, chapters: Iterable[str]) -> list[Occasion]:
    """All of them that were in these chapters."""
    number = _numbers(connection, [prisoner]).get(prisoner)
    if number is None:
        return []
    there, values = sets.among("recipients", number)
    databases = msgspec.json.encode([chapter_database(slug) for slug in chapters]).decode()
    rows = connection.execute(_EVENINGS_THERE.format(there), (databases, *values))
    return [_occasion(row, number) for row in rows]


def written_to(connection: sqlite3.Connection, prisoner: str) -> int:
    """How many letters were written to somebody."""
    numbers, written = _numbers(connection, [prisoner]), sums.written_to(connection)
    return sum(written.get(number, 0) for number in numbers.values())


def last_days(connection: sqlite3.Connection, people: bytes, until: dt.date = dt.date.max) -> dict[int, dt.date]:
    """The day on which each of a set of people was last written to, by number; those who never were are left out.

    The country's days are gone through backwards, to the one at which nobody is left who was ever written to.
    """
    left = sets.common(people, sums.sum_of(connection, Scope(last=until)).prisoners)
    last: dict[int, dt.date] = {}
    for first, recipients in connection.execute(_DAYS, (until.isoformat(),)):
        if not left:
            break
        for number in sets.unpack(sets.common(left, recipients)):
            last[number] = dt.date.fromisoformat(first)
        left = sets.difference(left, recipients)
    return last


def _occasion(row: sqlite3.Row, number: int) -> Occasion:
    return Occasion(
        row["event"],
        row["chapter"],
        row["title"],
        dt.date.fromisoformat(row["day"]) if row["day"] else None,
        amounts.unpack(row["written_to"])[number],
    )


def _numbers(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, int]:
    return {row["id"]: row["number"] for row in connection.execute(_NUMBERS, (msgspec.json.encode(ids).decode(),))}
