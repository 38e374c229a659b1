"""Damage is found, and the document it concerns is named."""

import random
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from sync.checks import check
from sync.databases.contract import Range
from sync.databases.sqlite import SqliteCatalog
from sync.documents import Attachment, Document
from sync.errors import Corrupt

pytestmark = pytest.mark.anyio


@pytest.fixture
async def path(anyio_backend: str, tmp_path: Path) -> Path:
    """A database of 400 documents with a conflict, an attachment, and a digest that was asked for."""
    catalog = SqliteCatalog(tmp_path)
    database = await catalog.create("a")
    await database.write([Document(id=f"doc{n:03}", body=b'{"text":"%s"}' % (b"%03d" % n * 80)) for n in range(400)])
    for ident in ("x", "y"):
        await database.write(
            [Document(id="doc007", rev=f"2-{ident}", ancestry=(ident, "r"), body=b'{"leaf":1}')], new_edits=False
        )
    note = Attachment(content_type="a/b", data=random.Random(3).randbytes(600_000))
    await database.write([Document(id="picture", attachments={"n": note})])
    await database.digest()
    await catalog.close()
    return tmp_path / "a.sqlite"


def change(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(statement)
    connection.close()


async def test_a_sound_file_has_no_findings(path: Path) -> None:
    """Also while it is open."""
    assert check(path) == []
    catalog = SqliteCatalog(path.parent)
    database = await catalog.open("a")
    await database.write([Document(id="more")])
    assert check(path) == []
    await catalog.close()


@pytest.mark.parametrize(
    ("statement", "document", "words"),
    [
        (
            "UPDATE documents SET body = CAST(replace(body, '123', '124') AS BLOB) WHERE id = 'doc123'",
            "doc123",
            "damaged",
        ),
        ("UPDATE revisions SET body = '{}' WHERE id = 'doc007' AND rev = '2-x'", "doc007", "damaged"),
        ("UPDATE documents SET rev = '2-x' WHERE id = 'doc007'", "doc007", "winner"),
        ("UPDATE documents SET tree = x'00' WHERE id = 'doc007'", "doc007", "tree"),
        ("DELETE FROM revisions WHERE id = 'doc007'", "doc007", "leaf"),
        ("UPDATE chunks SET content = zeroblob(length(content))", "picture", "damaged"),
        ("DELETE FROM blobs", "picture", "not here"),
        ("UPDATE state SET live = live + 1", "", "kept as"),
        ("UPDATE state SET seq = 3", "", "given out"),
        ("DELETE FROM documents WHERE id = 'doc007'", "doc007", "not in the feed"),
        ("UPDATE nodes SET hash = zeroblob(32) WHERE prefix = ''", "", "digest"),
    ],
)
async def test_what_disagrees_is_named(path: Path, statement: str, document: str, words: str) -> None:
    """Bodies, leaves, winners, bytes, figures and the digest each have their finding."""
    change(path, statement)
    findings = check(path)
    assert any(finding.document == document and words in finding.message for finding in findings), findings


def overwrite(path: Path, where: Callable[[bytes], int], content: bytes) -> None:
    stored = bytearray(path.read_bytes())
    at = where(bytes(stored))
    stored[at : at + len(content)] = content
    path.write_bytes(bytes(stored))


async def test_a_torn_page_names_its_documents(path: Path) -> None:
    """Zeros over a page of documents: those on it are named, the others are read on."""
    overwrite(path, lambda stored: stored.index(b'"200200') // 4096 * 4096, bytes(4096))
    named = {finding.document for finding in check(path)}
    assert "doc200" in named
    assert "doc020" not in named


async def test_reading_a_damaged_body_says_so(path: Path) -> None:
    """A flipped bit is an error that names the document, never a wrong body; all else goes on."""
    overwrite(path, lambda stored: stored.index(b'"300300') + 1, b"7")
    catalog = SqliteCatalog(path.parent)
    database = await catalog.open("a")
    with pytest.raises(Corrupt, match="doc300"):
        await database.get("doc300")
    with pytest.raises(Corrupt, match="doc300"):
        await database.all_docs(Range(), include_docs=True)
    assert (await database.get("doc301")).id == "doc301"
    await catalog.close()


async def test_a_damaged_attachment_ends_in_an_error(path: Path) -> None:
    """The reader of the whole learns that it was not what was stored."""
    change(path, "UPDATE chunks SET content = zeroblob(length(content)) WHERE place = (SELECT max(place) FROM chunks)")
    catalog = SqliteCatalog(path.parent)
    database = await catalog.open("a")
    document, _ = await database.attachment("picture", "n")

    async def read() -> AsyncIterator[bytes]:
        async for piece in database.download(document, "n"):
            yield piece

    with pytest.raises(Corrupt, match="picture"):
        [piece async for piece in read()]
    await catalog.close()


async def test_no_database_at_all_is_a_finding(tmp_path: Path) -> None:
    """Not an exception: whoever checks a folder wants a list."""
    (tmp_path / "a.sqlite").write_bytes(b"nothing of the kind" * 500)
    assert [finding.document for finding in check(tmp_path / "a.sqlite")] == [""]
