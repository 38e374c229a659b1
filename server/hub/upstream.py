"""Upstream's doors, as a hub uses them: its databases, who we are there, and what the night was like."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import TypeVar

import httpx2
import msgspec

from server.hub.membership import Me, Membership
from sync.databases.contract import Catalog, Database
from sync.databases.http import Bearer, HttpCatalog
from sync.errors import Forbidden, NotFound, SyncError, Unauthorized, Unavailable
from sync.replication import Backoff

T = TypeVar("T")

TIMEOUT = 30.0
"""Three heartbeats of a feed."""
_ATTEMPTS = 8
_ERRORS: dict[int, type[SyncError]] = {401: Unauthorized, 403: Forbidden, 404: NotFound}


class Upstream:
    """The server above, open. Every method raises Unavailable when it does not answer."""

    def __init__(self, member: Membership, catalog: Catalog, client: httpx2.AsyncClient) -> None:
        self._member = member
        self._catalog = catalog
        self._client = client

    async def database(self, name: str) -> Database:
        """One of its databases. Raises NotFound, Forbidden, Unauthorized."""
        return await self._catalog.open(name)

    async def me(self) -> Me:
        """Who it takes us for. Raises Unauthorized for a token it no longer takes."""
        answer = await self._ask("GET", "/api/device")
        try:
            return msgspec.json.decode(answer, type=Me)
        except msgspec.DecodeError:
            raise Unavailable(f"{self._member.url} gave an answer that can't be understood.") from None

    async def tell(self, night: object) -> None:
        """Hands in what the night was like here (`POST /api/nights`)."""
        await self._ask("POST", "/api/nights", msgspec.json.encode(night))

    async def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        url = self._member.url
        try:
            answer = await self._client.request(method, url + path, content=body)
        except httpx2.RequestError as error:  # no answer, or one that can't be unpacked
            raise Unavailable(f"{url} did not answer: {type(error).__name__}") from None
        if answer.status_code >= HTTPStatus.MULTIPLE_CHOICES:
            raise _ERRORS.get(answer.status_code, Unavailable)(f"{url} answered {path} with {answer.status_code}.")
        return answer.content


async def persist(ask: Callable[[], Awaitable[T]]) -> T:
    """The answer of a server that may stumble: tried again while it does not answer. Raises its last error."""
    pauses = Backoff()
    for failures in range(1, _ATTEMPTS):
        try:
            return await ask()
        except Unavailable:
            await pauses.pause(failures)
    return await ask()


@asynccontextmanager
async def open_upstream(
    member: Membership, *, patience: float = TIMEOUT, transport: httpx2.AsyncBaseTransport | None = None
) -> AsyncIterator[Upstream]:
    """Opens the doors; nothing is asked yet. Certificates are verified, redirects not followed.

    A request that brings nothing for `patience` seconds has failed. `transport` is given by tests.
    """
    auth = Bearer(member.token.reveal())
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=32)
    async with httpx2.AsyncClient(auth=auth, timeout=patience, limits=limits, transport=transport) as client:
        catalog = HttpCatalog(f"{member.url}/db", client=client)
        try:
            yield Upstream(member, catalog, client)
        finally:
            await catalog.close()
