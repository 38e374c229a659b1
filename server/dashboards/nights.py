"""Last night: what the nightly job did here, and what the hubs that report here told of theirs."""

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from server.context import context_of
from server.dashboards.access import coordinator
from server.dashboards.rendering import page
from server.domain.identifiers import DEVICES, REGISTER, chapter_database
from server.hub.nights import hubs
from server.jobs import report
from server.projection import queries


async def night(request: Request) -> Response:
    """The page; coordinators of chapters see the rows of their own, and the register's."""
    context = context_of(request)
    identity = await coordinator(request)
    last = await anyio.to_thread.run_sync(report.latest, context.settings.data)
    names = await context.tables.read(queries.chapters)
    known = await hubs(context.devices, context.nights)
    ours = None if identity.role == "national" else {REGISTER, *map(chapter_database, identity.chapters)}
    rows = [row for row in (last.databases if last else ()) if _is_shown(row.database, ours)]
    told = [(heard, [row for row in heard.night.databases if _is_shown(row.database, ours)]) for heard in known.told]
    return page(
        request, "night.html", identity, night=last, rows=rows, told=[one for one in told if one[1]], names=names
    )


def _is_shown(database: str, ours: set[str] | None) -> bool:
    return database != DEVICES and (ours is None or database in ours)
