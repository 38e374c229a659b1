"""What a page shows, as a file: /dashboard/tables/country.csv, …/chapters/<slug>.xlsx, …/events/<event>.csv.

tables.py   the same rows as on the page       csv.py, xlsx.py   a table as bytes, with nothing in it that a program would run
"""

from collections.abc import Callable, Mapping

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server.context import context_of
from server.dashboards.access import chapters_seen, coordinator
from server.dashboards.exports import csv, tables, xlsx
from server.dashboards.exports.tables import Table
from server.dashboards.filters import scope_of
from server.domain import validation
from server.domain.identifiers import chapter_database, chapter_of, is_slug
from server.language import language_of
from server.projection import queries

FORMATS: Mapping[str, tuple[str, Callable[[Table], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", csv.write),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.write),
}


async def country_table(request: Request) -> Response:
    """The chapters somebody may see, with their totals."""
    context, identity = context_of(request), await coordinator(request)
    table = await context.tables.read(tables.country, scope_of(request), chapters_seen(identity), language_of(request))
    return await _file(request, table, "country")


async def chapter_table(request: Request) -> Response:
    """The events of a chapter."""
    context, identity = context_of(request), await coordinator(request)
    slug = request.path_params["chapter"]
    if not is_slug(slug):
        raise HTTPException(404)
    validation.authorize(chapter_database(slug), identity, "read")
    table = await context.tables.read(tables.chapter, slug, scope_of(request), language_of(request))
    return await _file(request, table, slug)


async def event_table(request: Request) -> Response:
    """The sheets of an event, by pseudonym."""
    context, identity = context_of(request), await coordinator(request)
    event = request.path_params["event"]
    database = validation.first_open(await context.tables.read(queries.databases_of, event), identity, "read")
    if database is None:
        raise HTTPException(404)
    pseudonyms = await context.devices.pseudonyms()
    table = await context.tables.read(tables.event, database, event, pseudonyms, language_of(request))
    return await _file(request, table, f"{chapter_of(database)}-{event.partition(':')[2]}")


async def _file(request: Request, table: Table, name: str) -> Response:
    """A file to be kept by whoever asked, and by no cache."""
    kind = request.path_params["format"]
    if kind not in FORMATS:
        raise HTTPException(404)
    media_type, write = FORMATS[kind]
    headers = {"content-disposition": f'attachment; filename="otkrytka-{name}.{kind}"', "cache-control": "no-store"}
    content = await anyio.to_thread.run_sync(write, table)  # a workbook of a chapter takes a third of a second
    return Response(content, headers={**headers, "content-type": media_type})
