"""Numbers over many events: totals of any days, place and theme, each chapter's, and their course over time.

Days are answered from the rollups: whole years, then whole quarters, months, weeks and days of what is left at both ends.

    10 Jan 2025 … 5 Mar 2026   =   days 10–12 Jan, weeks 13–26 Jan, days 27–31 Jan, months Feb–Mar, quarters Apr–Dec 2025, …

So a question costs a few hundred rows however many letters were counted. Recipients are distinct over the union at every level.
"""

# ruff: noqa: S608 - the statements are put together from constants of this package; values are always bound.
import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

import msgspec

from server.domain import totals as domain
from server.domain.identifiers import chapter_database, chapter_of
from server.domain.totals import Declared, Pending, Tally
from server.projection import amounts, sets
from server.projection.rollups import ADDED, ANY, COUNTRY, KEPT, Grain, span

_DAY = dt.timedelta(days=1)
_FINER: dict[Grain, Grain] = {"year": "quarter", "quarter": "month", "month": "week", "week": "day"}

# Chapter by chapter in their order, so that no row has to be sorted to its chapter's.
_OF_EACH = f"""
    WITH span (grain, low, high) AS MATERIALIZED (
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(:spans))
    SELECT {ADDED}, source.database AS place FROM source CROSS JOIN span CROSS JOIN {{}}
    GROUP BY source.database"""
_SPANS_OF_EACH = _OF_EACH.format(
    "rollup WHERE span.grain != 'day' AND rollup.place = source.database AND rollup.grain = span.grain "
    "AND rollup.first BETWEEN span.low AND span.high AND rollup.theme = :theme"
)
# A chapter's events are its days.
_DAYS_OF_EACH = _OF_EACH.format(
    "evening WHERE span.grain = 'day' AND evening.database = source.database "
    f"AND evening.day BETWEEN span.low AND span.high AND (:theme = '{ANY}' OR evening.theme = :theme)"
)


class Scope(msgspec.Struct, frozen=True):
    """Which events are meant: all of them, or those of a chapter, one event, days (both included), a theme."""

    chapter: str | None = None
    event: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    theme: str | None = None

    @property
    def place(self) -> str:
        """The database of its chapter, or the country."""
        return COUNTRY if self.chapter is None else chapter_database(self.chapter)

    def where(self, also: str | None = None) -> tuple[str, list[str]]:
        """The condition on `evening` and its parameters. Events whose day is not known yet are in no range of days."""
        conditions = {
            "evening.database = ?": self.place or None,
            "evening.event = ?": self.event,
            "day >= ?": self.first.isoformat() if self.first else None,
            "day <= ?": self.last.isoformat() if self.last else None,
            "theme = ?": self.theme,
        }
        given = {condition: value for condition, value in conditions.items() if value is not None}
        terms = [*given, *([also] if also else [])]
        return (" WHERE " + " AND ".join(terms) if terms else ""), list(given.values())


class Sum(msgspec.Struct, frozen=True):
    """Events added up. `tally` is what the domain makes of the same documents.

    bounds        closings that declare a lower bound ("more than a hundred") and not a number
    bounds_written     those that do so of what was written: `declared_written` is then a lower bound itself
    differing     events whose closing contradicts their tally
    published_…   as the domain publishes each event: declared where it is, else tallied
    declared_written   what closings say of all that was written, the tally standing in for parts they leave out
    prisoners     the set of recipients (see sets.py), for unions and differences
    """

    tally: Tally
    bounds: int
    bounds_written: int
    differing: int
    published_heads: int
    published_written: int
    declared_written: int | None
    prisoners: bytes


NOTHING = Sum(
    tally=domain.tally([]),
    bounds=0,
    bounds_written=0,
    differing=0,
    published_heads=0,
    published_written=0,
    declared_written=None,
    prisoners=b"",
)
"""The sum of no events."""


class Step(msgspec.Struct, frozen=True):
    """One step of a course over time: the days it spans, and their sum."""

    first: dt.date
    last: dt.date
    sum: Sum


def totals(connection: sqlite3.Connection, scope: Scope) -> Tally:
    """The tally of the events in a scope; equal to `domain.totals.tally` of their documents."""
    return sum_of(connection, scope).tally


def sum_of(connection: sqlite3.Connection, scope: Scope) -> Sum:
    """The events in a scope, added up."""
    if scope.event is not None:
        where, values = scope.where()
        return _sum(connection.execute(f"SELECT {ADDED} FROM evening{where}", values).fetchone())
    parts, values = _parts(scope)
    return _sum(connection.execute(f"SELECT {ADDED} FROM ({parts})", values).fetchone())


def by_chapter(connection: sqlite3.Connection, scope: Scope) -> dict[str, Sum]:
    """The same for each chapter that has events in the scope, by its slug."""
    spans = [(grain, low.isoformat(), high.isoformat()) for grain, low, high in cover(scope.first, scope.last)]
    if scope.first is None and scope.last is None:
        spans.append(("unknown", "", ""))
    asked = {"spans": msgspec.json.encode(spans).decode(), "theme": _theme(scope)}
    found = {place: row for *row, place in connection.execute(_SPANS_OF_EACH, asked)}
    # Added up here: in one statement, SQLite would sort all these rows to their chapters.
    for *row, place in connection.execute(_DAYS_OF_EACH, asked):
        found[place] = _both(found[place], row) if place in found else row
    return {chapter: _sum(row) for place, row in sorted(found.items()) if (chapter := chapter_of(place)) is not None}


def written_to(
    connection: sqlite3.Connection, first: dt.date | None = None, last: dt.date | None = None
) -> dict[int, int]:
    """How many letters each prisoner had in the whole country, by their numbers."""
    parts, values = _parts(Scope(first=first, last=last), columns="written_to")
    return amounts.read(packed for (packed,) in connection.execute(parts, values))


def united(sums: Iterable[Sum]) -> bytes:
    """Everybody any of these sums wrote to. The only way to add recipients up."""
    return sets.union(one.prisoners for one in sums)


def course(
    connection: sqlite3.Connection, scope: Scope, grain: Literal["day", "week", "month", "year"] = "week"
) -> list[Step]:
    """The scope's days, weeks, months or years, in order; those without an event are left out.

    A step is a whole one even where the scope's first or last day cuts it. Single days are kept for the country only.
    """
    first = span(scope.first, grain)[0] if scope.first else dt.date.min
    last = scope.last or dt.date.max
    rows = connection.execute(
        f"SELECT {KEPT}, first FROM rollup WHERE place = ? AND grain = ? AND first BETWEEN ? AND ? AND theme = ? "
        "ORDER BY first",
        [scope.place, grain, first.isoformat(), last.isoformat(), _theme(scope)],
    )
    return [Step(*span(dt.date.fromisoformat(begins), grain), _sum(row)) for *row, begins in rows]


def first_and_last_day(connection: sqlite3.Connection) -> tuple[dt.date, dt.date] | None:
    """The days of the earliest and the latest event there is anything of; None where there is none."""
    # One at a time: asked for both at once, SQLite would look at every event.
    row = connection.execute("SELECT (SELECT MIN(day) FROM evening), (SELECT MAX(day) FROM evening)").fetchone()
    return (dt.date.fromisoformat(row[0]), dt.date.fromisoformat(row[1])) if row[0] else None


def cover(first: dt.date | None, last: dt.date | None) -> Iterator[tuple[Grain, dt.date, dt.date]]:
    """Spans that are exactly these days: (grain, first day of the first span, first day of the last span), in order."""
    return _cover(first or dt.date.min, last or dt.date.max, "year")


def _cover(begin: dt.date, end: dt.date, grain: Grain) -> Iterator[tuple[Grain, dt.date, dt.date]]:
    if begin > end:
        return
    if grain == "day":
        yield grain, begin, end
        return
    finer = _FINER[grain]
    (opens, closes), (last_opens, last_closes) = span(begin, grain), span(end, grain)
    if (opens < begin and closes >= end) or (last_closes > end and last_opens <= begin):
        yield from _cover(begin, end, finer)  # no whole span is among these days
        return
    low = begin if opens == begin else closes + _DAY
    high = end if last_closes == end else last_opens - _DAY
    if low > high:
        yield from _cover(begin, end, finer)
        return
    if begin < low:
        yield from _cover(begin, low - _DAY, finer)
    yield grain, low, span(high, grain)[0]
    if high < end:
        yield from _cover(high + _DAY, end, finer)


def _parts(scope: Scope, columns: str = KEPT) -> tuple[str, list[str]]:
    """The rows whose sum is the scope, as a compound SELECT with its parameters."""
    parts: list[str] = []
    values: list[str] = []

    def add(part: str, *parameters: str) -> None:
        parts.append(part)
        values.extend((scope.place, *parameters))

    if scope.first is None and scope.last is None:
        add(f"SELECT {columns} FROM rollup WHERE place = ? AND grain = 'unknown' AND theme = ?", _theme(scope))
    for grain, low, high in cover(scope.first, scope.last):
        days = low.isoformat(), high.isoformat()
        if grain == "day" and scope.place != COUNTRY:
            # A chapter has hardly more than one event a day, so its events are its days.
            part = f"SELECT {KEPT} FROM evening WHERE database = ? AND day BETWEEN ? AND ?"
            add(*((part, *days) if scope.theme is None else (f"{part} AND theme = ?", *days, scope.theme)))
        else:
            part = f"SELECT {columns} FROM rollup WHERE place = ? AND grain = '{grain}' AND first BETWEEN ? AND ?"
            add(f"{part} AND theme = ?", *days, _theme(scope))
    return " UNION ALL ".join(parts) or f"SELECT {columns} FROM rollup WHERE FALSE", values


def _theme(scope: Scope) -> str:
    return ANY if scope.theme is None else scope.theme


def _both(one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    """Two rows of `ADDED` added up. What nobody declared in either stays NULL."""
    *numbers, recipients = one
    *more, also = other
    added = [b if a is None else a if b is None else a + b for a, b in zip(numbers, more, strict=True)]
    return [*added, sets.union((recipients, also))]


def _sum(row: Sequence[Any]) -> Sum:
    """A row of `ADDED` or `KEPT`. The sums of no rows at all are NULL."""
    # By places: sqlite3 looks for a name among all the columns, and a country's page has hundreds of sums.
    if row[0] is None:
        return NOTHING
    held, orphans, _, heads, letters, cards, handmade, sent, unsent, closings, unclosed, *more, recipients = row
    differing, bounds, bounds_written, published_heads, published_written, declared_written, *declared = more
    declared_heads, declared_letters, declared_cards, declared_handmade, declared_recipients = declared
    return Sum(
        tally=Tally(
            events=held,
            heads=heads,
            letters=letters,
            cards=cards,
            handmade=handmade,
            written=letters + cards + handmade,
            recipients=sets.size(recipients),
            sent=sent,
            declared=Declared(
                closings=closings,
                heads=declared_heads,
                letters=declared_letters,
                cards=declared_cards,
                handmade=declared_handmade,
                # Distinct recipients can't be added up, so only a single closing's number may be said.
                recipients=declared_recipients if closings == 1 else None,
            ),
            pending=Pending(events=unclosed, letters=unsent, orphans=orphans),
        ),
        bounds=bounds,
        bounds_written=bounds_written,
        differing=differing,
        published_heads=published_heads,
        published_written=published_written,
        declared_written=declared_written,
        prisoners=recipients,
    )
