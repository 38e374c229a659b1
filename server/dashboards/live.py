"""Server-sent events for open pages: "change", whenever totals one may show have changed. The page then asks for itself again.

Numbers are thus made in one place, the templates; and a stream tells nobody anything but that there is news.
"""

from collections.abc import AsyncIterator

import anyio
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from server.auth.errors import AuthError
from server.context import Context, context_of
from server.dashboards.access import coordinator
from server.domain.identity import Identity

HEARTBEAT_SECONDS = 15.0


async def live(request: Request) -> Response:
    """The stream since `?since=` (the mark a page was made with). It ends when the device is revoked or the server stops."""
    context = context_of(request)
    identity = await coordinator(request)
    since = request.query_params.get("since", "")
    return StreamingResponse(
        _stream(context, identity, since),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _stream(context: Context, identity: Identity, since: str) -> AsyncIterator[bytes]:
    signals = context.follower.signals
    with context.measures.live_pages.track_inprogress():
        yield b": connected\n\n"
        while True:
            news: frozenset[str] | None = None
            with anyio.move_on_after(HEARTBEAT_SECONDS):
                since, news = await signals.wait(since)
            try:
                await context.devices.identify(str(identity.device))
            except AuthError:
                return
            if signals.stopped:
                return
            if news is None:
                yield b": still here\n\n"
            elif identity.role == "national" or not news.isdisjoint(identity.chapters):
                yield b"event: change\ndata: \n\n"
