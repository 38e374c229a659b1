"""Evenings added up ahead of the question, so that no page's answer takes longer because more was counted.

    evening ─┬─► a chapter's weeks, months ───────────► its years      of each theme, and from these of all themes
             └─► the country's days ─► weeks, months ─► years

A row is never adjusted: whenever an evening in its span changes it is made again from the rows one step below, of which there
are few. So it can't drift, and a letter taken back leaves the set of recipients like one that was never written.
"""

import datetime as dt
import sqlite3
from calendar import monthrange
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal

Grain = Literal["unknown", "day", "week", "month", "year"]
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


def _row(written_to: str, rows: str) -> str:
    """The statement that makes a row again from these; none where there are none of them."""
    return (
        f"INSERT INTO rollup (place, grain, first, theme, {KEPT}, written_to) "  # noqa: S608
        f"SELECT :place, :grain, :first, :theme, {ADDED}, {written_to} FROM {rows} GROUP BY :theme"
    )


_THEME = "theme IS NULLIF(:theme, '')"
_EVENINGS = "evening WHERE database = :place AND day BETWEEN :first AND :last AND " + _THEME
_UNKNOWN = "evening WHERE database = :place AND day IS NULL AND " + _THEME
_SPANS = "rollup WHERE place = :place AND grain = '{}' AND first BETWEEN :first AND :last AND theme = :theme"
_THEMES = f"rollup WHERE place = :place AND grain = :grain AND first = :first AND theme != '{ANY}'"
_STEPS: tuple[tuple[Grain, str], ...] = (
    ("unknown", _row("NULL", _UNKNOWN)),
    ("week", _row("NULL", _EVENINGS)),
    ("month", _row("NULL", _EVENINGS)),
    ("year", _row("NULL", _SPANS.format("month"))),
)
_COUNTRY_STEPS: tuple[tuple[Grain, str], ...] = (
    ("unknown", _row("gather(written_to)", "evening WHERE day IS NULL AND " + _THEME)),
    ("day", _row("gather(written_to)", "evening WHERE day = :first AND " + _THEME)),
    ("week", _row("add_up(written_to)", _SPANS.format("day"))),
    ("month", _row("add_up(written_to)", _SPANS.format("day"))),
    ("year", _row("add_up(written_to)", _SPANS.format("month"))),
)
_OF_ALL_THEMES = _row("NULL", _THEMES)
_COUNTRY_OF_ALL_THEMES = _row("add_up(written_to)", _THEMES)
_DROP = "DELETE FROM rollup WHERE place = :place AND grain = :grain AND first = :first AND theme = :theme"
_STALE = "SELECT database, day, theme FROM stale"

Key = dict[str, str]


def mark_stale(connection: sqlite3.Connection, days: Iterable[tuple[str, str, str]]) -> None:
    """Notes (database, day, theme) of evenings that changed; '' for a day or theme there is none of."""
    connection.executemany("INSERT OR IGNORE INTO stale (database, day, theme) VALUES (?, ?, ?)", days)


def roll_up(connection: sqlite3.Connection) -> bool:
    """Makes every row again in whose span a stale day lies; False when nothing was stale. Within a transaction."""
    stale = connection.execute(_STALE).fetchall()
    ours = {(database, theme, day) for database, day, theme in stale}
    country = {(COUNTRY, theme, day) for _, theme, day in ours}
    for days, steps, of_all_themes in (
        (ours, _STEPS, _OF_ALL_THEMES),
        (country, _COUNTRY_STEPS, _COUNTRY_OF_ALL_THEMES),
    ):
        for grain, of_theme in steps:
            _make(connection, of_theme, _keys(days, grain))
            _make(connection, of_all_themes, _keys({(place, ANY, day) for place, _, day in days}, grain))
    connection.execute("DELETE FROM stale")
    return bool(stale)


def _make(connection: sqlite3.Connection, statement: str, keys: Sequence[Key]) -> None:
    connection.executemany(_DROP, keys)
    connection.executemany(statement, keys)


def span(day: dt.date, grain: Grain) -> tuple[dt.date, dt.date]:
    """The first and the last day of the span of a grain in which a day lies."""
    match grain:
        case "week":
            monday = day - dt.timedelta(days=day.weekday())
            return monday, monday + min(dt.timedelta(days=6), dt.date.max - monday)
        case "month":
            return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
        case "year":
            return day.replace(month=1, day=1), day.replace(month=12, day=31)
        case _:
            return day, day


def _keys(days: Iterable[tuple[str, str, str]], grain: Grain) -> list[Key]:
    """The rows of a grain in which these (place, theme, day) lie."""
    if grain == "unknown":
        return [{"place": place, "grain": grain, "first": "", "theme": theme} for place, theme, day in days if not day]
    spans = {(place, theme, *_span(day, grain)) for place, theme, day in days if day}
    return [
        {"place": place, "grain": grain, "first": first, "last": last, "theme": theme}
        for place, theme, first, last in sorted(spans)
    ]


@lru_cache(maxsize=4096)
def _span(day: str, grain: Grain) -> tuple[str, str]:
    first, last = span(dt.date.fromisoformat(day), grain)
    return first.isoformat(), last.isoformat()
