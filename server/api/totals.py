"""`GET /api/totals…`: tallies for coordinators, in the shape of `domain.totals.Tally` and a little more."""

import datetime as dt
import sqlite3

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api.errors import BadParameter, NoSuch
from server.api.json import answer
from server.context import Context, context_of
from server.domain import validation
from server.domain.documents import Declarable
from server.domain.identifiers import chapter_database, chapter_of, is_slug
from server.domain.identity import COORDINATORS
from server.domain.totals import Declared, Tally
from server.projection import queries, sums
from server.projection.bounds import bounds
from server.projection.queries import Scope

_PARAMETERS = frozenset({"from", "to", "theme"})


class DeclaredSum(Declared, frozen=True):
    """`at_least` names the sums that contain a lower bound ("more than a hundred"), and so are lower bounds themselves."""

    at_least: tuple[Declarable, ...] = ()


class Totals(Tally, frozen=True, kw_only=True):
    """A tally whose declared numbers say which of them are lower bounds."""

    declared: DeclaredSum


async def national_totals(request: Request) -> Response:
    """All chapters together."""
    context = context_of(request)
    await context.doorkeeper.require(request, *COORDINATORS)
    return await _answer(context, _scope(request))


async def chapter_totals(request: Request) -> Response:
    """One chapter; coordinators see their own."""
    context = context_of(request)
    identity = await context.doorkeeper.require(request, *COORDINATORS)
    chapter = request.path_params["chapter"]
    database = chapter_database(chapter)
    validation.authorize(database, identity, "read")
    if database not in await context.catalog.names():
        raise NoSuch(f"There is no chapter “{chapter}” here.")
    return await _answer(context, _scope(request, chapter=chapter))


async def event_totals(request: Request) -> Response:
    """One event; coordinators see those of their own chapters."""
    context = context_of(request)
    identity = await context.doorkeeper.require(request, *COORDINATORS)
    event = request.path_params["event"]
    database = validation.first_open(await context.tables.read(queries.databases_of, event), identity, "read")
    if database is None:
        raise NoSuch("There is no such event here.")
    return await _answer(context, _scope(request, chapter=chapter_of(database), event=event))


async def _answer(context: Context, scope: Scope) -> Response:
    return answer(await context.tables.read(_totals, scope))


def _totals(connection: sqlite3.Connection, scope: Scope) -> Totals:
    known = sums.sum_of(connection, scope)
    tally, declared = known.tally, msgspec.structs.asdict(known.tally.declared)
    named = bounds(connection, scope) if known.bounds else ()
    at_least = tuple(name for name in named if declared[name] is not None)
    return Totals(**{**msgspec.structs.asdict(tally), "declared": DeclaredSum(**declared, at_least=at_least)})


def _scope(request: Request, *, chapter: str | None = None, event: str | None = None) -> Scope:
    unknown = next((name for name in request.query_params if name not in _PARAMETERS), None)
    if unknown is not None:
        raise BadParameter(f"{unknown[:40]}: there is no such parameter; there are from, to and theme")
    theme = request.query_params.get("theme") or None
    if theme is not None and not is_slug(theme):
        raise BadParameter("theme: expected a theme's name like russian-science-day")
    return Scope(chapter, event, _day(request, "from"), _day(request, "to"), theme)


def _day(request: Request, name: str) -> dt.date | None:
    text = request.query_params.get(name)
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadParameter(f"{name}: expected a day like 2026-01-29") from None
