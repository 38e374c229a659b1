"""Which backups stay: the newest of each of the last days, weeks and months that have one.

keep 3 daily, 2 weekly    Mo Tu We Th Fr Sa Su Mo Tu We
                                   ·        ▲     ▲  ▲     the last three days
                                            ▲        ▲     the last of this week, the last of the week before
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Period = Callable[[dt.datetime], object]


@dataclass(frozen=True)
class Keep:
    """How many of each are kept. The newest backup is kept whatever the numbers are."""

    daily: int = 7
    weekly: int = 5
    monthly: int = 12


def kept(moments: Iterable[dt.datetime], keep: Keep) -> frozenset[dt.datetime]:
    """Those of the moments whose backups stay. Counted in days that have a backup, so a server that slept loses none."""
    newest_first = sorted(moments, reverse=True)
    chosen = set(newest_first[:1])
    for number, period in ((keep.daily, _day), (keep.weekly, _week), (keep.monthly, _month)):
        last_of_each: dict[object, dt.datetime] = {}
        for moment in newest_first:
            last_of_each.setdefault(period(moment), moment)
        chosen.update(list(last_of_each.values())[:number])
    return frozenset(chosen)


def _day(moment: dt.datetime) -> object:
    return moment.date()


def _week(moment: dt.datetime) -> object:
    return moment.isocalendar()[:2]


def _month(moment: dt.datetime) -> object:
    return moment.year, moment.month
