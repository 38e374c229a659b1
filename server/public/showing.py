"""What the pages and feeds show, gathered once for all of them."""

import datetime as dt
import re
import sqlite3
from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request

from server.context import Context, context_of
from server.domain.announcing import Announced
from server.domain.documents import Chapter, Localized, Theme
from server.domain.identifiers import is_slug, is_ulid
from server.projection import announcements, queries
from server.publication.figures import Figures

AHEAD = dt.timedelta(days=366)
"""How far ahead the schedule looks."""
FED = dt.timedelta(days=92)
"""How far back feeds go, so that calendars keep what they took in."""
_SLACK = dt.timedelta(days=1)  # no clock on earth is further off than this


class Shown(Struct, frozen=True):
    """Listed events with the names they need, and the numbers that are published."""

    now: dt.datetime
    events: Sequence[Announced]
    chapters: Mapping[str, Chapter]
    themes: Mapping[str, Theme]
    figures: Figures
    months: Sequence[str]
    """Those with listed events that are over, the latest first."""

    def chapter_name(self, slug: str) -> Localized:
        """A chapter's name; its slug while the register doesn't hold it."""
        return self.chapters[slug].name if slug in self.chapters else Localized(ru=slug, en=slug)

    def upcoming(self) -> list[Announced]:
        """The events that are not over yet, those called off included."""
        today = self.now.date() - _SLACK
        return [one for one in self.events if one.stage(self.now) != "past" and one.last >= today]


async def shown(
    request: Request,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    chapter: str | None = None,
    most: int | None = None,
    skip: int = 0,
    running: bool = True,
) -> Shown:
    """The listed events of some days: by default from today on, for as long as is looked ahead.

    With `running`, those too that began before and are not over. No more than `most`, after the first `skip`.
    """
    context, moment = context_of(request), _now()
    if chapter is not None and chapter not in await _slugs(context):
        raise HTTPException(404)
    return await context.tables.read(
        _gather,
        first or moment.date() - _SLACK,
        last or moment.date() + AHEAD,
        await context.devices.coordinators(),
        chapter,
        most,
        skip,
        moment,
        context.publisher.figures,
        running=running,
    )


def part_of(request: Request) -> int:
    """Which part of a long list a path names, from the second on. Raises HTTPException for what is no such number."""
    number = request.path_params["part"]
    if not re.fullmatch("[2-9]|[1-9][0-9]{1,5}", number):
        raise HTTPException(404)
    return int(number)


async def one_event(request: Request) -> tuple[Announced, Shown]:
    """The event a path names. Raises HTTPException when it is not listed."""
    context, ulid = context_of(request), request.path_params["event"]
    if not is_ulid(ulid):
        raise HTTPException(404)
    found = await context.tables.read(announcements.find, ulid, await context.devices.coordinators())
    if found is None:
        raise HTTPException(404)
    return found, await shown(request, first=found.day, last=found.day)


async def _slugs(context: Context) -> Collection[str]:
    return [slug for slug in await context.tables.read(queries.followed_chapters) if is_slug(slug)]


def _gather(
    connection: sqlite3.Connection,
    first: dt.date,
    last: dt.date,
    ours: Collection[str],
    chapter: str | None,
    most: int | None,
    skip: int,
    moment: dt.datetime,
    published: Figures,
    *,
    running: bool,
) -> Shown:
    return Shown(
        now=moment,
        events=announcements.announced(connection, first, last, ours, chapter, most, skip, running=running),
        chapters=_with_unnamed(queries.chapters(connection), queries.followed_chapters(connection)),
        themes=queries.themes(connection),
        figures=published,
        months=announcements.months(connection, moment.date(), ours, chapter),
    )


def _with_unnamed(named: dict[str, Chapter], followed: Sequence[str]) -> dict[str, Chapter]:
    """All chapters in the order of their slugs."""
    unnamed = {slug: Chapter(schema=1, name=Localized(ru=slug, en=slug)) for slug in followed if slug not in named}
    return dict(sorted((named | unnamed).items()))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)
