"""Letting pages of other origins in, where the settings name them (CouchDB, "Cross-Origin Resource Sharing")."""

from sync.protocol.call import Call
from sync.protocol.replies import Empty, Headers, Reply
from sync.protocol.settings import Cors

_METHODS = b"GET, HEAD, POST, PUT, DELETE, COPY"
_HEADERS = b"accept, authorization, content-type, destination, if-match, if-none-match, origin, range"
_EXPOSED = (
    b"accept-ranges, cache-control, content-encoding, content-range, content-type, etag, location, x-couch-request-id"
)


def headers(call: Call, cors: Cors) -> Headers:
    """What every answer carries for an origin that is let in; nothing for any other."""
    origin = call.header(b"origin")
    if origin is None or origin not in cors.origins:
        return ((b"vary", b"Origin"),)
    allowed = [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-expose-headers", _EXPOSED),
        (b"vary", b"Origin"),
    ]
    if cors.credentials:
        allowed.append((b"access-control-allow-credentials", b"true"))
    return allowed


def preflight(call: Call, cors: Cors) -> Reply | None:
    """The answer to a browser that asks before it sends; None where it is no such question."""
    if call.method != "OPTIONS" or call.header(b"access-control-request-method") is None:
        return None
    return Empty(
        204,
        (
            (b"access-control-allow-methods", _METHODS),
            (b"access-control-allow-headers", _HEADERS),
            (b"access-control-max-age", b"%d" % cors.max_age),
        ),
    )
