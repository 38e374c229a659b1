"""CouchDB as the gateway asks it: an address, our credentials, and its answers as they come.

`HttpCatalog` asks over the same connections (`ask`), so what goes through the contract is bounded by the same pools.
"""

import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import unquote, urlsplit

import aiohttp

from sync.databases.http.line import Answer
from sync.errors import BadRequest, Unavailable
from sync.gateway.connections import Connections

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
        self._base = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"
        self._auth: dict[str, str] = {}
        if parts.username is not None:
            user, password = unquote(parts.username), unquote(parts.password or "")
            self._auth = {"authorization": aiohttp.encode_basic_auth(user, password)}
        self._connections = connections

    @asynccontextmanager
    async def send(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None, *, feed: bool = False
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """CouchDB's answer to a JSON body or none; its own body is still to come and still encoded.

        Leaving early closes the connection. Raises Unavailable when CouchDB can't be reached, does not answer, or breaks off
        while the body is read.
        """
        described = {} if body is None else {"content-type": "application/json"}
        told = {**headers, **described}
        async with self._request(method, target, told, body, feed=feed, silence=None if feed else _SILENCE) as response:
            yield response

    @asynccontextmanager
    async def ask(
        self, method: str, target: str, headers: Mapping[str, str], content: bytes | AsyncIterator[bytes] | None
    ) -> AsyncIterator[Answer]:
        """As the contract's `Line` has it."""
        feed = "feed=" in target.partition("?")[2]
        async with self._request(method, target, headers, content, feed=feed, silence=_CONTRACT_SILENCE) as response:
            yield _Answer(response)

    async def close(self) -> None:
        """The connections are not this one's to close."""

    @asynccontextmanager
    async def _request(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        content: bytes | AsyncIterator[bytes] | None,
        *,
        feed: bool,
        silence: float | None,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        try:
            async with await self._connections.request(
                method, self._base + target, {**headers, **self._auth}, content, feed=feed, silence=silence
            ) as response:
                yield response
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unavailable(f"The database does not answer ({type(error).__name__})") from error


class _Answer:
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    @property
    def status(self) -> int:
        return self._response.status

    @property
    def redirects(self) -> bool:
        return self.status in _REDIRECTS and "location" in self._response.headers

    async def read(self) -> bytes:
        body = await self._response.read()
        if self._response.headers.get("content-encoding") != "gzip":
            return body
        try:
            return zlib.decompress(body, _GZIP)
        except zlib.error as error:
            raise Unavailable("The database gave an answer that can't be unpacked") from error

    def chunks(self) -> AsyncIterator[bytes]:
        return self._response.content.iter_any()
