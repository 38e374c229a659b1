"""`POST /api/nights`: a hub tells what its night was like, and has been heard from."""

from starlette.requests import Request
from starlette.responses import Response

from server.api.json import answer, read_body
from server.context import context_of
from server.hub.nights import ToldNight


async def nights(request: Request) -> Response:
    """201. For the role hub."""
    context = context_of(request)
    hub = await context.doorkeeper.require(request, "hub")
    night = await read_body(request, ToldNight)
    await context.nights.keep(hub, night)
    return answer({"ok": True}, 201)
