"""The backends that keep the contract of `sync/databases/contract.py`. To add one, add an entry to BACKENDS."""

import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from starlette.types import Receive, Scope, Send

from sync.databases.contract import Catalog, Database
from sync.databases.http import HttpCatalog
from sync.databases.http.peer import segment
from sync.databases.memory import MemoryCatalog
from sync.databases.names import check_name
from sync.databases.sqlite import SqliteCatalog
from sync.gateway import Connections, Gateway, Upstream
from sync.policy import Open
from sync.protocol import Application, application

COUCHDB = "OTKRYTKA_TEST_COUCHDB"


@dataclass(frozen=True)
class Backend:
    """`opened(folder)` is a catalog to test; `skipped()` says why this one can't be had here, or None.

    `lacks` names promises a foreign server does not keep; tests ask for them with `@pytest.mark.needs("…")`:
    "epoch", "purge", "compaction" (bodies of old revisions are gone when `compact` returns), "strict-locals"
    (`_local` documents are checked for their revision), "strict-parents" (an edit that names a parent needs the document),
    "watching" (`Catalog.wait` over a feed of databases).
    """

    name: str
    opened: Callable[[Path], AbstractAsyncContextManager[Catalog]]
    skipped: Callable[[], str | None] = lambda: None
    lacks: frozenset[str] = frozenset()


@asynccontextmanager
async def memory(folder: Path) -> AsyncIterator[Catalog]:
    yield MemoryCatalog()


@asynccontextmanager
async def sqlite(folder: Path) -> AsyncIterator[Catalog]:
    catalog = SqliteCatalog(folder / "databases", upload_grace=0)
    try:
        yield catalog
    finally:
        await catalog.close()


@asynccontextmanager
async def http(folder: Path) -> AsyncIterator[Catalog]:
    """Our own server, through the HTTP client and back: what crosses the wire must be what went in."""
    async with sqlite(folder) as served:
        transport = httpx2.ASGITransport(Mounted(application(served)))
        catalog = HttpCatalog("http://server/db", transport=transport, poll=0.1, upload_grace=0)
        yield catalog
        await catalog.close()


class Mounted:
    """An application below `/db`, as the whole server has it."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "root_path": "/db"}, receive, send)


@asynccontextmanager
async def couchdb(folder: Path) -> AsyncIterator[Catalog]:
    """Databases of our own on a CouchDB that others may use: they bear a prefix, and are deleted afterwards."""
    catalog = PrefixedCatalog(os.environ[COUCHDB])
    yield catalog
    for name in await catalog.names():
        await catalog.delete(name)
    await catalog.close()


@asynccontextmanager
async def gateway(folder: Path) -> AsyncIterator[Catalog]:
    """The same CouchDB through the gateway: what streams through it must be what CouchDB would have said."""
    url, connections = os.environ[COUCHDB], Connections()
    upstream = Upstream(url, connections)
    behind = OneShard(url, line=upstream, upload_grace=0)
    door = Gateway(upstream, behind, Open())
    catalog = PrefixedCatalog("http://gateway", httpx2.ASGITransport(door))
    yield catalog
    for name in await catalog.names():
        await catalog.delete(name)
    for opened in (catalog, behind, connections):
        await opened.close()


class OneShard(HttpCatalog):
    """Its databases have one shard, so that there is one order of changes."""

    async def create(self, name: str) -> Database:
        check_name(name)
        await self._peer.call("PUT", "/" + segment(name), {"q": 1})
        return await self.open(name)


class PrefixedCatalog(Catalog):
    """The databases whose names begin with a prefix, under the rest of their names."""

    def __init__(self, url: str, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._all = OneShard(url, transport=transport, poll=0.1, upload_grace=0)
        self._prefix = f"otkrytka-test-{secrets.token_hex(6)}/"

    async def open(self, name: str) -> Database:
        return self._called(name, await self._all.open(self._prefix + name))

    async def create(self, name: str) -> Database:
        check_name(name)
        return self._called(name, await self._all.create(self._prefix + name))

    async def delete(self, name: str) -> None:
        await self._all.delete(self._prefix + name)

    async def names(self) -> list[str]:
        return self._ours(await self._all.names())

    async def wait(self, since: str) -> tuple[str, frozenset[str]]:
        while True:
            since, names = await self._all.wait(since)
            if ours := self._ours(names):
                return since, frozenset(ours)

    async def close(self) -> None:
        await self._all.close()

    def _called(self, name: str, database: Database) -> Database:
        database.name = name
        return database

    def _ours(self, names: Iterable[str]) -> list[str]:
        return [name.removeprefix(self._prefix) for name in names if name.startswith(self._prefix)]


def no_couchdb() -> str | None:
    return None if os.environ.get(COUCHDB) else f"{COUCHDB} names no Apache CouchDB"


_COUCHDB_LACKS = frozenset(("epoch", "purge", "compaction", "strict-locals", "strict-parents"))

BACKENDS = [
    Backend("memory", memory),
    Backend("sqlite", sqlite),
    Backend("http", http),
    Backend("couchdb", couchdb, no_couchdb, _COUCHDB_LACKS),
    Backend("gateway", gateway, no_couchdb, _COUCHDB_LACKS | {"watching"}),
]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(promise): skipped on backends that lack a promise")


@pytest.fixture(params=BACKENDS, ids=lambda backend: backend.name)
def backend(request: pytest.FixtureRequest) -> Backend:
    chosen: Backend = request.param
    reason = chosen.skipped()
    if reason is not None:
        pytest.skip(reason)
    needed = {promise for mark in request.node.iter_markers("needs") for promise in mark.args}
    if missing := needed & chosen.lacks:
        pytest.skip(f"{chosen.name} does not promise {', '.join(sorted(missing))}")
    return chosen


@pytest.fixture
async def catalog(anyio_backend: str, backend: Backend, tmp_path: Path) -> AsyncIterator[Catalog]:
    async with backend.opened(tmp_path) as opened:
        yield opened


@pytest.fixture
async def database(catalog: Catalog) -> Database:
    return await catalog.create("letters")
