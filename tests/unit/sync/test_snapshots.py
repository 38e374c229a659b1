"""One stream that carries a database, and tells when it was cut."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sync.databases.contract import Catalog, Database
from sync.databases.memory import MemoryCatalog
from sync.databases.sqlite import SqliteCatalog
from sync.documents import Attachment, Document
from sync.errors import BadRequest, PreconditionFailed
from sync.snapshots import load, snapshot

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["memory", "sqlite"])
async def catalog(anyio_backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Catalog]:
    opened = MemoryCatalog() if request.param == "memory" else SqliteCatalog(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
async def full(catalog: Catalog) -> Database:
    """1200 documents, a conflict and a deletion among them."""
    database = await catalog.create("full")
    await database.write([Document(id=f"d{n}", body=b'{"n":%d}' % n) for n in range(1200)])
    for ident in ("b", "c"):
        await database.write([Document(id="d7", rev=f"2-{ident}", ancestry=(ident, "a"))], new_edits=False)
    await database.write([Document(id="d8", rev="2-x", ancestry=("x", "y"), deleted=True)], new_edits=False)
    return database


async def again(chunks: list[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def test_what_was_written_is_what_is_loaded(catalog: Catalog, full: Database) -> None:
    """Every leaf with its ancestry, wherever the stream is cut into pieces; and the feed goes on from its sequence."""
    stream = b"".join([piece async for piece in snapshot(full)])
    empty = await catalog.create("empty")
    loaded = await load(again([stream[at : at + 777] for at in range(0, len(stream), 777)]), empty)
    assert await empty.digest() == await full.digest()
    assert (loaded.seq, loaded.refused) == ((await full.info()).update_seq, {})
    assert (await empty.get("d7", "2-b")).ancestry == ("b", "a")
    header, *_, trailer = stream.splitlines()
    assert json.loads(header)["count"] == 1200
    assert json.loads(trailer) == {"end": True, "lines": loaded.lines}
    assert (await full.changes(loaded.seq)).rows == []


async def test_a_cut_stream_is_noticed(catalog: Catalog, full: Database) -> None:
    """At whatever byte; what came is kept, and a second attempt completes it."""
    stream = b"".join([piece async for piece in snapshot(full)])
    other = await catalog.create("other")
    for cut in (0, 10, len(stream) // 2, len(stream) - 30, len(stream) - 1):
        with pytest.raises(BadRequest):
            await load(again([stream[:cut]]), other)
    assert (await other.info()).doc_count > 500
    await load(again([stream]), other)
    assert await other.digest() == await full.digest()


async def test_documents_with_attachments_are_named_for_replication(catalog: Catalog) -> None:
    """Their bytes are not in the stream, so they are refused, by id."""
    source, target = await catalog.create("source"), await catalog.create("target")
    note = Attachment(content_type="a/b", data=b"bytes")
    await source.write([Document(id="a"), Document(id="b", attachments={"n": note})])
    loaded = await load(snapshot(source), target)
    assert list(loaded.refused) == ["b"]
    assert isinstance(loaded.refused["b"], PreconditionFailed)
    assert (await target.info()).doc_count == 1


async def test_a_snapshot_is_one_moment(tmp_path: Path, anyio_backend: str) -> None:
    """On SQLite nothing that is written while it is read gets into it, and readers that give up leave nothing behind."""
    catalog = SqliteCatalog(tmp_path)
    database = await catalog.create("a")
    await database.write([Document(id=f"d{n}") for n in range(1200)])
    before = await database.digest()
    stream = snapshot(database)
    pieces = [await anext(stream), await anext(stream)]
    await database.write(
        [Document(id="new", rev="1-n"), Document(id="d1199", rev="2-x", ancestry=("x", "y"))], new_edits=False
    )
    pieces += [piece async for piece in stream]
    copy = await catalog.create("copy")
    loaded = await load(again(pieces), copy)
    assert await copy.digest() == before
    assert {row.id for row in (await database.changes(loaded.seq)).rows} == {"new", "d1199"}
    for _ in range(20):
        await (await database.snapshot()).pages.aclose()
    await catalog.close()
