"""The schedule and the published totals as JSON, the same numbers that the pages show. Names are in both languages."""

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server.context import context_of
from server.domain.announcing import Announced, Stage
from server.domain.breaks import unified
from server.domain.documents import EventKind, EventStatus, Localized
from server.domain.identifiers import event_id
from server.domain.suppression import THRESHOLD
from server.public.answers import keepable
from server.public.showing import FED, Shown, part_of, shown
from server.publication.figures import Cell, CountryTotals, PlaceTotals, Published

_MOST = 1000


class PublicEvent(Struct, frozen=True):
    """A listed event. `heads` and `written` are there once they are published for this event alone.

    `at_least` names those of them that are lower bounds.
    """

    event: str
    chapter: str
    kind: EventKind
    title: str
    theme: str | None
    starts: dt.datetime
    ends: dt.datetime | None
    zone: str | None
    place: str
    bring: str
    status: EventStatus
    stage: Stage
    sequence: int
    modified: dt.datetime
    heads: Published | None
    written: Published | None
    at_least: tuple[str, ...]


class Schedule(Struct, frozen=True):
    """Three months back and a year ahead. `chapters` and `themes` are names by slug; `next` is where later events are."""

    chapters: Mapping[str, Localized]
    themes: Mapping[str, Localized]
    events: Sequence[PublicEvent]
    next: str | None


class PublicTotals(Struct, frozen=True):
    """What is published. null is not zero: nothing below `threshold` is said, nor anything it could be worked out from."""

    threshold: int
    country: CountryTotals
    chapters: Mapping[str, PlaceTotals]


async def schedule_json(request: Request) -> Response:
    """A `Schedule`; of a long one the first part."""
    return await _schedule(request, 1)


async def schedule_on_json(request: Request) -> Response:
    """A further part of a long one."""
    return await _schedule(request, part_of(request))


async def _schedule(request: Request, part: int) -> Response:
    first = dt.datetime.now(dt.UTC).date() - FED
    known = await shown(request, first=first, most=_MOST + 1, skip=_MOST * (part - 1))
    if part > 1 and not known.events:
        raise HTTPException(404)
    address = f"{context_of(request).public_url}/public/schedule/{part + 1}.json"
    answer = Schedule(
        chapters={slug: chapter.name for slug, chapter in known.chapters.items()},
        themes={slug: theme.name for slug, theme in known.themes.items()},
        events=[_event(one, known) for one in known.events[:_MOST]],
        next=address if len(known.events) > _MOST else None,
    )
    return keepable(request, msgspec.json.encode(answer), "application/json")


async def totals_json(request: Request) -> Response:
    """A `PublicTotals`."""
    said = context_of(request).publisher.figures
    answer = PublicTotals(threshold=THRESHOLD, country=said.country, chapters=said.chapters)
    return keepable(request, msgspec.json.encode(answer), "application/json")


def _event(one: Announced, known: Shown) -> PublicEvent:
    event, said = one.event, known.figures.events.get((one.chapter, event_id(one.ulid)), Cell())
    return PublicEvent(
        event=event_id(one.ulid),
        chapter=one.chapter,
        kind=event.kind,
        title=event.title,
        theme=event.theme,
        starts=event.starts,
        ends=event.ends,
        zone=event.zone,
        place=event.place,
        bring=unified(event.bring),
        status=event.status,
        stage=one.stage(known.now),
        sequence=one.sequence,
        modified=one.modified,
        heads=said.heads,
        written=said.written,
        at_least=said.at_least,
    )
