"""Evenings added up ahead of the question, so that no page's answer takes longer because more was counted.

    evening ─┬─► a chapter's weeks, months ───────────► its years
             └─► the country's days ─► weeks, months ─► years

A row is never adjusted: whenever an evening in its span changes it is made again from the rows one step below, of which there
are few. So it can't drift, and a letter taken back leaves the set of recipients like one that was never written.
"""

import datetime as dt
import sqlite3
from calendar import monthrange
from collections.abc import Iterable
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

_ROW = f"INSERT INTO rollup (place, grain, first, theme, {KEPT}) SELECT :place, :grain, :first, :theme, {ADDED} FROM "  # noqa: S608
_THEME = "AND theme = :theme GROUP BY :theme"
_THEME_OF_EVENING = f"AND :theme IN ('{ANY}', COALESCE(theme, '')) GROUP BY :theme"
_FROM_EVENINGS = f"{_ROW} evening WHERE database = :place AND day BETWEEN :first AND :last {_THEME_OF_EVENING}"
_FROM_UNKNOWN = f"{_ROW} evening WHERE database = :place AND day IS NULL {_THEME_OF_EVENING}"
_FROM_DAY = f"{_ROW} evening WHERE day = :first {_THEME_OF_EVENING}"
_FROM_ALL_UNKNOWN = f"{_ROW} evening WHERE day IS NULL {_THEME_OF_EVENING}"
_FROM_DAYS = f"{_ROW} rollup WHERE place = :place AND grain = 'day' AND first BETWEEN :first AND :last {_THEME}"
_FROM_MONTHS = f"{_ROW} rollup WHERE place = :place AND grain = 'month' AND first BETWEEN :first AND :last {_THEME}"
_STEPS: tuple[tuple[Grain, str], ...] = (
    ("unknown", _FROM_UNKNOWN),
    ("week", _FROM_EVENINGS),
    ("month", _FROM_EVENINGS),
    ("year", _FROM_MONTHS),
)
_COUNTRY_STEPS: tuple[tuple[Grain, str], ...] = (
    ("unknown", _FROM_ALL_UNKNOWN),
    ("day", _FROM_DAY),
    ("week", _FROM_DAYS),
    ("month", _FROM_DAYS),
    ("year", _FROM_MONTHS),
)
_DROP = "DELETE FROM rollup WHERE place = :place AND grain = :grain AND first = :first AND theme = :theme"
_INDEX = "CREATE INDEX IF NOT EXISTS recipient_of_day ON recipient (prisoner, day, written)"
_STALE = "SELECT database, day, theme FROM stale"

Key = dict[str, str]


def mark_stale(connection: sqlite3.Connection, days: Iterable[tuple[str, str, str]]) -> None:
    """Notes (database, day, theme) of evenings that changed; '' for a day or theme there is none of."""
    connection.executemany("INSERT OR IGNORE INTO stale (database, day, theme) VALUES (?, ?, ?)", days)


def roll_up(connection: sqlite3.Connection) -> bool:
    """Makes every row again in whose span a stale day lies; False when nothing was stale. Within a transaction."""
    stale = connection.execute(_STALE).fetchall()
    ours = {(database, of, day) for database, day, theme in stale for of in (theme, ANY)}
    country = {(COUNTRY, theme, day) for _, theme, day in ours}
    for days, steps in ((ours, _STEPS), (country, _COUNTRY_STEPS)):
        for grain, statement in steps:
            keys = _keys(days, grain)
            connection.executemany(_DROP, keys)
            connection.executemany(statement, keys)
    connection.execute("DELETE FROM stale")
    connection.execute(_INDEX)
    return bool(stale)


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
    spans = {(place, theme, *span(dt.date.fromisoformat(day), grain)) for place, theme, day in days if day}
    return [
        {"place": place, "grain": grain, "first": first.isoformat(), "last": last.isoformat(), "theme": theme}
        for place, theme, first, last in sorted(spans)
    ]
