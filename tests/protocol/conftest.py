"""What the tests of the doors share."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from sync.databases.memory import MemoryCatalog
from sync.protocol import application
from tests.protocol.doors import Doors


@pytest.fixture
async def doors(anyio_backend: str) -> AsyncIterator[Doors]:
    """See Doors."""
    async with AsyncExitStack() as stack:
        yield Doors(stack)


@pytest.fixture
async def peer(doors: Doors) -> str:
    """The address of a peer with one empty database, `letters`: our own application stands in for CouchDB."""
    catalog = MemoryCatalog()
    await catalog.create("letters")
    return await doors.serve(application(catalog))
