"""The schedule and the published totals as JSON, the same numbers that the pages show. Names are in both languages."""

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from server.context import context_of
from server.domain.announcing import Announced, Stage
from server.domain.documents import EventKind, EventStatus, Localized
from server.domain.identifiers import event_id
from server.domain.suppression import THRESHOLD
from server.public.answers import keepable
from server.public.showing import FED, Shown, shown
from server.publication.figures import Cell, CountryTotals, PlaceTotals, Published


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
    """Three months back and a year ahead. `chapters` and `themes` are names by slug."""

    chapters: Mapping[str, Localized]
    themes: Mapping[str, Localized]
    events: Sequence[PublicEvent]


class PublicTotals(Struct, frozen=True):
    """What is published. null is not zero: nothing below `threshold` is said, nor anything it could be worked out from."""

    threshold: int
    country: CountryTotals
    chapters: Mapping[str, PlaceTotals]


async def schedule_json(request: Request) -> Response:
    """A `Schedule`."""
    known = await shown(request, first=dt.datetime.now(dt.UTC).date() - FED)
    answer = Schedule(
        chapters={slug: chapter.name for slug, chapter in known.chapters.items()},
        themes={slug: theme.name for slug, theme in known.themes.items()},
        events=[_event(one, known) for one in known.events],
    )
    return keepable(request, msgspec.json.encode(answer), "application/json")


async def totals_json(request: Request) -> Response:
    """A `PublicTotals`."""
    said = context_of(request).publisher.figures
    answer = PublicTotals(threshold=THRESHOLD, country=said.country, chapters=said.chapters)
    return keepable(request, msgspec.json.encode(answer), "application/json")


def _event(one: Announced, known: Shown) -> PublicEvent:
    event, said = one.event, known.figures.events.get(event_id(one.ulid), Cell())
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
        bring=event.bring,
        status=event.status,
        stage=one.stage(known.now),
        sequence=one.sequence,
        modified=one.modified,
        heads=said.heads,
        written=said.written,
        at_least=said.at_least,
    )
