"""Evenings added up ahead of the question, so that no page's answer takes longer because more was counted.

    evening ─┬─► a chapter's weeks, months ───────────► its quarters ─► its years    of each theme, and from these
             └─► the country's days ─► weeks, months ─► quarters ─► years             of all themes

A row is never adjusted: whenever an evening in its span changes it is made again from the rows one step below, of which there
are few. So it can't drift, and a letter taken back leaves the set of recipients like one that was never written. The same
statements make the rows of one evening and those of a whole country.
"""

# ruff: noqa: S608 - the statements are put together from constants of this package; values are always bound.
import datetime as dt
import sqlite3
from calendar import monthrange
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

Grain = Literal["unknown", "day", "week", "month", "quarter", "year"]
"""The spans rows are kept for; "unknown" holds the events whose day has not arrived."""

COUNTRY = ""
"""The place that is all chapters together."""

ANY = "*"
"""The theme of the rows in which all themes are added up, those of none included."""

SUMMED = (
    *("held", "orphans", "sheets", "heads", "letters", "cards", "handmade", "sent", "unsent"),
    *("closings", "unclosed", "differing", "bounds", "bounds_written"),
    *("published_heads", "published_written", "declared_written"),
    *("declared_heads", "declared_letters", "declared_cards", "declared_handmade", "declared_recipients"),
)
"""The columns of `evening` and `rollup` that are added up. A sum of declared numbers is NULL where nobody declared any."""

ADDED = ", ".join(f"SUM({column}) AS {column}" for column in SUMMED) + ", unite(recipients) AS recipients"
KEPT = ", ".join([*SUMMED, "recipients"])

_DUE = """
    CREATE TEMP TABLE IF NOT EXISTS due (
        grain TEXT, place TEXT, first TEXT, theme TEXT, last TEXT, PRIMARY KEY (grain, place, first, theme)) WITHOUT ROWID"""
"""The rows that are to be made again, with the last days of their spans."""
_PUT_DUE = "INSERT INTO due (grain, place, first, theme, last) VALUES (?, ?, ?, ?, ?)"
_DROP = "DELETE FROM rollup WHERE (place, theme, grain, first) IN (SELECT place, theme, grain, first FROM due)"


def _make(due: str, rows: str, written_to: str = "NULL") -> str:
    """The statement that makes some due rows again, each from the rows that are its own; none where it has none."""
    return (
        f"INSERT INTO rollup (grain, place, first, theme, {KEPT}, written_to) "
        f"SELECT due.grain, due.place, due.first, due.theme, {ADDED}, {written_to} FROM due CROSS JOIN {rows} "
        f"WHERE {due} GROUP BY due.grain, due.place, due.first, due.theme"
    )


_CHAPTERS = f"due.place != '{COUNTRY}' AND due.theme "
_COUNTRYS = f"due.place = '{COUNTRY}' AND due.theme "
_OF_THEME = f"!= '{ANY}' AND due.grain "
_OF_ALL_THEMES = f"= '{ANY}'"
_ALL_EVENINGS = "evening ON evening.theme IS NULLIF(due.theme, '') AND evening.day "
_EVENINGS = "evening ON evening.database = due.place AND evening.theme IS NULLIF(due.theme, '') AND evening.day "
_SPANS = (
    "rollup ON rollup.place = due.place AND rollup.grain = '{}' "
    "AND rollup.first BETWEEN due.first AND due.last AND rollup.theme = due.theme"
)
# Which themes there are, one after another by the key: reading every row for it would take longer than all the rest.
_ANY_THEME = f"""
    WITH RECURSIVE theme (name) AS (
        SELECT MIN(theme) FROM rollup WHERE place = '{COUNTRY}' UNION ALL
        SELECT (SELECT MIN(theme) FROM rollup WHERE place = '{COUNTRY}' AND theme > name) FROM theme WHERE name NOTNULL)
    SELECT name FROM theme WHERE name != '{ANY}'"""
_THEMES = (
    f"({_ANY_THEME}) AS theme CROSS JOIN rollup ON rollup.place = due.place AND rollup.theme = theme.name "
    "AND rollup.grain = due.grain AND rollup.first = due.first"
)
_GATHER, _ADD_UP = "gather(evening.written_to)", "add_up(rollup.written_to)"
_STEPS = (
    _make(_CHAPTERS + _OF_THEME + "= 'unknown'", _EVENINGS + "IS NULL"),
    _make(_CHAPTERS + _OF_THEME + "IN ('week', 'month')", _EVENINGS + "BETWEEN due.first AND due.last"),
    _make(_CHAPTERS + _OF_THEME + "= 'quarter'", _SPANS.format("month")),
    _make(_CHAPTERS + _OF_THEME + "= 'year'", _SPANS.format("quarter")),
    _make(_COUNTRYS + _OF_THEME + "= 'unknown'", _ALL_EVENINGS + "IS NULL", _GATHER),
    _make(_COUNTRYS + _OF_THEME + "= 'day'", _ALL_EVENINGS + "= due.first", _GATHER),
    _make(_COUNTRYS + _OF_THEME + "IN ('week', 'month')", _SPANS.format("day"), _ADD_UP),
    _make(_COUNTRYS + _OF_THEME + "= 'quarter'", _SPANS.format("month"), _ADD_UP),
    _make(_COUNTRYS + _OF_THEME + "= 'year'", _SPANS.format("quarter"), _ADD_UP),
    _make(_COUNTRYS + _OF_ALL_THEMES, _THEMES, _ADD_UP),
    _make(_CHAPTERS + _OF_ALL_THEMES, _THEMES),
)
_STALE = "SELECT database, day, theme FROM stale"

_OF_CHAPTER: tuple[Grain, ...] = ("week", "month", "quarter", "year")
_OF_COUNTRY: tuple[Grain, ...] = ("day", *_OF_CHAPTER)

Key = tuple[Grain, str, str, str, str]


def mark_stale(connection: sqlite3.Connection, days: Iterable[tuple[str, str, str]]) -> None:
    """Notes (database, day, theme) of evenings that changed; '' for a day or theme there is none of."""
    connection.executemany("INSERT OR IGNORE INTO stale (database, day, theme) VALUES (?, ?, ?)", days)


def roll_up(connection: sqlite3.Connection) -> bool:
    """Makes every row again in whose span a stale day lies; False when nothing was stale. Within a transaction."""
    stale = connection.execute(_STALE).fetchall()
    if not stale:
        return False
    connection.execute(_DUE)
    connection.executemany(_PUT_DUE, sorted(_due(stale)))
    connection.execute(_DROP)
    for step in _STEPS:
        connection.execute(step)
    connection.execute("DELETE FROM due")
    connection.execute("DELETE FROM stale")
    return True


def span(day: dt.date, grain: Grain) -> tuple[dt.date, dt.date]:
    """The first and the last day of the span of a grain in which a day lies."""
    match grain:
        case "week":
            monday = day - dt.timedelta(days=day.weekday())
            return monday, monday + min(dt.timedelta(days=6), dt.date.max - monday)
        case "month":
            return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
        case "quarter":
            opens, closes = day.month - (day.month - 1) % 3, day.month + -day.month % 3
            return dt.date(day.year, opens, 1), dt.date(day.year, closes, monthrange(day.year, closes)[1])
        case "year":
            return day.replace(month=1, day=1), day.replace(month=12, day=31)
        case _:
            return day, day


def _due(stale: Iterable[tuple[str, str, str]]) -> set[Key]:
    """The rows in whose spans these (database, day, theme) lie."""
    days = {(place, theme, day) for database, day, theme in stale for place in (database, COUNTRY)}
    of_themes: set[Key] = {
        (grain, place, first, theme, last)
        for place, theme, day in days
        for grain, first, last in _spans(day, country=place == COUNTRY)
    }
    return of_themes | {(grain, place, first, ANY, last) for grain, place, first, _, last in of_themes}


@lru_cache(maxsize=4096)
def _spans(day: str, *, country: bool) -> tuple[tuple[Grain, str, str], ...]:
    """The spans of a place in which a day lies."""
    if not day:
        return (("unknown", "", ""),)
    known = dt.date.fromisoformat(day)
    return tuple(
        (grain, first.isoformat(), last.isoformat())
        for grain in (_OF_COUNTRY if country else _OF_CHAPTER)
        for first, last in [span(known, grain)]
    )
