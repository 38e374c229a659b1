"""The pages: schedule, chapter, event, what was, totals, and the card other sites may frame."""

import calendar as months
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.domain.announcing import Announced
from server.domain.identifiers import event_id
from server.domain.suppression import THRESHOLD
from server.language import LANGUAGES, Language, accepted
from server.public.answers import language_of, page
from server.public.columns import MonthRow, draw_months
from server.public.showing import Shown, one_event, part_of, shown
from server.publication.figures import Cell, months_between

_PAGE_AHEAD = dt.timedelta(days=120)  # the calendar feeds look further
_MOST = 200
_ON_CARD = 3


async def entrance(request: Request) -> Response:
    """Leads to the browser's language. Only this answer depends on a wish, so only this one is not shared."""
    code = next((wish for wish in accepted(request) if wish in LANGUAGES), LANGUAGES[0])
    return RedirectResponse(f"/public/{code}", 302, {"cache-control": "no-store", "vary": "Accept-Language"})


async def schedule(request: Request) -> Response:
    """What is ahead in all chapters, and the totals in short."""
    return await _schedule(request, None)


async def chapter(request: Request) -> Response:
    """What is ahead in one chapter, its totals, and what was."""
    return await _schedule(request, request.path_params["chapter"])


async def _schedule(request: Request, chapter: str | None) -> Response:
    known = await shown(request, last=_today() + _PAGE_AHEAD, chapter=chapter, most=_MOST + 1)
    more = len(known.events) > _MOST
    return page(
        request, "schedule.html", shown=known, chapter=chapter, months=_by_month(known.upcoming()[:_MOST]), more=more
    )


async def event(request: Request) -> Response:
    """One event: when, where, what to bring; afterwards its numbers, where they may be said."""
    found, known = await one_event(request)
    place = found.chapter, event_id(found.ulid)
    said = known.figures.events.get(place, Cell())
    together = place in known.figures.together
    return page(request, "event.html", shown=known, one=found, said=said, together=together, threshold=THRESHOLD)


async def past(request: Request) -> Response:
    """The events of a month, with the numbers that may be said of each; of a long month the first ones."""
    return await _past(request, 1)


async def past_on(request: Request) -> Response:
    """Those that a long month's pages before this one left off, from the second page on."""
    return await _past(request, part_of(request))


async def _past(request: Request, number: int) -> Response:
    first = _month(request.path_params["month"])
    last = first.replace(day=months.monthrange(first.year, first.month)[1])
    known = await shown(request, first=first, last=last, most=_MOST + 1, skip=_MOST * (number - 1), running=False)
    if first.isoformat()[:7] not in known.months or not known.events:
        raise HTTPException(404)
    more = len(known.events) > _MOST
    return page(request, "past.html", shown=known, events=known.events[:_MOST], first=first, nth=number, more=more)


async def totals(request: Request) -> Response:
    """The published numbers by place and time, and how they are cut."""
    known, language = await shown(request, last=_today()), language_of(request)
    by_month = tuple(_months(known.figures.country.months, language))
    return page(
        request,
        "totals.html",
        shown=known,
        threshold=THRESHOLD,
        by_month=by_month,
        drawn=draw_months(by_month, language),
        by_chapter=list(_chapters(known, language)),
    )


async def card(request: Request) -> Response:
    """The next events and the sum, small enough for a frame on another site."""
    known = await shown(request, last=_today() + _PAGE_AHEAD, most=_MOST)
    return page(request, "card.html", shown=known, chapter=None, events=known.upcoming()[:_ON_CARD])


async def chapter_card(request: Request) -> Response:
    """The same of one chapter."""
    slug = request.path_params["chapter"]
    known = await shown(request, last=_today() + _PAGE_AHEAD, chapter=slug, most=_MOST)
    return page(request, "card.html", shown=known, chapter=slug, events=known.upcoming()[:_ON_CARD])


def _months(cells: Mapping[str, Cell], language: Language) -> Iterator[MonthRow]:
    """Every month from the first to the last, those without numbers too."""
    for month in months_between(min(cells), max(cells)) if cells else ():
        first = _month(month)
        yield MonthRow(language.month(first), language.pattern(first, "LLL"), cells.get(month, Cell()))


def _chapters(known: Shown, language: Language) -> Iterator[tuple[str, str, Cell]]:
    """The name, the slug and the numbers of every chapter."""
    for slug in known.chapters:
        yield language.name(known.chapter_name(slug)), slug, known.figures.chapters.get(slug, Cell())


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _by_month(events: Iterable[Announced]) -> list[tuple[dt.date, list[Announced]]]:
    return [(month, list(group)) for month, group in groupby(events, key=lambda one: one.day.replace(day=1))]


def _month(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise HTTPException(404) from None
