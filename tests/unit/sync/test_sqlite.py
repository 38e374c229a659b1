"""What only the SQLite store promises: groups, threads, full disks, attachments by pieces."""

import asyncio
import resource
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from sync.databases.contract import START, Range
from sync.databases.sqlite import SqliteCatalog, SqliteDatabase, files
from sync.databases.sqlite.writer import Transaction
from sync.documents import Attachment, Document
from sync.errors import Conflict, NotFound, OutOfSpace, Unavailable

pytestmark = pytest.mark.anyio


# -- groups


async def test_a_group_shares_one_commit_and_no_failure(database: SqliteDatabase) -> None:
    """Whatever waits is written together; one job's fault is its own, and what it did is undone."""

    def held_up(transaction: Transaction) -> None:
        started.set()
        go_on.wait(10)

    def faulty(transaction: Transaction) -> None:
        transaction.connection.execute("DELETE FROM documents")
        transaction.state.live = 77
        raise ZeroDivisionError

    started, go_on = threading.Event(), threading.Event()
    first = asyncio.create_task(database._writer.run(held_up))
    await asyncio.to_thread(started.wait, 10)
    rest = [asyncio.create_task(database.write([Document(id=f"d{n}")])) for n in range(30)]
    rest.insert(15, asyncio.create_task(database._writer.run(faulty)))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    commits: list[int] = []
    committed = database._writer._committed

    def counted() -> None:
        commits.append(1)
        committed()

    database._writer._committed = counted
    go_on.set()
    results = await asyncio.gather(first, *rest, return_exceptions=True)
    assert [type(each) for each in results if isinstance(each, BaseException)] == [ZeroDivisionError]
    assert len(commits) == 1
    info = await database.info()
    assert (info.doc_count, info.update_seq.partition("-")[0]) == (30, "30")


async def test_what_is_only_read_has_no_connection_for_writing(tmp_path: Path) -> None:
    """It opens with the first write; and never to another file that has taken the name since."""
    files.create(tmp_path, "one")
    with ThreadPoolExecutor(1) as pool:
        database = SqliteDatabase(tmp_path / files.file_name("one"), "one", pool)
        assert (await database.info()).doc_count == 0
        assert database._writer._connection is None
        files.remove(tmp_path, "one")
        files.create(tmp_path, "one")
        with pytest.raises(NotFound):
            await database.write([Document(id="a")])
        await database.close()
        another = SqliteDatabase(tmp_path / files.file_name("one"), "one", pool)
        assert (await another.info()).doc_count == 0
        [outcome] = await another.write([Document(id="a")])
        assert outcome.error is None
        await another.close()


async def test_a_cancelled_writer_leaves_the_others_alone(database: SqliteDatabase) -> None:
    """Who gives up waiting may find it written or not; the next one is answered all the same."""
    cancelled = asyncio.create_task(database.write([Document(id="a")]))
    await asyncio.sleep(0)
    cancelled.cancel()
    (outcome,) = await database.write([Document(id="b")])
    assert outcome.error is None


async def test_concurrent_edits_of_one_document_have_one_winner(database: SqliteDatabase) -> None:
    """Of many edits of one revision exactly one is stored."""
    (first,) = await database.write([Document(id="a")])
    edits = [database.write([Document(id="a", rev=first.rev, body=b'{"n":%d}' % n)]) for n in range(20)]
    outcomes = [outcome for (outcome,) in await asyncio.gather(*edits)]
    assert sum(outcome.error is None for outcome in outcomes) == 1
    assert all(isinstance(outcome.error, Conflict) for outcome in outcomes if outcome.error)


async def test_waiting_takes_no_threads(catalog: SqliteCatalog, database: SqliteDatabase) -> None:
    """Hundreds of feeds wait; besides the writer and the pool of readers, which has its bound, there is no thread more."""
    await database.write([Document(id="warm")])
    since = (await database.changes()).last_seq
    before = {thread for thread in threading.enumerate() if not thread.name.startswith("reader")}
    waiting = [asyncio.create_task(database.wait(since)) for _ in range(500)]
    await database.info()
    now = set(threading.enumerate())
    assert {thread for thread in now if not thread.name.startswith("reader")} == before
    assert len(now - before) < 20
    assert not any(task.done() for task in waiting)
    await database.write([Document(id="a")])
    await asyncio.wait_for(asyncio.gather(*waiting), 10)


async def test_readers_do_not_wait_for_a_writer(database: SqliteDatabase) -> None:
    """While a transaction is open everything can be read, as it was before."""
    await database.write([Document(id="a")])
    started, go_on = threading.Event(), threading.Event()

    def slow(transaction: Transaction) -> None:
        transaction.connection.execute("DELETE FROM documents")
        started.set()
        go_on.wait(10)

    writing = asyncio.create_task(database._writer.run(slow))
    await asyncio.to_thread(started.wait, 10)
    assert (await database.get("a")).id == "a"
    assert len((await database.all_docs(Range(), include_docs=True)).rows) == 1
    assert not writing.done()
    go_on.set()
    await writing


async def test_closed_is_closed(catalog: SqliteCatalog, database: SqliteDatabase) -> None:
    """Calls after the end are refused; those who wait are told; what was asked for before is written."""
    writing = [asyncio.create_task(database.write([Document(id=f"d{n}")])) for n in range(20)]
    await asyncio.sleep(0)
    await database.close()
    assert all(outcome.error is None for (outcome,) in await asyncio.gather(*writing))
    for call in (database.info(), database.write([Document(id="late")]), database.wait(START)):
        with pytest.raises(Unavailable):
            await call


async def test_closing_ends_waiting(database: SqliteDatabase) -> None:
    """Who waits for a change is told that none will come."""
    waiting = asyncio.create_task(database.wait((await database.changes()).last_seq))
    await database.info()
    await database.close()
    with pytest.raises(Unavailable):
        await asyncio.wait_for(waiting, 10)


# -- a full disk


@contextmanager
def smallest(database: SqliteDatabase) -> Iterator[None]:
    """No page may be added to the file."""
    connection = database._writer._connection
    assert connection is not None
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    yield
    connection.execute("PRAGMA max_page_count = 1000000")


async def test_a_full_disk_stores_nothing_and_goes_on_reading(database: SqliteDatabase) -> None:
    """The batch is refused as a whole, also its first documents; a small write beside it still finds room."""
    await database.write([Document(id="before", body=b'{"n":1}')])
    large = [Document(id=f"d{n}", body=b'{"text":"%s"}' % (b"x" * 3000)) for n in range(50)]
    with smallest(database):
        with pytest.raises(OutOfSpace):
            await database.write(large)
        refused, small = await asyncio.gather(
            database.write(large), database.write([Document(id="small")]), return_exceptions=True
        )
        assert isinstance(refused, OutOfSpace)
        assert not isinstance(small, BaseException)
        assert (await database.get("before")).body == b'{"n":1}'
        assert [row.id for row in (await database.changes()).rows] == ["before", "small"]
        assert (await database.info()).doc_count == 2
    await database.write(large)
    assert (await database.info()).doc_count == 52


FILLING = """
import asyncio, resource, sys
from sync.databases.sqlite import SqliteCatalog
from sync.documents import Document
from sync.errors import OutOfSpace

async def main():
    catalog = SqliteCatalog(sys.argv[1])
    database = await catalog.create("full")
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
    stored = 0
    try:
        while True:
            await database.write([Document(id=f"{stored}-{n}", body=b'{"t":"%s"}' % (b"x" * 500)) for n in range(20)])
            stored += 1
    except OutOfSpace:
        rows = (await database.changes()).rows
        print(stored * 20, len(rows))

asyncio.run(main())
"""


async def test_the_system_refusing_to_write_is_a_full_disk(tmp_path: Path) -> None:
    """A file that may not grow: what was acknowledged is there, nothing of the last batch is, and reading goes on."""
    assert resource.RLIM_INFINITY in resource.getrlimit(resource.RLIMIT_FSIZE)
    ended = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", FILLING, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    acknowledged, there = map(int, ended.stdout.split())
    assert acknowledged == there > 0, ended.stderr
    catalog = SqliteCatalog(tmp_path)
    database = await catalog.open("full")
    assert (await database.info()).doc_count == acknowledged
    await database.write([Document(id="more")])
    await catalog.close()


# -- attachments


async def test_large_attachments_keep_memory_flat(database: SqliteDatabase) -> None:
    """In and out by pieces: 96 MB pass through, and only the writer's page cache and a few pieces are held."""
    size, piece = 96 << 20, bytes(range(256)) * 256

    async def stream() -> AsyncIterator[bytes]:
        for _ in range(size // len(piece)):
            yield piece

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    upload = await database.upload(stream())
    entry = Attachment(content_type="a/b", digest=upload.digest)
    await database.write([Document(id="big", attachments={"x": entry})])
    document, _ = await database.attachment("big", "x")
    read = 0
    async for part in database.download(document, "x"):
        read += len(part)
    assert read == size
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 << 10  # KiB


async def test_an_abandoned_upload_leaves_no_bytes(database: SqliteDatabase) -> None:
    """A client that goes away takes its pieces with it."""

    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 3_000_000
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await database.upload(broken())
    assert await database._readers.run(lambda c: c.execute("SELECT count(*) FROM chunks").fetchone()) == (0,)


async def test_compaction_spares_uploads_under_way(database: SqliteDatabase) -> None:
    """Bytes that were just staged are kept for the document that is about to name them."""

    async def bytes_() -> AsyncIterator[bytes]:
        yield b"x" * 300_000

    upload = await database.upload(bytes_())
    await database.compact()
    entry = Attachment(content_type="a/b", digest=upload.digest)
    (outcome,) = await database.write([Document(id="a", attachments={"x": entry})])
    assert outcome.error is None
