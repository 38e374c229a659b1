"""The time a page is about, from its address and back: everything, a month, a season, a year, or any days.

    ?month=2026-01    ?season=2025 (September 2025 to August 2026)    ?year=2026    ?from=2026-01-10&to=2026-03-05

An address names its period for good, so a link that is passed on shows the same numbers later.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Literal

import msgspec

Kind = Literal["all", "month", "season", "year", "days"]

_SEASON_BEGINS = 9
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


class Period(msgspec.Struct, frozen=True):
    """Days, both included; None where there is no first or last one."""

    kind: Kind
    first: dt.date | None = None
    last: dt.date | None = None

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the address that name it."""
        match self.kind, self.first:
            case "month", dt.date() as first:
                return {"month": first.isoformat()[:7]}
            case ("season" | "year") as kind, dt.date() as first:
                return {kind: str(first.year)}
            case _:
                days = {"from": self.first, "to": self.last}
                return {name: day.isoformat() for name, day in days.items() if day}

    def moved(self, by: int) -> "Period | None":
        """The month, season or year so many steps on; None for what has no neighbours."""
        if self.first is None:
            return None
        match self.kind:
            case "month":
                months = self.first.year * 12 + self.first.month - 1 + by
                return _month(months // 12, months % 12 + 1)
            case "season":
                return _season(self.first.year + by)
            case "year":
                return _year(self.first.year + by)
            case _:
                return None


ALL = Period("all")


def period_of(parameters: Mapping[str, str]) -> Period:
    """The period an address names. What can't be read is as if it were not there."""
    month = _day(parameters.get("month", "") + "-01")
    season, year = (_number(parameters.get(name, "")) for name in ("season", "year"))
    found = (_month(month.year, month.month) if month else None) or _season(season) or _year(year)
    if found is not None:
        return found
    first, last = _day(parameters.get("from", "")), _day(parameters.get("to", ""))
    return Period("days", first, last) if first or last else ALL


def current(kind: Literal["month", "season", "year"], today: dt.date) -> Period:
    """The month, season or year in which a day lies."""
    match kind:
        case "month":
            return Period("month", *_span(today.replace(day=1), 1))
        case "season":
            return Period("season", *_span(dt.date(today.year - (today.month < _SEASON_BEGINS), _SEASON_BEGINS, 1), 12))
        case "year":
            return Period("year", *_span(dt.date(today.year, 1, 1), 12))


def _month(year: int, month: int) -> Period | None:
    return Period("month", *_span(dt.date(year, month, 1), 1)) if _is_sound(year) else None


def _season(year: int) -> Period | None:
    return Period("season", *_span(dt.date(year, _SEASON_BEGINS, 1), 12)) if _is_sound(year) else None


def _year(year: int) -> Period | None:
    return Period("year", *_span(dt.date(year, 1, 1), 12)) if _is_sound(year) else None


def _is_sound(year: int) -> bool:
    return _FIRST_YEAR <= year <= _LAST_YEAR


def _span(first: dt.date, months: int) -> tuple[dt.date, dt.date]:
    """So many whole months, as their first and last day."""
    following = first.year * 12 + first.month - 1 + months
    return first, dt.date(following // 12, following % 12 + 1, 1) - dt.timedelta(days=1)


def _number(text: str) -> int:
    return int(text) if len(text) == len("2026") and text.isdecimal() else 0


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
