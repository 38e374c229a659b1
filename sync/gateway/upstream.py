"""CouchDB as the gateway asks it: an address, our credentials, and its answers as they come.

`HttpCatalog` asks over the same connections (`ask`), so what goes through the contract is bounded by the same pools.
"""

import base64
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import unquote, urlsplit

from sync.databases.http.line import Answer
from sync.errors import BadRequest, Unavailable
from sync.gateway.connections import Connections, Origin
from sync.gateway.exchange import Answered, Failed, Question

# CouchDB answers an ordinary request in milliseconds; a cluster that waits for a lost node gives up by itself after 60 s.
_SILENCE = 90.0
# What the contract asks for comes sooner, and its feeds ask for a heartbeat every 10 s.
_CONTRACT_SILENCE = 30.0
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_GZIP = 16 + zlib.MAX_WBITS


class Upstream:
    """The CouchDB at `url` (http or https, with user and password), over `connections`, which stay the caller's to close."""

    def __init__(self, url: str, connections: Connections) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadRequest("The address of CouchDB must begin with http:// or https://")
        secure = parts.scheme == "https"
        self._origin = Origin(parts.hostname, parts.port or (443 if secure else 80), secure)
        self._root = parts.path.rstrip("/")
        self._ours = {"host": parts.netloc.rpartition("@")[2]}
        if parts.username is not None:
            login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._ours["authorization"] = "Basic " + base64.b64encode(login.encode()).decode()
        self._connections = connections

    @asynccontextmanager
    async def send(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None, *, feed: bool = False
    ) -> AsyncIterator[Answered]:
        """CouchDB's answer to a JSON body or none; its own body is still to come and still encoded.

        Leaving early closes the connection. Raises Unavailable when CouchDB can't be reached, does not answer, or breaks off
        while the body is read.
        """
        described = {} if body is None else {"content-type": "application/json"}
        asked = self._question(method, target, {**headers, **described}, body)
        async with self._request(asked, feed=feed, silence=None if feed else _SILENCE) as answered:
            yield answered

    @asynccontextmanager
    async def ask(
        self, method: str, target: str, headers: Mapping[str, str], content: bytes | AsyncIterator[bytes] | None
    ) -> AsyncIterator[Answer]:
        """As the contract's `Line` has it."""
        feed = "feed=" in target.partition("?")[2]
        asked = self._question(method, target, headers, content)
        async with self._request(asked, feed=feed, silence=_CONTRACT_SILENCE) as answered:
            yield _Answer(answered)

    async def close(self) -> None:
        """The connections are not this one's to close."""

    def _question(
        self, method: str, target: str, headers: Mapping[str, str], content: bytes | AsyncIterator[bytes] | None
    ) -> Question:
        return Question(method, self._root + target, {**self._ours, **headers}, content)

    @asynccontextmanager
    async def _request(self, question: Question, *, feed: bool, silence: float | None) -> AsyncIterator[Answered]:
        try:
            async with self._connections.request(self._origin, question, feed=feed, silence=silence) as answered:
                yield answered
        except Failed as error:
            raise Unavailable(f"The database does not answer ({error})") from error


class _Answer:
    def __init__(self, answered: Answered) -> None:
        self._answered = answered

    @property
    def status(self) -> int:
        return self._answered.status

    @property
    def redirects(self) -> bool:
        return self.status in _REDIRECTS and self._answered.header(b"location") is not None

    async def read(self) -> bytes:
        body = await self._answered.read()
        if self._answered.header(b"content-encoding") != b"gzip":
            return body
        try:
            return zlib.decompress(body, _GZIP)
        except zlib.error as error:
            raise Unavailable("The database gave an answer that can't be unpacked") from error

    def chunks(self) -> AsyncIterator[bytes]:
        return self._answered.chunks()
