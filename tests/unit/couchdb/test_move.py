"""Carrying databases from store to store: all of it, provably, and again after it was broken off."""

import secrets
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from server.jobs.move import Carried, Exit, move, verdict
from server.jobs.watch import Watch
from sync.databases.contract import Catalog, Database, Outcome
from sync.databases.http import HttpCatalog
from sync.databases.memory import MemoryCatalog
from sync.databases.sqlite import SqliteCatalog
from sync.documents import Attachment, Document
from sync.errors import Corrupt

pytestmark = pytest.mark.anyio


class Quiet:
    """A display that remembers what was said."""

    def __init__(self) -> None:
        self.said: list[dict[str, object]] = []

    def show(self, database: str, step: str, done: int, total: int | None) -> None:
        """Shows nothing."""

    def say(self, **fields: object) -> None:
        self.said.append(fields)

    def close(self) -> None:
        """Nothing to close."""


async def carry(source: Catalog, target: Catalog) -> list[Carried]:
    return await move(source, target, Watch(Quiet(), 60))


async def fill(database: Database, count: int = 30) -> None:
    """Documents, a conflict, a deletion and an attachment."""
    await database.write([Document(id=f"d{number:03}", body=b'{"n":%d}' % number) for number in range(count)])
    for rev in ("2-aa", "2-bb"):
        await database.write([Document(id="torn", rev=rev, ancestry=(rev[2:], "cc"))], new_edits=False)
    [kept] = await database.write([Document(id="gone")])
    await database.write([Document(id="gone", rev=kept.rev, deleted=True)])
    picture = {"p.png": Attachment(content_type="image/png", data=b"\x89" * 3000)}
    await database.write([Document(id="picture", attachments=picture)])


async def test_everything_is_carried_and_proven() -> None:
    """Every database, with conflicts, deletions and attachments; the second time there is nothing to carry."""
    source, target = MemoryCatalog(), MemoryCatalog()
    for name in ("register", "chapter-tver"):
        await fill(await source.create(name))
    await (await source.open("register")).set_revs_limit(50)
    rows = await carry(source, target)
    assert [(row.database, row.equal, row.documents) for row in rows] == [
        ("chapter-tver", True, 34),
        ("register", True, 34),
    ]
    there = await target.open("register")
    document, _ = await there.attachment("picture", "p.png")
    assert b"".join([chunk async for chunk in there.download(document, "p.png")]) == b"\x89" * 3000
    assert await there.revs_limit() == 50
    assert verdict(rows) is Exit.WELL
    again = await carry(source, target)
    assert [(row.read, row.equal) for row in again] == [(0, True), (0, True)]


async def test_what_the_target_held_before_is_named() -> None:
    """A target that is not empty keeps what it has, and the difference is told and not hidden."""
    source, target = MemoryCatalog(), MemoryCatalog()
    await fill(await source.create("letters"))
    await (await target.create("letters")).write([Document(id="older")])
    [row] = await carry(source, target)
    assert (row.equal, row.differences, row.differing) == (False, 1, ["older"])
    assert verdict([row]) is Exit.DIFFERENT
    assert (await (await target.open("letters")).info()).doc_count == 33


class Breaking(MemoryCatalog):
    """A store whose disk fails after so many documents of one database."""

    def __init__(self, name: str, after: int) -> None:
        super().__init__()
        self._name = name
        self.left = after

    async def create(self, name: str) -> Database:
        database = await super().create(name)
        if name == self._name:
            write = database.write

            async def breaking(documents: Sequence[Document], *, new_edits: bool = True) -> list[Outcome]:
                if self.left < len(documents):
                    raise Corrupt("a page")
                self.left -= len(documents)
                return await write(documents, new_edits=new_edits)

            database.write = breaking  # type: ignore[method-assign]
        return database


async def test_a_database_that_fails_does_not_hold_up_the_others() -> None:
    """It is named with its problem; run again when the store is mended, only it has work to do."""
    source, target = MemoryCatalog(), Breaking("chapter-tver", 0)
    for name in ("chapter-tver", "register"):
        await fill(await source.create(name))
    tver, register = await carry(source, target)
    assert (tver.equal, register.equal) == (False, True)
    assert tver.problem.startswith("file_corruption")
    assert verdict([tver, register]) is Exit.FAILED
    target.left = 1000
    tver, register = await carry(source, target)
    assert (tver.equal, register.equal, register.read) == (True, True, 0)


class Ours(HttpCatalog):
    """The databases of a run on a CouchDB that others may use too."""

    def __init__(self, url: str, prefix: str) -> None:
        super().__init__(url)
        self._prefix = prefix

    async def names(self) -> list[str]:
        return [name for name in await super().names() if name.startswith(self._prefix)]


@pytest.fixture
async def couchdb(anyio_backend: str, couchdb_url: str) -> AsyncIterator[Ours]:
    catalog = Ours(couchdb_url, f"otkrytka-test-{secrets.token_hex(6)}-")
    yield catalog
    for name in await catalog.names():
        await catalog.delete(name)
    await catalog.close()


@pytest.mark.couchdb
async def test_to_couchdb_and_back(couchdb: Ours, tmp_path: Path) -> None:
    """SQLite to a real CouchDB to another SQLite: the same digest three times."""
    before, after = SqliteCatalog(tmp_path / "before"), SqliteCatalog(tmp_path / "after")
    try:
        for name in ("a", "b"):
            await fill(await before.create(couchdb._prefix + name), 1200)
        there = await carry(before, couchdb)
        back = await carry(couchdb, after)
        assert [(row.equal, row.documents) for row in there + back] == [(True, 1204)] * 4
        assert [row.digest for row in there] == [row.digest for row in back]
    finally:
        await before.close()
        await after.close()
