"""How requests reach a server: over httpx2, or over whatever else keeps connections (`sync.gateway.Upstream`)."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol, TypedDict, Unpack

import httpx2

from sync.errors import Unavailable

_TIMEOUT = httpx2.Timeout(30.0, connect=10.0, pool=None)
_LIMITS = httpx2.Limits(max_connections=None, max_keepalive_connections=32)


class Answer(Protocol):
    """What a server answered; its body is still to come."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def redirects(self) -> bool:
        """Whether it names another address to ask."""

    async def read(self) -> bytes:
        """The whole body, without its content encoding."""

    def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes and as it is encoded."""


class Line(Protocol):
    """A way to one server, which it shows our credentials."""

    def ask(
        self, method: str, target: str, headers: Mapping[str, str], content: bytes | AsyncIterator[bytes] | None
    ) -> AbstractAsyncContextManager[Answer]:
        """The answer to one request. `target` is path and query below the server's address; redirects are not followed.

        Raises Unavailable where there is none, and where its body breaks off while it is read.
        """

    async def close(self) -> None:
        """Lets go of what was opened for this line alone."""


class Over(TypedDict, total=False):
    """How a line over httpx2 is opened. `client` is used as it is and stays the caller's; else one is made over `transport`."""

    auth: httpx2.Auth | None
    client: httpx2.AsyncClient | None
    transport: httpx2.AsyncBaseTransport | None


class HttpxLine:
    """A line over httpx2."""

    def __init__(self, url: str, **over: Unpack[Over]) -> None:
        self._url = url
        self._auth = over.get("auth")
        client = over.get("client")
        self._owned = client is None
        self._client = client or httpx2.AsyncClient(transport=over.get("transport"), timeout=_TIMEOUT, limits=_LIMITS)

    @asynccontextmanager
    async def ask(
        self, method: str, target: str, headers: Mapping[str, str], content: bytes | AsyncIterator[bytes] | None
    ) -> AsyncIterator[Answer]:
        request = self._client.build_request(method, self._url + target, content=content, headers=headers)
        try:
            response = await self._client.send(
                request, stream=True, auth=self._auth or httpx2.USE_CLIENT_DEFAULT, follow_redirects=False
            )
            try:
                yield _HttpxAnswer(response)
            finally:
                await response.aclose()
        except (httpx2.TransportError, httpx2.StreamError, httpx2.DecodingError) as error:
            # The message names the server and the kind of failure, nothing more.
            raise Unavailable(f"{self._url} did not answer: {type(error).__name__}") from error

    async def close(self) -> None:
        if self._owned:
            await self._client.aclose()


class _HttpxAnswer:
    def __init__(self, response: httpx2.Response) -> None:
        self._response = response

    @property
    def status(self) -> int:
        return self._response.status_code

    @property
    def redirects(self) -> bool:
        return self._response.has_redirect_location

    async def read(self) -> bytes:
        return await self._response.aread()

    def chunks(self) -> AsyncIterator[bytes]:
        return self._response.aiter_raw()
