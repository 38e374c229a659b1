"""The browsers that are signed in: listed, and ended from afar."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.context import context_of
from server.dashboards.access import coordinator
from server.dashboards.rendering import page


async def sessions(request: Request) -> Response:
    """The browsers that are signed in, one's own and those one answers for, and one's passkeys."""
    context = context_of(request)
    identity = await coordinator(request)
    return page(
        request,
        "sessions.html",
        identity,
        sessions=await context.sessions.listed(identity),
        passkeys=await context.passkeys.of(str(identity.device)),
        this=context.doorkeeper.shown(request)[1],
    )


async def end_session(request: Request) -> Response:
    """Ends a session; when this answers, everywhere."""
    context = context_of(request)
    identity = await coordinator(request)
    device = await context.sessions.end(request.path_params["session"], identity)
    await context.audit.record(identity, "session-ended", device)
    return RedirectResponse("/dashboard/sessions", 303)
