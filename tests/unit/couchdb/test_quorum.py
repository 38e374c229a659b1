"""What a broken cluster half promises is not taken for a promise."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from server.auth.devices import Devices
from server.auth.invites import invitation
from sync.databases.http import HttpCatalog
from sync.databases.memory import MemoryCatalog
from sync.documents import Attachment, Document
from sync.errors import Unavailable
from sync.protocol import application

pytestmark = pytest.mark.anyio


class Minority(httpx2.AsyncBaseTransport):
    """A CouchDB that has lost most of its cluster: it stores, and says with 202 that only a minority has it.

    Of edits it says so in every row too; of replicated documents it lists no row that is no error.
    """

    def __init__(self) -> None:
        self.databases = MemoryCatalog()
        self._inner = httpx2.ASGITransport(application(self.databases))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._inner.handle_async_request(request)
        writes = request.url.path.endswith("/_bulk_docs") or (request.method, request.url.path) == ("PUT", "/letters/a")
        if not writes:
            return response
        rows = (await response.aread()).replace(b'"ok":true', b'"ok":true,"accepted":true')
        return httpx2.Response(202, content=rows)


async def test_a_document_that_a_minority_has_is_not_stored() -> None:
    """The outcome is an error that is worth another try, not a revision."""
    catalog = HttpCatalog("http://couchdb", transport=Minority())
    database = await catalog.create("letters")
    [outcome] = await database.write([Document(id="a")])
    assert isinstance(outcome.error, Unavailable)
    assert not outcome.rev


async def test_a_replicated_document_that_a_minority_has_is_not_stored() -> None:
    """A phone that pushes keeps what it has, whether it comes in a batch or alone with its attachment."""
    database = await HttpCatalog("http://couchdb", transport=Minority()).create("letters")
    read = Attachment(content_type="text/plain", data=b"x", length=1)

    async def chunks() -> AsyncIterator[bytes]:
        yield b"y"

    staged = await database.upload(chunks())
    spooled = Attachment(content_type="text/plain", digest=staged.digest, length=staged.length)
    batch = [
        Document(id="b", rev="1-b", ancestry=("b",)),
        Document(id="c", rev="1-c", ancestry=("c",), attachments={"read": read}),
    ]
    with pytest.raises(Unavailable):
        await database.write(batch, new_edits=False)
    alone = Document(id="a", rev="1-a", ancestry=("a",), attachments={"spooled": spooled})
    [outcome] = await database.write([alone], new_edits=False)
    assert isinstance(outcome.error, Unavailable)
    await database.close()


async def test_an_invite_lets_nobody_in_without_a_quorum() -> None:
    """On two halves of a cluster two phones could use one invite; so neither is let in."""
    transport = Minority()
    devices = await Devices.open(HttpCatalog("http://couchdb", transport=transport))
    with pytest.raises(Unavailable):
        await devices.enrol(invitation("volunteer", ["moscow"], 1, ["moscow"]), "Fox")
    stored = await (await transport.databases.open("devices")).changes()
    assert [change.id.partition(":")[0] for change in stored.rows] == ["invite"]
