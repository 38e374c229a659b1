"""What was written to prisoners, at which events. Letters to somebody who was merged into another are the other's."""

import datetime as dt
import sqlite3
from collections.abc import Sequence

import msgspec

_LETTERS_TO = """
    SELECT prisoner.id, SUM(written) AS written, MAX(NULLIF(day, '')) AS last
    FROM prisoner JOIN recipient ON recipient.prisoner = prisoner.number
    WHERE prisoner.id IN (SELECT value FROM json_each(?)) GROUP BY prisoner.id"""
_EVENINGS_OF = """
    SELECT event, chapter, title, evening.day, written
    FROM prisoner JOIN recipient ON recipient.prisoner = prisoner.number JOIN evening ON evening.number = recipient.evening
    WHERE prisoner.id = ? ORDER BY evening.day IS NULL DESC, evening.day DESC, event"""


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
    rows = connection.execute(_LETTERS_TO, (msgspec.json.encode(ids).decode(),))
    return {row["id"]: Had(row["written"], _day(row["last"])) for row in rows}


def evenings_of(connection: sqlite3.Connection, prisoner: str) -> list[Occasion]:
    """The events at which somebody was written to, the latest first."""
    rows = connection.execute(_EVENINGS_OF, (prisoner,))
    return [Occasion(row["event"], row["chapter"], row["title"], _day(row["day"]), row["written"]) for row in rows]


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
