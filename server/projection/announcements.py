"""The events the public hears of, from the projection. Every query takes a connection first, as `Tables.read` gives it."""

import datetime as dt
import sqlite3
from collections.abc import Collection

import msgspec

from server.domain.announcing import Announced, announce, is_listed
from server.domain.documents import Event
from server.domain.identifiers import chapter_database, event_id
from sync.documents import generation

_EVENTS = """
    SELECT evening.event, evening.day, document.body, document.leaves
    FROM evening JOIN document ON document.database = evening.database AND document.id = evening.event
    WHERE evening.day >= ? AND evening.day <= ? AND (? IS NULL OR evening.database = ?)
      AND document.type = 'event' AND document.body IS NOT NULL
    ORDER BY evening.day, evening.starts, evening.event"""
_EVENT = """
    SELECT evening.event, evening.day, document.body, document.leaves
    FROM evening JOIN document ON document.database = evening.database AND document.id = evening.event
    WHERE evening.event = ? AND evening.day IS NOT NULL AND document.type = 'event' AND document.body IS NOT NULL"""
_BEFORE = """
    SELECT evening.day, document.body
    FROM evening JOIN document ON document.database = evening.database AND document.id = evening.event
    WHERE evening.day < ? AND (? IS NULL OR evening.database = ?) AND document.type = 'event' AND document.body IS NOT NULL
    ORDER BY evening.day DESC"""

_decode = msgspec.json.Decoder(Event).decode


def announced(
    connection: sqlite3.Connection,
    first: dt.date,
    last: dt.date,
    coordinators: Collection[str],
    chapter: str | None = None,
) -> list[Announced]:
    """The listed events of some days (both included), in their order; of one chapter, or of all."""
    database = chapter_database(chapter) if chapter else None
    rows = connection.execute(_EVENTS, (first.isoformat(), last.isoformat(), database, database))
    return _listed(rows, coordinators)


def find(connection: sqlite3.Connection, ulid: str, coordinators: Collection[str]) -> Announced | None:
    """One event, if it is listed."""
    return next(iter(_listed(connection.execute(_EVENT, (event_id(ulid),)), coordinators)), None)


def months(
    connection: sqlite3.Connection, before: dt.date, coordinators: Collection[str], chapter: str | None = None
) -> list[str]:
    """The months with listed events before a day, the latest first: "2026-01". Of each no more is read than is needed."""
    database = chapter_database(chapter) if chapter else None
    found: list[str] = []
    end = before.isoformat()
    while True:
        rows = connection.execute(_BEFORE, (end, database, database))
        day = next((str(row["day"]) for row in rows if is_listed(_decode(row["body"]), coordinators)), None)
        if day is None:
            return found
        found.append(day[:7])
        end = f"{day[:7]}-01"


def _listed(rows: sqlite3.Cursor, coordinators: Collection[str]) -> list[Announced]:
    found = [(row, _decode(row["body"])) for row in rows]
    return [
        announce(row["event"], dt.date.fromisoformat(row["day"]), event, _generation(row["leaves"]))
        for row, event in found
        if is_listed(event, coordinators)
    ]


def _generation(leaves: str) -> int:
    return max(map(generation, leaves.split()), default=1)
