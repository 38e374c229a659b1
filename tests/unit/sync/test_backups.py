"""Copies taken under way, and what comes of them."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from sync.backups import backup, restore
from sync.checks import check
from sync.databases.sqlite import SqliteCatalog
from sync.documents import Attachment, Document
from sync.errors import AlreadyExists, Corrupt, NotFound

pytestmark = pytest.mark.anyio


async def test_a_copy_is_one_moment_while_writes_go_on(catalog: SqliteCatalog, tmp_path: Path) -> None:
    """Batches are in it whole or not at all, and it is sound."""
    database = await catalog.create("live")
    done = asyncio.Event()

    async def write() -> None:
        number = 0
        while not done.is_set():
            await database.write([Document(id=f"{number}-{n}", body=b'{"n":1}') for n in range(10)])
            number += 1

    writing = asyncio.create_task(write())
    for number in range(5):
        copy = tmp_path / f"copy{number}"
        await asyncio.to_thread(backup, catalog.folder / "live.sqlite", copy)
        assert check(copy) == []
        await asyncio.to_thread(restore, copy, catalog.folder, f"back{number}")
        restored = await catalog.open(f"back{number}")
        assert (await restored.info()).doc_count % 10 == 0
    done.set()
    await writing
    assert (await (await catalog.open("back4")).info()).doc_count > 0
    assert list(tmp_path.glob(".*")) == []  # noqa: ASYNC240


async def test_what_is_restored_is_another_store(catalog: SqliteCatalog, tmp_path: Path) -> None:
    """Same documents, new epoch, no checkpoints: whoever knew the lost days is offered everything again."""
    database = await catalog.create("a")
    await database.write([Document(id="one", attachments={"n": Attachment(content_type="a/b", data=b"bytes")})])
    await database.put_local("_local/checkpoint", b'{"seq":1}')
    before = await database.info()
    backup(catalog.folder / "a.sqlite", tmp_path / "copy")
    await database.write([Document(id="lost")])
    lost = (await database.info()).update_seq
    with pytest.raises(AlreadyExists):
        restore(tmp_path / "copy", catalog.folder, "a")
    await catalog.delete("a")
    restore(tmp_path / "copy", catalog.folder, "a")
    restored = await catalog.open("a")
    after = await restored.info()
    assert after.epoch != before.epoch
    assert after.instance_start_time != before.instance_start_time
    assert [row.id for row in (await restored.changes(lost)).rows] == ["one"]
    with pytest.raises(NotFound):
        await restored.get_local("_local/checkpoint")
    document, _ = await restored.attachment("one", "n")
    assert b"".join([piece async for piece in restored.download(document, "n")]) == b"bytes"


async def test_only_sound_copies_come_back(catalog: SqliteCatalog, tmp_path: Path) -> None:
    """A file that is no database, and one of another kind, are refused, and leave nothing behind."""
    (tmp_path / "text").write_text("not a database at all, whatever its name says")
    sqlite3.connect(tmp_path / "foreign").execute("CREATE TABLE a (b)").connection.close()
    for name in ("text", "foreign"):
        with pytest.raises(Corrupt):
            restore(tmp_path / name, catalog.folder, "a")
    assert await catalog.names() == []
    assert list(catalog.folder.glob(".new*")) == []
