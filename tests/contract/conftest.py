"""The backends that keep the contract of `sync/databases/contract.py`. To add one, add an entry to BACKENDS."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from sync.databases.contract import Catalog, Database
from sync.databases.memory import MemoryCatalog
from sync.databases.sqlite import SqliteCatalog


@dataclass(frozen=True)
class Backend:
    """`opened(folder)` is a catalog to test; `skipped()` says why this one can't be had here, or None.

    `lacks` names promises a foreign server does not keep; tests ask for them with `@pytest.mark.needs("…")`:
    "epoch", "purge", "compaction" (bodies of old revisions are gone when `compact` returns), "strict-locals"
    (`_local` documents are checked for their revision), "strict-parents" (an edit that names a parent needs the document).
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


BACKENDS = [Backend("memory", memory), Backend("sqlite", sqlite)]


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
async def database(catalog: Catalog) -> AsyncIterator[Database]:
    yield await catalog.create("letters")
