"""A session cookie alone must not be enough: another site can make a browser send one.

A request that changes something and carries a session is believed only when the browser says that it comes from our own pages
(`Sec-Fetch-Site`, else `Origin`; W3C Fetch Metadata). A request with a bearer token needs no such proof: no other site has it.
"""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from server.auth.errors import CrossSite

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def require_own_page(connection: HTTPConnection, public_url: str) -> None:
    """Raises CrossSite unless the browser says that one of our own pages made this request."""
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        if site != "same-origin":
            raise CrossSite
        return
    origin = connection.headers.get("origin")
    if origin is None or (origin != public_url and _host(origin) != connection.headers.get("host")):
        raise CrossSite


def _host(origin: str) -> str | None:
    """Host and port of an origin; None where there are none."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


def is_safe(connection: HTTPConnection) -> bool:
    """Whether the request's method promises to change nothing. A websocket handshake has no method and is not safe."""
    return connection.scope.get("method") in SAFE_METHODS
