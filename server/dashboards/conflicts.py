"""What needs a coordinator's eye: values that lost against a concurrent edit, and closings that compete."""

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.context import context_of
from server.dashboards import views
from server.dashboards.access import coordinator
from server.dashboards.rendering import page
from server.domain import validation
from server.projection import queries
from sync.documents import Document
from sync.errors import Conflict


async def conflicts(request: Request) -> Response:
    """The queue: every event with something in it, of the chapters this coordinator may see."""
    context = context_of(request)
    identity = await coordinator(request)
    mark = context.follower.signals.mark
    visible = None if identity.role == "national" else frozenset(identity.chapters)
    shown = await context.tables.read(views.conflicts, visible)
    return page(request, "conflicts.html", identity, shown=shown, live=mark)


async def dismiss(request: Request) -> Response:
    """Empties an event's queue: somebody has seen what lost. Only a coordinator of the chapter may."""
    context = context_of(request)
    identity = await coordinator(request)
    event_id = request.path_params["event"]
    name = validation.first_open(await context.tables.read(queries.databases_of, event_id), identity, "write")
    if name is None:
        raise HTTPException(404)
    database = await context.catalog.open(name)
    stored = await database.get(event_id)
    body = msgspec.json.decode(stored.body, type=dict[str, msgspec.Raw])
    if body.pop("overruled", None) is not None:
        [outcome] = await database.write([Document(id=event_id, rev=stored.rev, body=msgspec.json.encode(body))])
        # A conflict means that somebody edited it just now; the queue is shown again as it then is.
        if outcome.error is not None and not isinstance(outcome.error, Conflict):
            raise outcome.error
    return RedirectResponse("/dashboard/conflicts", 303)
