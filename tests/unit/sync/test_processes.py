"""Several processes on one folder of SQLite databases."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.databases.contract import START
from sync.databases.sqlite import SqliteCatalog, SqliteDatabase
from sync.documents import Document
from sync.errors import NotFound

pytestmark = pytest.mark.anyio

WRITING = """
import asyncio, sys
from sync.databases.sqlite import SqliteCatalog
from sync.documents import Document

async def main():
    catalog = SqliteCatalog(sys.argv[1])
    for line in sys.stdin:
        word, name, doc_id = line.split()
        if word == "write":
            database = await catalog.open(name)
            (outcome,) = await database.write([Document(id=doc_id)])
            print(outcome.rev, flush=True)
        elif word == "wait":
            database = await catalog.open(name)
            since = (await database.changes()).last_seq
            print("waiting", flush=True)
            await database.wait(since)
            print([row.id for row in (await database.changes()).rows][-1], flush=True)
        elif word == "delete":
            await catalog.delete(name)
            await catalog.create(name)
            print("made anew", flush=True)
    await catalog.close()

asyncio.run(main())
"""


class Other:
    """Another process on the same folder, told what to do line by line."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", WRITING, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def tell(self, order: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()

    def hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    async def do(self, order: str) -> str:
        await asyncio.to_thread(self.tell, order)
        return await asyncio.to_thread(self.hear)

    def close(self) -> None:
        self._process.stdin.close()  # type: ignore[union-attr]
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()  # type: ignore[union-attr]


@pytest.fixture
def other(catalog: SqliteCatalog) -> Iterator[Other]:
    process = Other(catalog.folder)
    yield process
    process.close()


async def test_a_commit_wakes_feeds_of_other_processes(
    catalog: SqliteCatalog, database: SqliteDatabase, other: Other
) -> None:
    """In both directions, feeds of a database and of the catalog, without polling."""
    mark, _ = await catalog.wait(START)
    waiting = asyncio.create_task(database.wait((await database.changes()).last_seq))
    watching = asyncio.create_task(catalog.wait(mark))
    await other.do("write a theirs")
    await asyncio.wait_for(waiting, 10)
    assert (await asyncio.wait_for(watching, 10))[1] == {"a"}
    assert [row.id for row in (await database.changes()).rows] == ["theirs"]
    assert await other.do("wait a -") == "waiting"
    await database.write([Document(id="ours")])
    assert await asyncio.wait_for(asyncio.to_thread(other.hear), 10) == "ours"


async def test_two_processes_never_share_a_sequence(database: SqliteDatabase, other: Other) -> None:
    """Writers of two processes take turns; each document has its own place in the feed."""

    async def theirs() -> None:
        for number in range(40):
            await other.do(f"write a theirs{number}")

    async def ours() -> None:
        for number in range(40):
            await database.write([Document(id=f"ours{number}")])

    await asyncio.gather(theirs(), ours())
    rows = (await database.changes()).rows
    assert sorted(int(row.seq.partition("-")[0]) for row in rows) == list(range(1, 81))
    assert (await database.info()).doc_count == 80


async def test_a_database_deleted_elsewhere_is_gone_here(
    catalog: SqliteCatalog, database: SqliteDatabase, other: Other
) -> None:
    """Nothing is acknowledged into a file that has no name any more; the new one of that name is opened."""
    await database.write([Document(id="old")])
    waiting = asyncio.create_task(database.wait((await database.changes()).last_seq))
    assert await other.do("delete a -") == "made anew"
    with pytest.raises(NotFound):
        await database.write([Document(id="lost")])
    with pytest.raises(NotFound):
        await asyncio.wait_for(waiting, 10)
    again = await catalog.open("a")
    assert (await again.info()).doc_count == 0
    await again.write([Document(id="new")])


async def test_a_lost_ring_is_made_good(catalog: SqliteCatalog, database: SqliteDatabase, other: Other) -> None:
    """More rings than the bell can hold: whoever waits still looks after the last one."""
    held, go_on = threading.Event(), threading.Event()
    heard = catalog._bell._heard

    def deaf(name: str | None) -> None:
        held.set()
        go_on.wait(20)
        heard(name)

    catalog._bell._heard = deaf
    for number in range(600):
        other.tell(f"write a d{number}")
    await asyncio.to_thread(held.wait, 20)
    await asyncio.to_thread(lambda: [other.hear() for _ in range(600)])
    go_on.set()
    since = START
    while len((await database.changes()).rows) < 600:
        await asyncio.wait_for(database.wait(since), 10)
        since = (await database.changes()).last_seq
    assert list(catalog.folder.glob(".bells/*")) != []


async def test_deep_folders_have_bells_too(tmp_path: Path) -> None:
    """The address of a unix socket is short; folders are not."""
    folder = tmp_path / ("deep" * 40) / ("deeper" * 20)
    catalog = SqliteCatalog(folder)
    database = await catalog.create("a")
    other = Other(folder)
    waiting = asyncio.create_task(database.wait(START))
    await other.do("write a theirs")
    await asyncio.wait_for(waiting, 10)
    await asyncio.to_thread(other.close)
    await catalog.close()
    assert list((folder / ".bells").iterdir()) == []
