"""Whoever has a page as it is now is told so without its being made again.

    what the pages are made of ──same as then?──► 304, by what was said then
                └──no, or nobody knows──► the page is made, and how its answer began is remembered

A page depends on its path and on what is here: the totals (by the version of their file, which `otkrytka rebuild` changes too,
from another process), the numbers that are published, whose devices are coordinators', and the minute. All are looked at before
a page is made, so that what changes meanwhile is asked for again.
"""

import datetime as dt
from collections import OrderedDict
from collections.abc import Mapping

from msgspec import Struct
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.context import Context, context_of
from server.public.answers import has
from server.publication.figures import Figures

_MOST = 512  # of each route
_OF_A_BODY = frozenset({"content-length", "content-type"})


class State(Struct, frozen=True):
    """What all pages are made of, at a moment."""

    version: int
    minute: dt.datetime
    coordinators: frozenset[str]
    figures: Figures


class Said(Struct, frozen=True):
    """How an answer began, and the state it was made of."""

    state: State
    headers: Mapping[str, str]


class Remember:
    """A route's middleware: answers 304 from what it remembers of a path, and remembers what is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._said: OrderedDict[str, Said] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        request = Request(scope)
        path, state = request.url.path, await _state(context_of(request))
        said = self._said.get(path)
        if said is not None and said.state == state and has(request, said.headers["etag"]):
            await Response(status_code=304, headers=said.headers)(scope, receive, send)
            return

        async def remembering(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in (200, 304):
                headers = Headers(raw=message["headers"])
                kept = {name: value for name, value in headers.items() if name not in _OF_A_BODY}
                self._remember(path, Said(state, kept))
            await send(message)

        await self._app(scope, receive, remembering)

    def _remember(self, path: str, said: Said) -> None:
        self._said[path] = said
        self._said.move_to_end(path)
        while len(self._said) > _MOST:
            self._said.popitem(last=False)


async def _state(context: Context) -> State:
    minute = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)
    version, figures = context.tables.version(), context.publisher.figures
    return State(version, minute, await context.devices.coordinators(), figures)
