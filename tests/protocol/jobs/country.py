"""A national server and a hub, in one process: the hub reaches national over ASGI, so tests can stand in between."""

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import msgspec
from starlette.types import Receive, Scope, Send

from server.app import create_app
from server.auth.invites import invitation
from server.chapters import add_chapter
from server.context import Context
from server.domain.identifiers import new_ulid
from server.hub.membership import Membership
from server.jobs.night import NightlyJob
from server.jobs.report import DatabaseNight, Night
from server.jobs.watch import Watch
from server.settings import Secret, Settings
from server.stores import open_catalog, open_or_create
from sync.databases.contract import Catalog, Database
from sync.documents import Document
from tests.e2e.stage import EVENT

URL = "http://national.internal"
TVER = "chapter-tver"


class Nowhere:
    """A display nobody looks at."""

    def show(self, database: str, step: str, done: int, total: int | None) -> None:
        return

    def say(self, **fields: object) -> None:
        return

    def close(self) -> None:
        return


class Between(httpx2.AsyncBaseTransport):
    """The way to national. `meddle` may answer instead, or raise; None lets the request through."""

    def __init__(self, app: httpx2.ASGITransport) -> None:
        self._app = app
        self.meddle: Callable[[httpx2.Request], Awaitable[httpx2.Response | None]] | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        met = await self.meddle(request) if self.meddle else None
        return met or await self._app.handle_async_request(request)


@dataclass
class Country:
    """Both servers. `hub` is the hub's store; no server of it runs, as at night on a small machine it need not."""

    national: Context
    settings: Settings
    hub: Catalog
    member: Membership
    between: Between
    client: httpx2.AsyncClient
    nights: list[Night] = field(default_factory=list)

    async def night(self, *, patience: float = 30.0) -> Night:
        """One nightly job of the hub."""
        job = NightlyJob(self.settings, self.hub, self.member, Watch(Nowhere(), patience), transport=self.between)
        self.nights.append(await job.run())
        return self.nights[-1]

    async def here(self, name: str = TVER) -> Database:
        return await open_or_create(self.hub, name)

    async def there(self, name: str = TVER) -> Database:
        return await self.national.catalog.open(name)

    async def join(self, role: str, *chapters: str) -> dict[str, Any]:
        """Enrols a device at national."""
        invited = invitation(role, chapters, 1, ["moscow", "tver"])
        answer = await self.client.post("/api/join", json={"invite": self.national.invites.sign(invited)})
        assert answer.status_code == 201, answer.text
        joined: dict[str, Any] = answer.json()
        return joined


@asynccontextmanager
async def open_country(folder: Path) -> AsyncIterator[Country]:
    """Opens both."""
    app = create_app(Settings(data=folder / "national"))
    async with app.router.lifespan_context(app) as state:

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            scope["state"] = dict(state or {})
            await app(scope, receive, send)

        national: Context = dict(state or {})["context"]
        for slug in ("moscow", "tver"):
            await add_chapter(national.catalog, slug, ru=slug, en=slug, zone="Europe/Moscow")
        transport = httpx2.ASGITransport(app=serve)
        settings = Settings(data=folder / "hub", patience=dt.timedelta(seconds=30))
        hub = open_catalog(settings)
        try:
            async with httpx2.AsyncClient(transport=transport, base_url=URL) as client:
                opened = Country(national, settings, hub, Membership(URL, Secret("")), Between(transport), client)
                joined = await opened.join("hub", "tver")
                opened.member = Membership(URL, Secret(joined["token"]), joined["device"], ("tver",))
                yield opened
        finally:
            await hub.close()


def row(night: Night, database: str = TVER) -> DatabaseNight:
    """What a night says of one database."""
    return next(one for one in night.databases if one.database == database)


def event(chapter: str = "tver", **fields: Any) -> Document:
    """An event of a chapter."""
    body = {name: value for name, value in EVENT.items() if name != "_id"} | {"chapter": chapter} | fields
    return Document(id=f"event:{new_ulid()}", body=msgspec.json.encode(body))


async def write(database: Database, *documents: Document) -> list[str]:
    """Writes documents past all rules; answers their ids."""
    for outcome in await database.write(documents):
        assert outcome.error is None, outcome.error
    return [document.id for document in documents]
