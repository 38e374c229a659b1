"""Connections to CouchDB, in two bounded pools."""

from collections.abc import AsyncIterable, Mapping

import aiohttp
from yarl import URL

_CONNECT = 5.0
_CHUNK = 256 * 1024
# The callers say all that CouchDB is told; aiohttp adds nothing of its own.
_NOTHING_ADDED = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class Connections:
    """At most `requests` connections for ordinary requests, and `feeds` for those that wait for changes.

    They are apart, so a thousand waiting phones leave the connections of the others alone. A request that finds no free
    connection for `patience` seconds fails, rather than wait in a queue that only grows. Certificates are always verified.
    """

    def __init__(self, *, requests: int = 64, feeds: int = 4096, patience: float = 10.0) -> None:
        self._limits = {False: requests, True: feeds}
        self._patience = patience
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def close(self) -> None:
        """Closes every connection."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    async def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | AsyncIterable[bytes] | None,
        *,
        feed: bool,
        silence: float | None,
    ) -> aiohttp.ClientResponse:
        """The response, its body still to come and still encoded. `silence` is how many seconds may pass without a byte of it.

        Close it or read it to its end, or its connection is never free again. Raises aiohttp.ClientError, TimeoutError.
        """
        return await self._session(feed).request(
            method,
            URL(url, encoded=True),
            headers=headers,
            data=body,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None, connect=self._patience, sock_connect=_CONNECT, sock_read=silence),
        )

    def _session(self, feed: bool) -> aiohttp.ClientSession:
        """Made at the first use: a session belongs to the event loop it was made in."""
        session = self._sessions.get(feed)
        if session is None:
            session = self._sessions[feed] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._limits[feed]),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=_NOTHING_ADDED,
                auto_decompress=False,
                read_bufsize=_CHUNK,
            )
        return session
