"""Who of the register was written to lately, and who was not: counts for the dashboard, and the document phones read.

"Lately" is by the days of evenings, up to and including today; an evening whose day has not arrived is not among them.
"""

import datetime as dt
import sqlite3

import msgspec

from server.domain.documents import Coverage
from server.projection import sets
from server.projection.sums import Scope, sum_of

MONTH = dt.timedelta(days=30)
QUARTER = dt.timedelta(days=90)

_LISTED = "SELECT number FROM prisoner WHERE listed"
_WAITING = """
    SELECT id, last FROM (
        SELECT id, (SELECT MAX(day) FROM recipient WHERE prisoner = number AND day != '' AND day <= :today) AS last
        FROM prisoner WHERE listed)
    WHERE last IS NULL OR last < :since ORDER BY last IS NOT NULL, last, id LIMIT :most OFFSET :skip"""
_WRITTEN = """
    SELECT id, MAX(day) AS last, SUM(CASE WHEN day >= :since THEN written ELSE 0 END) AS written
    FROM prisoner JOIN recipient ON prisoner = number
    WHERE day != '' AND day <= :today GROUP BY number ORDER BY id"""


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
    listed = sets.pack(number for (number,) in connection.execute(_LISTED))
    firsts = _since(today, MONTH), _since(today, QUARTER), None
    had = [sum_of(connection, Scope(first=first, last=today)).prisoners for first in firsts]
    return Reach(sets.size(listed), *(sets.size(sets.common(listed, one)) for one in had))


def waiting(connection: sqlite3.Connection, today: dt.date, most: int = -1, skip: int = 0) -> list[Waiting]:
    """Those who had no letter in 90 days: who never had one first, then the longest without."""
    values = {"today": today.isoformat(), "since": _since(today, QUARTER).isoformat(), "most": most, "skip": skip}
    return [
        Waiting(row["id"], dt.date.fromisoformat(row["last"]) if row["last"] else None)
        for row in connection.execute(_WAITING, values)
    ]


def coverage(connection: sqlite3.Connection, today: dt.date) -> Coverage:
    """The register's document: letters to each prisoner in the last 90 days, and the day of the last one whenever it was."""
    since = _since(today, QUARTER)
    rows = connection.execute(_WRITTEN, {"since": since.isoformat(), "today": today.isoformat()}).fetchall()
    return Coverage(
        schema=1,
        since=since,
        until=today,
        letters={row["id"]: row["written"] for row in rows if row["written"]},
        last={row["id"]: dt.date.fromisoformat(row["last"]) for row in rows},
    )


def _since(today: dt.date, days: dt.timedelta) -> dt.date:
    """The first of so many days of which today is the last."""
    return today - days + dt.timedelta(days=1)
