"""The log of administrative acts, as a page: everything for national, one's own acts for other coordinators."""

from starlette.requests import Request
from starlette.responses import Response

from server.audit import DEEDS
from server.context import context_of
from server.dashboards.access import coordinator
from server.dashboards.rendering import page

PAGE = 200


async def acts(request: Request) -> Response:
    """The latest acts first, a page at a time (`?skip=`)."""
    context = context_of(request)
    identity = await coordinator(request)
    text = request.query_params.get("skip", "")
    skip = int(text) if text.isdecimal() and len(text) < 7 else 0
    seen = [act for act in await context.audit.acts() if identity.role == "national" or act.by == identity.device]
    pseudonyms = {one.id: one.pseudonym for one in await context.devices.everyone()}
    shown = seen[skip : skip + PAGE]
    more = skip + PAGE if len(seen) > skip + PAGE else None
    return page(request, "acts.html", identity, acts=shown, known=DEEDS, pseudonyms=pseudonyms, more=more)
