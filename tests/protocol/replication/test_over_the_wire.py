"""Over real sockets: what an in-process transport can't show."""

import asyncio
import hashlib
import socket
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn

from sync.databases.contract import Catalog, Database
from sync.databases.http import Bearer, HttpCatalog
from sync.databases.http.peer import Peer
from sync.databases.memory import MemoryCatalog
from sync.databases.sqlite import SqliteCatalog
from sync.documents import Attachment, Document
from sync.errors import BadRequest
from sync.protocol import application
from sync.protocol.serve import configuration
from sync.replication import Options, agree, replicate

pytestmark = pytest.mark.anyio

MIB = 1024 * 1024


class Server(uvicorn.Server):
    """Says when it listens, and where."""

    def __init__(self, served: Catalog, port: int = 0) -> None:
        super().__init__(configuration(application(served), "127.0.0.1", port))
        self._listens = asyncio.Event()
        self.port = port

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.port = self.servers[0].sockets[0].getsockname()[1]
        self._listens.set()

    async def __aenter__(self) -> "Server":
        self._task = asyncio.create_task(self.serve())
        await self._listens.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.should_exit = True
        await self._task


@pytest.fixture
async def remote(anyio_backend: str, tmp_path: Path) -> AsyncIterator[HttpCatalog]:
    """Our server on a free port, and a client of it."""
    served = SqliteCatalog(tmp_path / "served")
    async with Server(served) as server:
        catalog = HttpCatalog(f"http://127.0.0.1:{server.port}")
        yield catalog
        await catalog.close()
    await served.close()


async def chunks(size: int) -> AsyncIterator[bytes]:
    block = bytes(range(256)) * 1024
    for _ in range(0, size, len(block)):
        yield block


async def hash_of(database: Database, doc_id: str) -> str:
    digest = hashlib.sha256()
    async for chunk in database.download(await database.get(doc_id), "large"):
        digest.update(chunk)
    return digest.hexdigest()


async def test_large_attachments_keep_memory_flat(remote: HttpCatalog, tmp_path: Path) -> None:
    """A push and a pull of 48 MB each hold a few chunks at a time, at both ends together."""
    local = SqliteCatalog(tmp_path / "local")
    source, there, back = await local.create("source"), await remote.create("there"), await local.create("back")
    upload = await source.upload(chunks(48 * MIB))
    entry = Attachment(content_type="application/octet-stream", digest=upload.digest, length=upload.length)
    await source.write([Document(id="d", attachments={"large": entry})])
    tracemalloc.start()
    try:
        await replicate(source, there)
        await replicate(there, back)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 * MIB
    assert await hash_of(back, "d") == await hash_of(source, "d")
    await local.close()


async def test_a_feed_is_followed_without_polling(remote: HttpCatalog) -> None:
    """A continuous pull hears of a change at once through the feed it waits on."""
    there, here = await remote.create("there"), await MemoryCatalog().create("here")
    task = asyncio.create_task(replicate(there, here, Options(continuous=True)))
    for number in range(5):
        await there.write([Document(id=f"d{number}")])
        async with asyncio.timeout(20):
            since = "0"
            while (await here.info()).doc_count <= number:
                await here.wait(since)
                since = (await here.info()).update_seq
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await agree(there, here)


async def test_a_server_that_comes_back_from_a_restart(anyio_backend: str, tmp_path: Path) -> None:
    """A continuous push outlives its target's restart and goes on by itself."""
    source = await MemoryCatalog().create("source")
    served = SqliteCatalog(tmp_path)
    await served.create("there")
    inside = await served.open("there")

    async def arrived(count: int) -> None:
        async with asyncio.timeout(20):
            while (info := await inside.info()).doc_count < count:
                await inside.wait(info.update_seq)

    async with Server(served) as first:
        catalog = HttpCatalog(f"http://127.0.0.1:{first.port}")
        there = await catalog.open("there")
        pushing = asyncio.create_task(replicate(source, there, Options(continuous=True, attempts=None)))
        await source.write([Document(id="before")])
        await arrived(1)
    await source.write([Document(id="meanwhile")])
    async with Server(served, first.port):
        await arrived(2)
        pushing.cancel()
        await asyncio.gather(pushing, return_exceptions=True)
        await catalog.close()
    await served.close()


class TestPeer:
    def test_secrets_do_not_print(self) -> None:
        """Neither the address nor what carries a token shows it."""
        peer = Peer("https://someone:topsecret@example.org/db", auth=Bearer("othersecret"))
        assert str(peer) == "https://example.org/db"
        assert "secret" not in f"{peer} {peer!r} {Bearer('othersecret')!r}"

    @pytest.mark.parametrize("url", ["ftp://example.org", "example.org/db", "http://", "http://a:port", ""])
    def test_addresses_that_are_none(self, url: str) -> None:
        """They are refused with a sentence."""
        with pytest.raises(BadRequest):
            Peer(url)
