"""What the country's page shows, gathered from the projection in one reading."""

import datetime as dt
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

import msgspec

from server.auth.devices import Enrolled
from server.domain.documents import Chapter, Localized, Theme
from server.hub.silence import is_silent, last_heard
from server.projection import coverage, queries, sums
from server.projection.coverage import Reach
from server.projection.rollups import span
from server.projection.sums import Scope, Step, Sum
from server.waiting import Waiting

Grain = Literal["week", "month"]

_MOST_WEEKS = 80
"""Of more weeks than these the course is told by months."""
_FARTHEST = dt.timedelta(days=20 * 366)
"""The course is drawn no further than this before today, and after it."""


class Here(msgspec.Struct, frozen=True):
    """What the page needs that is not in the projection. `visible` are the chapters to list, None for all."""

    visible: frozenset[str] | None
    today: dt.date
    hubs_since: Mapping[str, dt.datetime]
    phones: Collection[Enrolled]
    waiting: Mapping[str, Waiting]


class ChapterRow(msgspec.Struct, frozen=True):
    """A chapter in the list and on the map; `sum` is of the scope, `silent` says that it should have been heard from."""

    slug: str
    name: Localized
    zone: str | None
    tile: tuple[int, int] | None
    sum: Sum
    heard: dt.datetime | None
    silent: bool


class Unknowns(msgspec.Struct, frozen=True):
    """What is known to be missing, or to contradict itself, at this moment and whatever days the page is about.

    `unheard` are phones of volunteers that joined and of which no count has arrived; `oldest_unheard` is when the first of
    them joined. `waiting` are documents that phones said they still hold, `oldest_waiting` since when. `oldest_unclosed` is
    the day of the earliest evening nobody closed.
    """

    unheard: int
    oldest_unheard: dt.datetime | None
    waiting: int
    oldest_waiting: dt.datetime | None
    silent: Sequence[ChapterRow]
    unclosed: int
    oldest_unclosed: dt.date | None
    differing: int
    disputed: int
    orphans: int
    unsent: int


class Country(msgspec.Struct, frozen=True):
    """All chapters together, each, their course over time, and what is missing."""

    sum: Sum
    chapters: Sequence[ChapterRow]
    themes: dict[str, Theme]
    grain: Grain
    course: Sequence[Step]
    reach: Reach
    unknowns: Unknowns


def country(connection: sqlite3.Connection, scope: Scope, here: Here) -> Country:
    """The country in a scope."""
    named = queries.chapters(connection)
    heard = queries.heard_last(connection)
    sum_of = sums.by_chapter(connection, scope)
    slugs = sorted(named.keys() | set(queries.followed_chapters(connection)))
    rows = [
        _row(
            slug,
            named.get(slug),
            sum_of.get(slug, sums.NOTHING),
            last_heard(heard.get(slug), here.hubs_since.get(slug)),
        )
        for slug in slugs
        if here.visible is None or slug in here.visible
    ]
    grain, steps = course(connection, scope, here.today)
    return Country(
        sum=sums.sum_of(connection, scope),
        chapters=rows,
        themes=queries.themes(connection),
        grain=grain,
        course=steps,
        reach=coverage.reach(connection, here.today),
        unknowns=unknowns(connection, here, rows),
    )


def course(connection: sqlite3.Connection, scope: Scope, today: dt.date) -> tuple[Grain, list[Step]]:
    """The weeks of a scope, or its months where these are too many; those without an event too, up to today.

    What is only planned makes no empty weeks at the end, unless there are no others. An evening in a mistyped year counts in
    the totals, but makes no thousand years of months here.
    """
    days = sums.first_and_last_day(connection)
    first = max(scope.first or (days[0] if days else today), today - _FARTHEST)
    last = min(scope.last or dt.date.max, max(today, days[1] if days else today), today + _FARTHEST)
    grain: Grain = "week" if (last - first).days <= 7 * _MOST_WEEKS else "month"
    known = {step.first: step for step in sums.course(connection, scope, grain)}
    steps, at = [], first
    while at <= last:
        begins, ends = span(at, grain)
        steps.append(known.get(begins) or Step(begins, ends, sums.NOTHING))
        at = ends + dt.timedelta(days=1)
    past = [at for at, step in enumerate(steps) if step.first <= today or step.sum.tally.events]
    return grain, steps[: past[-1] + 1] if past else steps


def unknowns(connection: sqlite3.Connection, here: Here, rows: Sequence[ChapterRow]) -> Unknowns:
    """What is missing in the visible chapters."""
    scopes = [Scope()] if here.visible is None else [Scope(chapter=slug) for slug in sorted(here.visible)]
    found = [sums.sum_of(connection, scope) for scope in scopes]
    oldest = [day for scope in scopes if (day := queries.oldest_unclosed(connection, scope))]
    heard = queries.heard_devices(connection)
    phones = [one for one in here.phones if here.visible is None or not here.visible.isdisjoint(one.chapters)]
    unheard = [one.enrolled for one in phones if one.role == "volunteer" and not one.revoked and one.id not in heard]
    waiting = [told for one in phones if not one.revoked and (told := here.waiting.get(one.id))]
    return Unknowns(
        unheard=len(unheard),
        oldest_unheard=min(unheard, default=None),
        waiting=sum(told.records for told in waiting),
        oldest_waiting=min((told.since for told in waiting if told.since), default=None),
        silent=[row for row in rows if row.silent],
        unclosed=sum(one.tally.pending.events for one in found),
        oldest_unclosed=min(oldest, default=None),
        differing=sum(one.differing for one in found),
        disputed=sum(queries.count_evenings(connection, scope, "disputed") for scope in scopes),
        orphans=sum(one.tally.pending.orphans for one in found),
        unsent=sum(one.tally.pending.letters for one in found),
    )


def _row(slug: str, about: Chapter | None, found: Sum, heard: dt.datetime | None) -> ChapterRow:
    return ChapterRow(
        slug=slug,
        name=about.name if about else Localized(ru=slug, en=slug),
        zone=about.zone if about else None,
        tile=(about.tile[0], about.tile[1]) if about and about.tile else None,
        sum=found,
        heard=heard,
        silent=is_silent(heard, about),
    )
