"""The events the public hears of, from the projection. Every query takes a connection first, as `Tables.read` gives it."""

import datetime as dt
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, islice

import msgspec

from server.domain.announcing import Announced, announce, is_listed
from server.domain.documents import Event
from server.domain.identifiers import chapter_database, event_id
from sync.documents import generation

_EVENTS = """
    SELECT evening.event, evening.day, document.body, document.leaves
    FROM evening JOIN document ON document.database = evening.database AND document.id = evening.event
    WHERE evening.day >= ? AND evening.day <= ?{} AND document.type = 'event' AND document.body IS NOT NULL
    ORDER BY evening.day, evening.starts, evening.event"""
_RUNNING = """
    SELECT evening.event, evening.day, document.body, document.leaves
    FROM evening INDEXED BY evening_of_days
    JOIN document ON document.database = evening.database AND document.id = evening.event
    WHERE evening.last > evening.day AND evening.last >= ? AND evening.day < ?{} AND document.type = 'event'
      AND document.body IS NOT NULL
    ORDER BY evening.day, evening.starts, evening.event"""
_EVENT = """
    SELECT evening.event, evening.day, document.body, document.leaves
    FROM evening JOIN document ON document.database = evening.database AND document.id = evening.event
    WHERE evening.event = ? AND evening.day IS NOT NULL AND document.type = 'event' AND document.body IS NOT NULL"""
_BEFORE = """
    SELECT evening.day, document.body
    FROM evening JOIN document ON document.database = evening.database AND document.id = evening.event
    WHERE evening.day < ?{} AND document.type = 'event' AND document.body IS NOT NULL
    ORDER BY evening.day DESC"""

_decode = msgspec.json.Decoder(Event).decode


def announced(
    connection: sqlite3.Connection,
    first: dt.date,
    last: dt.date,
    coordinators: Collection[str],
    chapter: str | None = None,
    most: int | None = None,
    skip: int = 0,
    *,
    running: bool = True,
) -> list[Announced]:
    """The listed events of some days (both included), in their order; of one chapter, or of all.

    With `running`, those too that began before and last into these days, as exhibitions do. No more than `most`, after the
    first `skip`.
    """
    there, place = _there(chapter)
    begin = first.isoformat()
    rows = chain(
        connection.execute(_RUNNING.format(there), (begin, begin, *place)) if running else (),
        connection.execute(_EVENTS.format(there), (begin, last.isoformat(), *place)),
    )
    return list(islice(_listed(rows, coordinators), skip, None if most is None else skip + most))


def find(connection: sqlite3.Connection, ulid: str, coordinators: Collection[str]) -> Announced | None:
    """One event, if it is listed."""
    return next(_listed(connection.execute(_EVENT, (event_id(ulid),)), coordinators), None)


def months(
    connection: sqlite3.Connection, before: dt.date, coordinators: Collection[str], chapter: str | None = None
) -> list[str]:
    """The months with listed events before a day, the latest first: "2026-01". Of each no more is read than is needed."""
    there, place = _there(chapter)
    found: list[str] = []
    end = before.isoformat()
    while True:
        rows = connection.execute(_BEFORE.format(there), (end, *place))
        day = next((str(row["day"]) for row in rows if is_listed(_decode(row["body"]), coordinators)), None)
        if day is None:
            return found
        found.append(day[:7])
        end = f"{day[:7]}-01"


def _there(chapter: str | None) -> tuple[str, tuple[str, ...]]:
    """The condition that an event is of a chapter, if one is asked for, and its parameter."""
    return (" AND evening.database = ?", (chapter_database(chapter),)) if chapter else ("", ())


def _listed(rows: Iterable[sqlite3.Row], coordinators: Collection[str]) -> Iterator[Announced]:
    for row in rows:
        event = _decode(row["body"])
        if is_listed(event, coordinators):
            yield announce(row["event"], dt.date.fromisoformat(row["day"]), event, _generation(row["leaves"]))


def _generation(leaves: str) -> int:
    return max(map(generation, leaves.split()), default=1)
