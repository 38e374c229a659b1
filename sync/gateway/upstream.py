"""The connection to CouchDB: two bounded pools, one client, our credentials. Nothing else of the gateway speaks HTTP."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import unquote, urlsplit

import aiohttp
from yarl import URL

from sync.errors import BadRequest, Unavailable

_CONNECT = 5.0
# CouchDB answers an ordinary request in milliseconds; a cluster that waits for a lost node gives up by itself after 60 s.
_SILENCE = 90.0
_CHUNK = 256 * 1024
# The gateway sets what CouchDB is told; aiohttp adds nothing of its own.
_NOTHING_ADDED = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class Upstream:
    """CouchDB at `url` (http or https, with user and password). Use it as an async context manager, or `close` it.

    `requests` bounds the connections of ordinary requests, `feeds` those of feeds that wait for changes. They are apart, so
    a thousand waiting phones leave the connections of the others alone. A request that finds no free connection for
    `patience` seconds is told to come back, rather than kept in a queue that only grows. Certificates are always verified.
    """

    def __init__(self, url: str, *, requests: int = 64, feeds: int = 4096, patience: float = 10.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadRequest("The address of CouchDB must begin with http:// or https://")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        port = f":{parts.port}" if parts.port else ""
        self._base = f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}"
        self._auth: dict[str, str] = {}
        if parts.username is not None:
            user, password = unquote(parts.username), unquote(parts.password or "")
            self._auth = {"authorization": aiohttp.encode_basic_auth(user, password)}
        self._patience = patience
        self._limits = {False: requests, True: feeds}
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> "Upstream":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes every connection."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    @asynccontextmanager
    async def send(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None, *, feed: bool = False
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """CouchDB's answer to a JSON body or none; its own body is still to come and still encoded.

        Leaving early closes the connection.

        Raises Unavailable when CouchDB can't be reached, does not answer, or breaks off while the body is read.
        """
        described = {} if body is None else {"content-type": "application/json"}
        try:
            async with self._session(feed).request(
                method,
                URL(self._base + target, encoded=True),
                headers={**headers, **described, **self._auth},
                data=body,
                allow_redirects=False,
                skip_auto_headers=_NOTHING_ADDED,
            ) as response:
                yield response
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unavailable(f"The database does not answer ({type(error).__name__})") from error

    def _session(self, feed: bool) -> aiohttp.ClientSession:
        """Made at the first use: a session belongs to the event loop it was made in."""
        session = self._sessions.get(feed)
        if session is None:
            session = self._sessions[feed] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._limits[feed]),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                timeout=aiohttp.ClientTimeout(
                    total=None, connect=self._patience, sock_connect=_CONNECT, sock_read=None if feed else _SILENCE
                ),
                read_bufsize=_CHUNK,
            )
        return session
