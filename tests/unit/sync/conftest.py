"""A folder of SQLite databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sync.databases.sqlite import SqliteCatalog


@pytest.fixture
async def catalog(anyio_backend: str, tmp_path: Path) -> AsyncIterator[SqliteCatalog]:
    """An empty one, open while the test lasts."""
    opened = SqliteCatalog(tmp_path / "databases")
    yield opened
    await opened.close()
