"""A chapter, an event."""

import datetime as dt

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server.context import context_of
from server.dashboards import charts, views
from server.dashboards.access import coordinator
from server.dashboards.filters import scope_of
from server.dashboards.history import history
from server.dashboards.national import chosen, course_chart
from server.dashboards.periods import period_of
from server.dashboards.rendering import page
from server.domain import validation
from server.domain.identifiers import chapter_database, chapter_of, is_slug
from server.hub.nights import hubs
from server.language import language_of
from server.projection import queries


async def chapter(request: Request) -> Response:
    """A chapter's totals and its events."""
    context = context_of(request)
    identity = await coordinator(request)
    slug = request.path_params["chapter"]
    if not is_slug(slug):
        raise HTTPException(404)
    validation.authorize(chapter_database(slug), identity, "read")
    if slug not in await context.tables.read(queries.followed_chapters):
        raise HTTPException(404)
    scope, mark = scope_of(request), context.follower.signals.mark
    since, today = (await hubs(context.devices, context.nights)).since, dt.datetime.now(dt.UTC).date()
    shown = await context.tables.read(views.chapter, slug, scope, since, today)
    language = language_of(request)
    return page(
        request,
        "chapter.html",
        identity,
        shown=shown,
        scope=scope,
        live=mark,
        drawn=charts.draw(course_chart(language, shown.grain, shown.course), language.number),
        offered=chosen(language, request.url.path, period_of(request.query_params), scope.theme, today),
    )


async def event(request: Request) -> Response:
    """An event: what was tallied and declared, its sheets, its recipients."""
    context = context_of(request)
    identity = await coordinator(request)
    event_id = request.path_params["event"]
    mark = context.follower.signals.mark
    database = validation.first_open(await context.tables.read(queries.databases_of, event_id), identity, "read")
    if database is None:
        raise HTTPException(404)
    since = (await hubs(context.devices, context.nights)).since
    shown = await context.tables.read(views.event, str(chapter_of(database)), event_id, since)
    pseudonyms = await context.devices.pseudonyms()
    documents = await context.tables.read(queries.documents_of, database, event_id)
    past = history(documents, await context.audit.acts(event_id))
    may = identity.role == "coordinator" and chapter_of(database) in identity.chapters
    return page(
        request, "event.html", identity, shown=shown, pseudonyms=pseudonyms, history=past, may_edit=may, live=mark
    )
