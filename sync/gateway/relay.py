"""CouchDB's answer, handed on as it comes."""

from http import HTTPStatus

from starlette.types import Send

from sync.errors import Unavailable
from sync.gateway import headers
from sync.gateway.passages import Passage
from sync.gateway.upstream import Upstream
from sync.protocol.call import Call
from sync.protocol.replies import Reply, unless_gone

# CouchDB refusing us is not CouchDB refusing the caller: its 401 would log every phone out.
_OURS = frozenset((401, 403, 407, 429))


def require_good(status: int) -> None:
    """Raises Unavailable where the status tells of CouchDB's state, or of our credentials, and not of the request."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.NOT_MODIFIED:
        raise Unavailable(f"The database can't answer now ({status})")
    if status in _OURS:
        raise Unavailable(f"The database does not let this server in ({status})")


class Relay(Reply):
    """One request to CouchDB. Nothing is sent to the client before CouchDB has answered with a status of its own.

    When the client goes away the connection to CouchDB is closed, wherever it waits.
    """

    def __init__(self, upstream: Upstream, passage: Passage, body: bytes | None) -> None:
        self._upstream = upstream
        self._passage = passage
        self._body = body

    async def send(self, call: Call, send: Send) -> None:
        await unless_gone(call.receive, self._pass_on(call, send))

    async def _pass_on(self, call: Call, send: Send) -> None:
        asked = headers.to_couchdb(call.scope["headers"])
        target, feed = self._passage.target, self._passage.feed
        async with self._upstream.send(call.method, target, asked, self._body, feed=feed) as answered:
            require_good(answered.status)
            passed = headers.to_client(answered.headers)
            if answered.header(b"location") is not None:  # CouchDB's own address, which is nobody's business
                passed.append((b"location", call.location(call.path[0], "/".join(call.path[1:])).encode()))
            await send({"type": "http.response.start", "status": answered.status, "headers": [*passed, *self.extra]})
            async for chunk in answered.chunks():
                if feed:
                    await call.admit_still()
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
