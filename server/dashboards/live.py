"""Server-sent events for open pages. Numbers are made in one place, the templates; a stream tells nothing a page would not.

event: change    something that may be shown here has changed; the page asks for itself again
event: parts     {"made", "parts": {id: HTML}}: what changed of a page that is made once for all who see it (server/boards.py)
"""

from collections.abc import AsyncIterator

import anyio
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from server.auth.errors import AuthError
from server.boards import Board
from server.context import Context, context_of
from server.dashboards import national
from server.dashboards.access import coordinator
from server.domain.identity import Identity
from server.projection.signals import EVERYWHERE

HEARTBEAT_SECONDS = 15.0
_EVENTS = "text/event-stream"
_CHANGE = b"event: change\ndata: \n\n"
_STILL_HERE = b": still here\n\n"


async def live(request: Request) -> Response:
    """The stream since `?since=` (the mark a page was made with). It ends when the device is revoked or the server stops.

    `?page=` names a page with a board, whose further parameters are the page's own, and `?made=` which making of it is shown.
    """
    context = context_of(request)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    identity, (_, session) = await coordinator(request), context.doorkeeper.shown(request)
    if request.method == "HEAD":  # whose answer has to end, or nothing else gets through its connection
        return Response(media_type=_EVENTS, headers=headers)
    since, made = request.query_params.get("since", ""), request.query_params.get("made", "")
    board = national.board(request, identity) if request.query_params.get("page") == national.PAGE else None
    return StreamingResponse(
        _stream(context, identity, session, since, board, int(made) if made.isdecimal() and len(made) < 18 else 0),
        media_type=_EVENTS,
        headers=headers,
    )


async def _stream(
    context: Context, identity: Identity, session: str | None, since: str, board: Board | None, made: int
) -> AsyncIterator[bytes]:
    signals = context.follower.signals
    with context.measures.live_pages.track_inprogress():
        yield b": connected\n\n"
        while True:
            news: frozenset[str] | None = None
            with anyio.move_on_after(HEARTBEAT_SECONDS):
                since, news = await signals.wait(since)
            try:
                await context.devices.identify(str(identity.device), session)
            except AuthError:
                return
            if signals.stopped:
                return
            if board is not None:
                shown = await board.fresh()
                yield board.news(shown, made) or _STILL_HERE
                since, made = shown.mark, shown.made
            elif news is None:
                yield _STILL_HERE
            elif identity.role == "national" or EVERYWHERE in news or not news.isdisjoint(identity.chapters):
                yield _CHANGE
