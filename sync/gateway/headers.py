"""Which headers cross the gateway: named ones only, so nothing hop-by-hop, no credentials and no cookies can."""

from collections.abc import Iterable

Pairs = list[tuple[bytes, bytes]]

# What CouchDB acts upon. Authorization, Cookie, Host, Connection, X-Forwarded-* and whatever else a client sends stay here:
# CouchDB would take `X-Auth-CouchDB-UserName` for an identity where its proxy authentication is switched on. The type of
# a body is not the client's to say: it is always JSON (`upstream`).
_TO_COUCHDB = frozenset(
    (
        b"accept",
        b"accept-encoding",
        b"if-match",
        b"if-none-match",
        b"if-range",
        b"last-event-id",
        b"range",
    )
)

# What a client needs of CouchDB's answer. Server, Set-Cookie, Date (ours is added), Connection and Location, which names
# CouchDB's own address, do not pass.
_TO_CLIENT = frozenset(
    (
        b"accept-ranges",
        b"cache-control",
        b"content-disposition",
        b"content-encoding",
        b"content-length",
        b"content-md5",
        b"content-range",
        b"content-type",
        b"etag",
        b"vary",
        b"x-couch-request-id",
    )
)


def to_couchdb(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """A request's headers for CouchDB; the last one where a name is repeated. Names come in lower case (ASGI)."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in headers if name in _TO_COUCHDB}


def to_client(headers: Iterable[tuple[bytes, bytes]]) -> Pairs:
    """CouchDB's headers for the client."""
    lowered = ((name.lower(), value) for name, value in headers)
    return [(name, value) for name, value in lowered if name in _TO_CLIENT]
