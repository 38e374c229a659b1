"""Watching many databases of a CouchDB: its one feed, what that feed may forget, and how to do without it."""

import anyio
import httpx2
import pytest

from sync.databases.contract import START
from sync.databases.http import HttpCatalog
from sync.databases.memory import MemoryCatalog
from sync.documents import Document
from sync.errors import Unavailable
from sync.protocol import application

pytestmark = pytest.mark.anyio


class Server(httpx2.AsyncBaseTransport):
    """A CouchDB whose feed of databases is scripted: `feed` is the next answer, None waits for ever."""

    def __init__(self) -> None:
        self.databases = MemoryCatalog()
        self.feed: httpx2.Response | None = None
        self.waiting = anyio.Event()
        self._inner = httpx2.ASGITransport(application(self.databases))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path != "/_db_updates":
            return await self._inner.handle_async_request(request)
        if request.url.params.get("since") == "now":
            return httpx2.Response(200, json={"results": [], "last_seq": "1-now"})
        if self.feed is None:
            self.waiting.set()
            await anyio.sleep_forever()
        assert self.feed is not None
        return self.feed


async def test_the_feed_names_what_changed() -> None:
    """First every name, then those the feed tells of; CouchDB's own databases are nobody's news."""
    server = Server()
    catalog = HttpCatalog("http://couchdb", transport=server)
    await catalog.create("letters")
    mark, names = await catalog.wait(START)
    assert (mark, names) == ("1-now", frozenset(("letters",)))
    rows = [
        {"db_name": "_users", "seq": "2-x", "type": "updated"},
        {"db_name": "letters", "seq": "3-x", "type": "updated"},
    ]
    server.feed = httpx2.Response(200, json={"results": rows, "last_seq": "3-x"})
    assert await catalog.wait(mark) == ("3-x", frozenset(("letters",)))


async def test_what_the_feed_forgot_is_found_by_the_sweep() -> None:
    """A node that died may never tell of its last changes: after a while every name is given anyway."""
    server = Server()
    catalog = HttpCatalog("http://couchdb", transport=server, sweep=0.05)
    await catalog.create("letters")
    with anyio.fail_after(5):
        assert await catalog.wait("1-x") == ("1-now", frozenset(("letters",)))


@pytest.mark.parametrize(("status", "error"), [(503, Unavailable), (500, Unavailable)])
async def test_a_feed_that_fails_says_so(status: int, error: type[Exception]) -> None:
    """A CouchDB that is away is no reason to poll it."""
    server = Server()
    catalog = HttpCatalog("http://couchdb", transport=server)
    server.feed = httpx2.Response(status, json={"error": "", "reason": "no"})
    with pytest.raises(error):
        await catalog.wait("1-x")


async def test_a_mark_of_another_couchdb_names_everything() -> None:
    """Where the feed can't read a mark, every name is given, and the feed goes on from now."""
    server = Server()
    catalog = HttpCatalog("http://couchdb", transport=server)
    await catalog.create("letters")
    server.feed = httpx2.Response(400, json={"error": "bad_request", "reason": "no"})
    with anyio.fail_after(5):
        assert await catalog.wait("1-x") == ("1-now", frozenset(("letters",)))


@pytest.mark.parametrize("status", [401, 403, 404, 501])
async def test_without_the_feed_sequences_are_compared(status: int) -> None:
    """Where there is no such feed, a change is found by asking each database where it stands; and a deletion too."""
    server = Server()
    catalog = HttpCatalog("http://couchdb", transport=server, poll=0.01)
    letters = await catalog.create("letters")
    await catalog.create("quiet")
    server.feed = httpx2.Response(status, json={"error": "", "reason": "no"})
    with anyio.fail_after(5):
        mark, names = await catalog.wait("1-x")
        assert names == {"letters", "quiet"}
        await letters.write([Document(id="a")])
        mark, names = await catalog.wait(mark)
        assert names == {"letters"}
        await catalog.delete("letters")
        mark, names = await catalog.wait(mark)
        assert names == {"letters"}
