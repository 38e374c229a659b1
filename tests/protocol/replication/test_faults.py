"""A peer that fails in every way a network can: in the end both sides are equal, and nothing was called a refusal."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx2
import pytest

from sync.databases.contract import Database, Outcome
from sync.databases.http import HttpCatalog, HttpDatabase
from sync.databases.memory import MemoryCatalog, MemoryDatabase
from sync.documents import Attachment, Document
from sync.errors import NotFound, Unauthorized, Unavailable
from sync.protocol import application
from sync.replication import Backoff, Options, Stalled, agree, replicate

pytestmark = pytest.mark.anyio

Contents = Callable[[Database], Awaitable[object]]


async def at_once(seconds: float) -> None:
    await asyncio.sleep(0)


class Broken(httpx2.AsyncByteStream):
    """Half a body, then nothing."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body[: len(self._body) // 2]
        raise httpx2.RemoteProtocolError("peer closed connection without sending complete message body")


class Faulty(httpx2.AsyncBaseTransport):
    """Passes requests on, and lets a share of them fail: on the way there, on the way back, half-way, or by an answer."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, seed: int, share: float) -> None:
        self._inner = inner
        self._chance = random.Random(seed)
        self._share = share
        self.faults: dict[str, int] = {}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if self._chance.random() >= self._share:
            return await self._inner.handle_async_request(request)
        fault = self._chance.choice(("refused", "timeout", "lost", "half", "500", "503", "429", "page"))
        self.faults[fault] = self.faults.get(fault, 0) + 1
        match fault:
            case "refused":
                raise httpx2.ConnectError("connection refused")
            case "timeout":
                raise httpx2.ReadTimeout("no answer")
            case "lost":  # done, but nobody hears of it
                await (await self._inner.handle_async_request(request)).aread()
                raise httpx2.ReadError("connection reset")
            case "half":
                whole = await self._inner.handle_async_request(request)
                return httpx2.Response(whole.status_code, headers=whole.headers, stream=Broken(await whole.aread()))
            case "page":
                return httpx2.Response(200, html="<html>Please log in to this network</html>")
            case status:
                return httpx2.Response(int(status), json={"error": "trouble", "reason": "passing"})


@asynccontextmanager
async def faulty(seed: int, share: float) -> AsyncIterator[tuple[Database, Database, Faulty]]:
    """The same database twice, as it is and behind a bad network."""
    served = MemoryCatalog()
    transport = Faulty(httpx2.ASGITransport(application(served)), seed, share)
    catalog = HttpCatalog("http://server", transport=transport)
    inside = await served.create("db")
    while True:
        try:
            outside = await catalog.open("db")
            break
        except Unavailable:
            continue
    try:
        yield inside, outside, transport
    finally:
        await catalog.close()


async def fill(database: Database, seed: int) -> None:
    """Documents with histories, conflicts, deletions and attachments."""
    chance = random.Random(seed)
    for number in range(60):
        revs = [""]
        for _ in range(chance.randrange(1, 4)):
            body = b'{"n":%d,"x":"%s"}' % (chance.randrange(1000), b"x" * chance.randrange(2000))
            entries = {"a": Attachment(content_type="image/png", data=chance.randbytes(chance.randrange(30_000)))}
            document = Document(
                id=f"d{number}",
                rev=revs[-1],
                body=body,
                deleted=chance.random() < 0.1,
                attachments=entries if chance.random() < 0.2 else None,
            )
            (outcome,) = await database.write([document])
            revs.append(outcome.rev)
        if chance.random() < 0.3:
            fork = Document(id=f"d{number}", rev="1-" + "f" * 32, ancestry=("f" * 32,), body=b'{"other":1}')
            await database.write([fork], new_edits=False)


OPTIONS = Options(attempts=None, batch_documents=7, batch_bytes=20_000, checkpoint_interval=0)


@pytest.mark.parametrize("seed", range(6))
class TestBadNetworks:
    async def test_pushing(self, seed: int, contents: Contents) -> None:
        """A third of all requests fail: the target ends up with everything."""
        source = await MemoryCatalog().create("source")
        await fill(source, seed)
        async with faulty(seed, 0.33) as (inside, outside, transport):
            report = await replicate(source, outside, OPTIONS, backoff=Backoff(sleep=at_once))
            assert report.refusals == []
            assert report.retries > 0
            assert sum(transport.faults.values()) > 10
            assert await contents(inside) == await contents(source)
            assert await agree(inside, source)

    async def test_pulling(self, seed: int, contents: Contents) -> None:
        """The same from the other side; a broken attachment goes on where it broke."""
        target = await MemoryCatalog().create("target")
        async with faulty(seed, 0.33) as (inside, outside, _):
            await fill(inside, seed)
            report = await replicate(outside, target, OPTIONS, backoff=Backoff(sleep=at_once))
            assert report.refusals == []
            assert await contents(inside) == await contents(target)


class Choking(MemoryDatabase):
    """Fails with an error of its own on every batch that holds a certain document."""

    async def write(self, documents: "list[Document]", *, new_edits: bool = True) -> list[Outcome]:  # type: ignore[override]
        if any(document.id == "poison" for document in documents):
            raise Unavailable("function_clause", error="unknown_error")
        return await super().write(documents, new_edits=new_edits)


class TestGivingUp:
    async def test_one_document_that_breaks_the_peer_keeps_no_other_back(self) -> None:
        """A peer that answers 500 for one document gets all the others, and that one is named."""
        source, target = await MemoryCatalog().create("source"), Choking("target")
        await source.write([Document(id=doc_id) for doc_id in ("a", "poison", "z")])
        report = await replicate(source, target, backoff=Backoff(sleep=at_once))
        assert [(refusal.id, refusal.error) for refusal in report.refusals] == [("poison", "unknown_error")]
        assert {row.id for row in (await target.changes()).rows} == {"a", "z"}

    async def test_a_peer_that_is_gone(self) -> None:
        """After all attempts the error says who did not answer; nothing is called a refusal or noted as done."""
        source = await MemoryCatalog().create("source")
        await source.write([Document(id="a")])
        async with faulty(1, 0) as (_, outside, transport):
            transport._share = 1.1
            with pytest.raises(Unavailable):
                await replicate(source, outside, Options(attempts=3), backoff=Backoff(sleep=at_once))
        assert all("-1-" not in local.id for local in await source.local_docs(["_local/otkrytka-replica"]))

    async def test_no_database(self) -> None:
        """A side that does not exist is told at once."""
        source = await MemoryCatalog().create("source")
        async with faulty(1, 0) as (_, outside, transport):
            missing = HttpCatalog("http://server", transport=transport)
            await missing.delete("db")
            with pytest.raises(NotFound, match="does not exist"):
                await replicate(source, outside)

    async def test_an_identity_that_is_no_longer_good(self) -> None:
        """It ends the replication; trying again would change nothing."""
        source = await MemoryCatalog().create("source")
        refused = httpx2.MockTransport(
            lambda request: httpx2.Response(401, json={"error": "unauthorized", "reason": "Revoked."})
        )
        catalog = HttpCatalog("http://server", transport=refused)
        with pytest.raises(Unauthorized, match="Revoked"):
            await catalog.open("db")
        assert await source.local_docs([]) == []
        await catalog.close()

    @pytest.mark.parametrize(
        "said", [b"<html>Please sign in</html>", b'{"_id":"a","_odd":1}', b'{"_id":"a","_rev":"1-a","word":"\xff"}']
    )
    async def test_an_answer_that_is_no_document(self, said: bytes) -> None:
        """The fault is the peer's, or of what stands before it, and may pass: nobody has asked wrongly."""
        transport = httpx2.MockTransport(lambda request: httpx2.Response(200, content=said))
        database = HttpDatabase("http://server/db", transport=transport)
        with pytest.raises(Unavailable, match="can't be understood"):
            await database.get("a")
        await database.close()

    @pytest.mark.parametrize("status", [200, 502])
    async def test_an_answer_that_is_no_text(self, status: int) -> None:
        """A page of a proxy in another encoding is an answer that did not come, and no fault of ours."""
        said = b'{"error": "Stra\xdfe gesperrt"}'
        transport = httpx2.MockTransport(lambda request: httpx2.Response(status, content=said))
        database = HttpDatabase("http://server/db", transport=transport)
        with pytest.raises(Unavailable):
            await database.get_local("_local/a")
        await database.close()

    async def test_stalled(self) -> None:
        """A peer that takes a request and never answers is left after `no_progress_timeout`."""

        class Silent(MemoryDatabase):
            async def write(self, documents: object, *, new_edits: bool = True) -> list[Outcome]:
                await asyncio.Event().wait()
                raise AssertionError

        source = await MemoryCatalog().create("source")
        await source.write([Document(id="a")])
        with pytest.raises(Stalled):
            await replicate(source, Silent("target"), Options(no_progress_timeout=0.05))
