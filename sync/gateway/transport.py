"""The gateway's connections for `HttpCatalog` too: what is asked through the contract is bounded by the same pools.

It also costs about half the processor time of httpx2's own transport, and the policy and every write ask something.
"""

from collections.abc import AsyncIterable, AsyncIterator

import aiohttp
import httpx2

from sync.gateway.connections import Connections

# httpx2 frames a request for connections of its own; aiohttp does it for these.
_FRAMING = frozenset((b"connection", b"content-length", b"host", b"transfer-encoding"))


class Transport(httpx2.AsyncBaseTransport):
    """Sends the requests of an `httpx2.AsyncClient` over `connections`, which stay the caller's to close."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        headers = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in request.headers.raw
            if name.lower() not in _FRAMING
        }
        try:
            response = await self._connections.request(
                request.method,
                str(request.url),
                headers,
                _body(request),
                feed="feed" in request.url.params,
                silence=request.extensions.get("timeout", {}).get("read"),
            )
        except (aiohttp.ClientError, TimeoutError) as error:
            raise httpx2.ConnectError(type(error).__name__) from error
        return httpx2.Response(response.status, headers=list(response.raw_headers), stream=_Answer(response))


def _body(request: httpx2.Request) -> bytes | AsyncIterable[bytes] | None:
    try:
        return request.content or None
    except httpx2.RequestNotRead:
        return request.stream if isinstance(request.stream, httpx2.AsyncByteStream) else None


class _Answer(httpx2.AsyncByteStream):
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._response.content.iter_any():
                yield chunk
        except (aiohttp.ClientError, TimeoutError) as error:
            raise httpx2.ReadError(type(error).__name__) from error

    async def aclose(self) -> None:
        self._response.release()
