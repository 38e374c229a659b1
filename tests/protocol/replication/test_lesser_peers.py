"""Peers that lack what is only there to be faster: the result is the same."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import msgspec
import pytest

from sync.databases.contract import Catalog, Database
from sync.databases.http import HttpCatalog
from sync.databases.memory import MemoryCatalog
from sync.documents import Attachment, Document
from sync.protocol import application
from sync.replication import agree, narrow, replicate

pytestmark = pytest.mark.anyio

Contents = Callable[[Database], Awaitable[object]]


class Lacking(httpx2.AsyncBaseTransport):
    """A server without `_bulk_get`, `_digest` and `_db_updates`, and with sequences that are numbers, as CouchDB 1 was."""

    def __init__(self, served: Catalog, status: int) -> None:
        self._inner = httpx2.ASGITransport(application(served))
        self._status = status
        self._sequences: dict[str, str] = {}
        self.paths: list[str] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.paths.append(request.url.path)
        if request.url.path.endswith(("/_bulk_get", "/_digest", "/_db_updates")):
            return httpx2.Response(self._status, json={"error": "illegal", "reason": "No such thing."})
        if not request.url.path.endswith("/_changes"):
            return await self._inner.handle_async_request(request)
        since = self._sequences.get(request.url.params["since"], request.url.params["since"])
        request.url = request.url.copy_set_param("since", since)
        page = msgspec.json.decode(await (await self._inner.handle_async_request(request)).aread())
        for row in page["results"]:
            row["seq"] = self._number(row["seq"])
        page["last_seq"] = self._number(page["last_seq"])
        del page["pending"]
        return httpx2.Response(200, json=page)

    def _number(self, sequence: str) -> int:
        number = sequence.partition("-")[0]
        self._sequences[number] = sequence
        return int(number)


@pytest.fixture(params=[400, 404, 405, 501])
async def peer(
    anyio_backend: str, request: pytest.FixtureRequest
) -> AsyncIterator[tuple[Catalog, HttpCatalog, Lacking]]:
    served = MemoryCatalog()
    transport = Lacking(served, request.param)
    catalog = HttpCatalog("http://old", transport=transport, poll=0.01)
    yield served, catalog, transport
    await catalog.close()


async def test_documents_one_by_one_and_a_digest_from_the_feed(
    peer: tuple[Catalog, HttpCatalog, Lacking], contents: Contents
) -> None:
    """Without `_bulk_get` and `_digest` everything is still copied and proven equal, and they are asked for only once."""
    served, catalog, transport = peer
    inside, there, here = await served.create("db"), await catalog.open("db"), await MemoryCatalog().create("here")
    entries = {"a": Attachment(content_type="image/png", data=b"bytes")}
    await inside.write([Document(id=f"d{number}", attachments=entries) for number in range(5)])
    await inside.write([Document(id="d0", rev="1-" + "f" * 32, ancestry=("f" * 32,))], new_edits=False)
    assert (await replicate(there, here)).docs_written == 6
    assert await contents(inside) == await contents(here)
    assert await agree(there, here)
    await here.write([Document(id="mine")])
    assert [one.id for one in await narrow(there, here)] == ["mine"]
    await inside.write([Document(id="new")])
    await replicate(there, here)
    assert {one.id for one in await narrow(here, there)} == {"mine"}
    assert [path.rpartition("/")[2] for path in transport.paths].count("_bulk_get") == 1
    assert [path.rpartition("/")[2] for path in transport.paths].count("_digest") == 1


async def test_changes_of_databases_are_polled(peer: tuple[Catalog, HttpCatalog, Lacking]) -> None:
    """Without `_db_updates` the sequences of all databases are looked at; new and changed ones are named."""
    served, catalog, _ = peer
    one = await served.create("one")
    mark, names = await catalog.wait("0")
    assert names == {"one"}
    waiting = asyncio.create_task(catalog.wait(mark))
    await served.create("two")
    mark, names = await asyncio.wait_for(waiting, 20)
    assert names == {"two"}
    await one.write([Document(id="a")])
    _, names = await asyncio.wait_for(catalog.wait(mark), 20)
    assert names == {"one"}
    _, names = await catalog.wait("a mark of another process")
    assert names == {"one", "two"}
