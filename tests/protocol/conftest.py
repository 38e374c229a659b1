"""What the tests of the doors share."""

import socket
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
def free_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


@pytest.fixture
async def peer(doors: Doors) -> str:
    """The address of a peer with one empty database, `letters`: our own application stands in for CouchDB."""
    catalog = MemoryCatalog()
    await catalog.create("letters")
    return await doors.serve(application(catalog))
