"""Who of the register was written to lately, and who was not: counts for the dashboard, and the document phones read.

"Lately" is by the days of evenings, up to and including today; an evening whose day has not arrived is not among them.
"""

import datetime as dt
import sqlite3

import msgspec

from server.domain.documents import Coverage
from server.projection import sets
from server.projection.people import last_days
from server.projection.sums import Scope, sum_of, written_to

MONTH = dt.timedelta(days=30)
QUARTER = dt.timedelta(days=90)

_LISTED = "SELECT json_group_array(number) FROM prisoner WHERE listed"
_LISTED_NAMES = "SELECT number, id FROM prisoner WHERE listed ORDER BY id"
_NAMES = "SELECT number, id FROM prisoner ORDER BY id"


class Reach(msgspec.Struct, frozen=True):
    """How many people of the register wait for letters, and how many of them had one in 30 days, in 90 days, or ever."""

    listed: int
    month: int
    quarter: int
    ever: int

    @property
    def waiting(self) -> int:
        """Those who had none in 90 days."""
        return self.listed - self.quarter

    @property
    def never(self) -> int:
        """Those who never had one that was counted here."""
        return self.listed - self.ever


class Waiting(msgspec.Struct, frozen=True):
    """Somebody who had no letter for long; `last` is the day of the last one, None where there was none."""

    id: str
    last: dt.date | None


def reach(connection: sqlite3.Connection, today: dt.date) -> Reach:
    """The counts of today."""
    listed = sets.pack(msgspec.json.decode(connection.execute(_LISTED).fetchone()[0], type=list[int]))
    firsts = _since(today, MONTH), _since(today, QUARTER), None
    had = [sum_of(connection, Scope(first=first, last=today)).prisoners for first in firsts]
    return Reach(sets.size(listed), *(sets.size(sets.common(listed, one)) for one in had))


def waiting(connection: sqlite3.Connection, today: dt.date, most: int | None = None, skip: int = 0) -> list[Waiting]:
    """Those who had no letter in 90 days: who never had one first, then the longest without."""
    lately = set(sets.unpack(sum_of(connection, Scope(first=_since(today, QUARTER), last=today)).prisoners))
    names = {number: str(name) for number, name in connection.execute(_LISTED_NAMES) if number not in lately}
    last = last_days(connection, sets.pack(names), today)
    # Sorting keeps the order of names among those of one day.
    found = sorted(names, key=lambda number: last.get(number, dt.date.min))
    return [Waiting(names[number], last.get(number)) for number in found[skip:][:most]]


def coverage(connection: sqlite3.Connection, today: dt.date) -> Coverage:
    """The register's document: letters to each prisoner in the last 90 days, and the day of the last one whenever it was."""
    since = _since(today, QUARTER)
    written = written_to(connection, since, today)
    names = {number: str(name) for number, name in connection.execute(_NAMES)}
    last = last_days(connection, sets.pack(names), today)
    return Coverage(
        schema=1,
        since=since,
        until=today,
        letters={name: written[number] for number, name in names.items() if number in written},
        last={name: last[number] for number, name in names.items() if number in last},
    )


def _since(today: dt.date, days: dt.timedelta) -> dt.date:
    """The first of so many days of which today is the last."""
    return today - days + dt.timedelta(days=1)
