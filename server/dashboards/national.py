"""The country's page, made once for all who look at it, and the lists it leads to."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal, get_args
from urllib.parse import urlencode

import anyio.to_thread
import msgspec
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.boards import Board, Rendered
from server.context import Context, context_of
from server.dashboards import charts, periods
from server.dashboards.access import chapters_seen, coordinator
from server.dashboards.charts import Chart, Series
from server.dashboards.country import Country, Grain, Here
from server.dashboards.country import country as gather
from server.dashboards.filters import scope_of, skip_of
from server.dashboards.periods import ALL, Period, period_of
from server.dashboards.rendering import content, page
from server.domain.identity import Identity
from server.domain.totals import Figures
from server.hub.nights import hubs
from server.language import Language, language_of
from server.projection import coverage, queries
from server.projection.figures import differences
from server.projection.queries import Matter
from server.projection.sums import Scope, Step

PAGE = "country"
_MOST = 200


async def country(request: Request) -> Response:
    """National totals, their course, what is missing, each chapter; coordinators of one chapter are led to it."""
    identity = await coordinator(request)
    if identity.role != "national" and len(identity.chapters) == 1:
        return RedirectResponse(f"/dashboard/chapters/{identity.chapters[0]}", 303)
    shown = await board(request, identity).fresh()
    return page(
        request,
        "country.html",
        identity,
        content=Markup(shown.content.decode()),  # noqa: S704 - made by a template
        live=shown.mark,
        board={"name": PAGE, "made": shown.made},
    )


def board(request: Request, identity: Identity) -> Board:
    """The board of the country's page at this address, for whoever sees the same chapters in the same language."""
    context, language = context_of(request), language_of(request)
    scope, period, visible = scope_of(request), period_of(request.query_params), chapters_seen(identity)

    async def make() -> Rendered:
        return await _make(context, language, scope, period, visible)

    key = (PAGE, language.code, scope, period, visible)
    return context.boards.board(key, make, lambda: context.follower.signals.mark)


async def look(request: Request) -> Response:
    """The events that need somebody's eye, for one reason, the latest first."""
    context = context_of(request)
    identity = await coordinator(request)
    matter: Matter | None = next((one for one in get_args(Matter) if one == request.path_params["matter"]), None)
    if matter is None:
        raise HTTPException(404)
    scopes = [Scope(chapter=slug) for slug in sorted(chapters_seen(identity) or ())] or [Scope()]
    mark, rows = context.follower.signals.mark, list[tuple[queries.EveningRow, Figures]]()
    for scope in scopes:
        if matter == "differing":
            rows += await context.tables.read(differences, scope, _MOST)
        else:
            rows += [(row, {}) for row in await context.tables.read(queries.list_evenings, scope, matter, _MOST)]
    names = await context.tables.read(queries.chapters)
    rows.sort(key=lambda one: _begins(one[0]), reverse=True)
    return page(request, "look.html", identity, matter=matter, rows=rows[:_MOST], names=names, most=_MOST, live=mark)


async def waiting(request: Request) -> Response:
    """The people of the register who had no letter in 90 days, whoever waits longest first."""
    context = context_of(request)
    identity = await coordinator(request)
    skip = skip_of(request)
    rows = await context.tables.read(coverage.waiting, _today(), _MOST + 1, skip)
    people = await context.tables.read(queries.prisoners, [row.id for row in rows])
    return page(
        request, "waiting.html", identity, rows=rows[:_MOST], people=people, more=skip + _MOST if rows[_MOST:] else None
    )


def _begins(row: queries.EveningRow) -> tuple[bool, str]:
    """What evenings of several chapters are sorted by, as those of one are: the clocks at their places, the undated last."""
    return row.starts is None, row.starts.isoformat() if row.starts else ""


class Choice(msgspec.Struct, frozen=True):
    """One link of the choice of time: its name, its address, and whether it is what is shown."""

    name: Literal["all", "month", "season", "year"]
    address: str
    shown: bool


def choices(path: str, shown: Period, theme: str | None, today: dt.date) -> list[Choice]:
    """Everything, and the month, season and year we are in."""
    offered: list[tuple[Literal["all", "month", "season", "year"], Period]] = [
        ("all", ALL),
        *((kind, periods.current(kind, today)) for kind in ("month", "season", "year")),
    ]
    return [Choice(name, address(path, period, theme), period == shown) for name, period in offered]


def chosen(language: Language, path: str, period: Period, theme: str | None, today: dt.date) -> dict[str, Any]:
    """What periods.html needs to offer times to choose from, at a page's path."""
    neighbours = [
        (by, address(path, moved, theme), _title(language, moved)) for by in (-1, 1) if (moved := period.moved(by))
    ]
    return {
        "path": path,
        "period": period,
        "title": _title(language, period),
        "choices": choices(path, period, theme, today),
        "neighbours": neighbours,
    }


def address(path: str, period: Period, theme: str | None) -> str:
    """The address of a page for a period and a theme."""
    query = urlencode(period.query | ({"theme": theme} if theme else {}))
    return f"{path}?{query}" if query else path


async def _make(
    context: Context, language: Language, scope: Scope, period: Period, visible: frozenset[str] | None
) -> Rendered:
    known = await hubs(context.devices, context.nights)
    phones = await context.devices.everyone()
    held = await context.waiting.of([phone.id for phone in phones])
    here = Here(visible, _today(), known.since, phones, held)
    shown = await context.tables.read(gather, scope, here)
    return await anyio.to_thread.run_sync(_render, language, scope, period, here.today, shown)


def _render(language: Language, scope: Scope, period: Period, today: dt.date, shown: Country) -> Rendered:
    return content(
        "country_content.html",
        language,
        shown=shown,
        chapters=sorted(shown.chapters, key=lambda row: (language.name(row.name), row.slug)),
        scope=scope,
        **chosen(language, "/dashboard", period, scope.theme, today),
        course=charts.draw(course_chart(language, shown.grain, shown.course), language.number, "course"),
        level=charts.level,
        most=charts.ceiling(max((row.sum.tally.written for row in shown.chapters), default=0)),
    )


def course_chart(language: Language, grain: Grain, steps: Sequence[Step]) -> Chart:
    """Letters over weeks or months, as a chart."""
    middles = [step.first + (step.last - step.first) / 2 for step in steps]  # a week is of the month of its Thursday
    begins = [at for at, day in enumerate(middles) if not at or middles[at - 1].month != day.month]
    marked = set(begins[:: charts.every(len(begins))])
    return Chart(
        labels=[_step(language, grain, step) for step in steps],
        marks=[language.pattern(day, "LLL") if at in marked else "" for at, day in enumerate(middles)],
        series=[Series(language.text("country-written"), [step.sum.tally.written for step in steps])],
    )


def _step(language: Language, grain: Grain, step: Step) -> str:
    return language.month(step.first) if grain == "month" else language.days(step.first, step.last)


def _title(language: Language, period: Period) -> str:
    """What a period is called."""
    match period:
        case Period("month", dt.date() as first):
            return language.month(first)
        case Period("season", dt.date() as first, dt.date() as last):
            return language.text("period-season-of", years=f"{first.year}/{last.year % 100:02}")
        case Period("year", dt.date() as first):
            return language.text("period-year-of", year=str(first.year))
        case Period("days", dt.date() as first, dt.date() as last):
            return language.days(first, last)
        case Period("days", dt.date() as first, None):
            return language.text("period-since", day=language.day(first))
        case Period("days", None, dt.date() as last):
            return language.text("period-until", day=language.day(last))
        case _:
            return language.text("period-all")


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
