"""A side that was restored from a backup: the others give it again what the backup lacked (the store's epoch)."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from sync import backups
from sync.databases.contract import Database
from sync.databases.memory import MemoryCatalog
from sync.databases.sqlite import SqliteCatalog
from sync.documents import Document
from sync.replication import Options, agree, replicate, synchronize

pytestmark = pytest.mark.anyio


async def write(database: Database, *ids: str) -> None:
    await database.write([Document(id=doc_id) for doc_id in ids])


async def rolled_back(folder: Path, work: Callable[[Database], Awaitable[object]]) -> tuple[SqliteCatalog, Database]:
    """The database `db`, backed up, then worked on, then restored to the backup."""
    catalog = SqliteCatalog(folder)
    backups.backup(folder / "db.sqlite", folder / "copy.bak")
    await work(await catalog.open("db"))
    await catalog.delete("db")
    await catalog.close()
    backups.restore(folder / "copy.bak", folder, "db")
    catalog = SqliteCatalog(folder)
    return catalog, await catalog.open("db")


@pytest.fixture
async def started(anyio_backend: str, tmp_path: Path) -> Database:
    """A phone that has synchronised with the server before the backup was taken."""
    catalog = SqliteCatalog(tmp_path)
    server, phone = await catalog.create("db"), await MemoryCatalog().create("phone")
    await write(phone, "yesterday")
    await write(server, "event")
    await synchronize(phone, server)
    await catalog.close()
    return phone


async def test_a_restored_target_gets_today_again(started: Database, tmp_path: Path) -> None:
    """What was delivered after the backup is delivered once more, though the phone's checkpoint says it was."""

    async def today(server: Database) -> None:
        await write(started, "today")
        await replicate(started, server)
        assert (await server.get("today")).id == "today"

    catalog, server = await rolled_back(tmp_path, today)
    report = await replicate(started, server)
    assert (report.start_last_seq, report.docs_written) == ("0", 1)
    assert (await server.get("today")).id == "today"
    assert (await replicate(started, server)).missing_checked == 0
    await catalog.close()


async def test_a_restored_source_is_read_from_the_start(started: Database, tmp_path: Path) -> None:
    """Its sequences count anew, so what it gets after the restore is not mistaken for what is known."""

    async def today(server: Database) -> None:
        await write(server, *[f"lost{number}" for number in range(10)])
        await replicate(server, started)

    catalog, server = await rolled_back(tmp_path, today)
    await write(server, "new")
    await synchronize(started, server, Options(batch_documents=3))
    assert (await started.get("new")).id == "new"
    assert (await server.get("lost9")).id == "lost9"
    assert await agree(started, server)
    await catalog.close()
