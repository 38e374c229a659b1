"""Continuous replication: what is written on one side shows up on the other, without asking again and again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from sync.databases.contract import Database
from sync.documents import Attachment, Document
from sync.replication import Options, Report, replicate, synchronize

pytestmark = pytest.mark.anyio

Pair = tuple[Database, Database]
Contents = Callable[[Database], Awaitable[object]]
PATIENCE = 20  # seconds after which a test is lost; nothing waits for them to pass


@asynccontextmanager
async def running(work: Awaitable[object]) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work)
    try:
        async with asyncio.timeout(PATIENCE):
            yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled(), task


async def until_present(database: Database, doc_id: str, body: bytes) -> None:
    """Follows the feed until the document has this body."""
    since = "0"
    while True:
        page = await database.changes(since, include_docs=True)
        if any(row.id == doc_id and row.document and row.document.body == body for row in page.rows):
            return
        since = page.last_seq
        await database.wait(since)


async def test_live_edits_arrive(pair: Pair, contents: Contents) -> None:
    """Edits made before, while and long after it caught up arrive in their last state, with their attachments."""
    source, target = pair
    await source.write([Document(id=f"early{number}") for number in range(20)])
    async with running(replicate(source, target, Options(continuous=True, batch_documents=5))):
        rev = ""
        for number in range(10):
            entries = {"a": Attachment(content_type="image/png", data=b"%d" % number)}
            document = Document(id="live", rev=rev, body=b'{"n":%d}' % number, attachments=entries)
            (outcome,) = await source.write([document])
            rev = outcome.rev
        await until_present(target, "live", b'{"n":9}')
        await source.write([Document(id="late", body=b'{"late":true}')])
        await until_present(target, "late", b'{"late":true}')
        (outcome,) = await source.write([Document(id="live", rev=rev, deleted=True)])
        await source.write([Document(id="last", body=b'{"last":true}')])
        await until_present(target, "last", b'{"last":true}')
    assert await contents(source) == await contents(target)


async def test_both_ways_settle(pair: Pair, contents: Contents) -> None:
    """Two databases kept equal both ways come to rest: what one brought does not go round for ever."""
    one, other = pair
    async with running(synchronize(one, other, Options(continuous=True))):
        await one.write([Document(id="from-one", body=b'{"one":1}')])
        await other.write([Document(id="from-other", body=b'{"other":1}')])
        await until_present(other, "from-one", b'{"one":1}')
        await until_present(one, "from-other", b'{"other":1}')
    assert await contents(one) == await contents(other)


async def test_it_sleeps_while_nothing_happens(pair: Pair) -> None:
    """Having caught up it waits for the feed; it says so once, and a change wakes it."""
    source, target = pair
    told: asyncio.Queue[bool] = asyncio.Queue()

    async def on_progress(report: Report) -> None:
        told.put_nowait(report.waiting)

    async with running(replicate(source, target, Options(continuous=True), on_progress=on_progress)):
        while not await told.get():
            pass
        await source.write([Document(id="a", body=b'{"a":1}')])
        while not await told.get():
            pass
        assert (await target.get("a")).body == b'{"a":1}'
