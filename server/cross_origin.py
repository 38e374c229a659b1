"""Letting the phone app in that was loaded from another address of this same server (Fetch standard, "CORS protocol").

Only the addresses this server is known by are let in, only where the app asks for data, and never with cookies.
"""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_DATA = ("/api/", "/db/")
_METHODS = ("GET", "POST", "PUT", "DELETE")
_HEADERS = ("authorization", "content-type")
_EXPOSED = ("content-length", "etag", "retry-after")


class CrossOrigin:
    """Answers preflights and marks answers for pages of these `origins`; a server with one address needs none of it."""

    def __init__(self, app: ASGIApp, *, origins: tuple[str, ...]) -> None:
        self._app = app
        self._origins = origins
        self._marking = CORSMiddleware(
            app, allow_origins=origins, allow_methods=_METHODS, allow_headers=_HEADERS, expose_headers=_EXPOSED
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        for_data = self._origins and scope["type"] == "http" and scope["path"].startswith(_DATA)
        await (self._marking if for_data else self._app)(scope, receive, send)
