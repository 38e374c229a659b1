"""The schedule for programs: calendars and the Atom feed."""

import datetime as dt

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from server.context import context_of
from server.language import Language
from server.public.answers import keepable, language_of
from server.public.calendars import calendar as as_calendar
from server.public.showing import FED, shown
from server.public.syndication import feed


async def calendar(request: Request) -> Response:
    """All chapters' events: three months back, a year ahead."""
    return await _calendar(request, None)


async def chapter_calendar(request: Request) -> Response:
    """One chapter's events."""
    return await _calendar(request, request.path_params["chapter"])


async def atom(request: Request) -> Response:
    """What was announced, changed or called off, of all chapters."""
    language = language_of(request)
    known = await shown(request, first=_back(), chapter=None)
    return keepable(request, feed(known, language, _site(request, language)), "application/atom+xml")


async def _calendar(request: Request, chapter: str | None) -> Response:
    language = language_of(request)
    known = await shown(request, first=_back(), chapter=chapter)
    name = language.text("public-feed-title")
    if chapter is not None:
        name = f"{name} · {language.name(known.chapter_name(chapter))}"
    body = await anyio.to_thread.run_sync(as_calendar, known, name, language, _site(request, language))
    return keepable(request, body, "text/calendar", {"content-disposition": 'inline; filename="schedule.ics"'})


def _back() -> dt.date:
    return dt.datetime.now(dt.UTC).date() - FED


def _site(request: Request, language: Language) -> str:
    return f"{context_of(request).public_url}/public/{language.code}"
