"""What was written to prisoners, at which events. Letters to somebody who was merged into another are the other's."""

import datetime as dt
import sqlite3
from collections.abc import Sequence

import msgspec

from server.projection import amounts, sets, sums
from server.projection.sums import Scope

_NUMBERS = "SELECT id, number FROM prisoner WHERE id IN (SELECT value FROM json_each(?))"
# Left to itself, SQLite would look up one event after the other in the order of their days.
_EVENINGS_WITH = """
    SELECT event, chapter, title, day, written_to FROM evening NOT INDEXED
    WHERE {} ORDER BY day DESC NULLS FIRST, event"""
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


def evenings_of(connection: sqlite3.Connection, prisoner: str) -> list[Occasion]:
    """The events at which somebody was written to, the latest first."""
    for number in _numbers(connection, [prisoner]).values():
        there, values = sets.among("recipients", number)
        return [
            Occasion(
                row["event"],
                row["chapter"],
                row["title"],
                dt.date.fromisoformat(row["day"]) if row["day"] else None,
                amounts.unpack(row["written_to"])[number],
            )
            for row in connection.execute(_EVENINGS_WITH.format(there), values)
        ]
    return []


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


def _numbers(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, int]:
    return {row["id"]: row["number"] for row in connection.execute(_NUMBERS, (msgspec.json.encode(ids).decode(),))}
