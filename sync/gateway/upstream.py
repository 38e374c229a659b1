"""CouchDB as the gateway asks it: an address, our credentials, and its answers as they come."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import unquote, urlsplit

import aiohttp

from sync.errors import BadRequest, Unavailable
from sync.gateway.connections import Connections

# CouchDB answers an ordinary request in milliseconds; a cluster that waits for a lost node gives up by itself after 60 s.
_SILENCE = 90.0


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
        told = {**headers, **described, **self._auth}
        silence = None if feed else _SILENCE
        try:
            async with await self._connections.request(
                method, self._base + target, told, body, feed=feed, silence=silence
            ) as response:
                yield response
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unavailable(f"The database does not answer ({type(error).__name__})") from error
