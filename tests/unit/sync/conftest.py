"""A folder of SQLite databases, and one in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sync.databases.sqlite import SqliteCatalog, SqliteDatabase


@pytest.fixture
async def catalog(anyio_backend: str, tmp_path: Path) -> AsyncIterator[SqliteCatalog]:
    """An empty one, open while the test lasts."""
    opened = SqliteCatalog(tmp_path / "databases")
    yield opened
    await opened.close()


@pytest.fixture
async def database(catalog: SqliteCatalog) -> SqliteDatabase:
    """The database `a` in it."""
    created = await catalog.create("a")
    assert isinstance(created, SqliteDatabase)
    return created
