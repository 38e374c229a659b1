"""Attachments on every backend."""

import gzip
import hashlib
import random
from collections.abc import AsyncIterator

import pytest

from sync.databases.contract import Database, Outcome
from sync.documents import Attachment, Document
from sync.edits import digest_of
from sync.errors import NotFound, PreconditionFailed
from tests.contract.editing import put

pytestmark = pytest.mark.anyio


def pieces(content: bytes, size: int = 50_000) -> AsyncIterator[bytes]:
    async def each() -> AsyncIterator[bytes]:
        for offset in range(0, len(content), size):
            yield content[offset : offset + size]

    return each()


async def fetched(database: Database, doc_id: str, name: str, rev: str | None = None, **span: int) -> bytes:
    document, _ = await database.attachment(doc_id, name, rev)
    return b"".join([piece async for piece in database.download(document, name, **span)])


async def test_attachments_come_back(database: Database) -> None:
    """Inline bytes, in whole and by range, with digest, length and the generation that added them."""
    content = random.Random(1).randbytes(700_000)
    note = Attachment(content_type="image/png", data=content)
    (outcome,) = await database.write([Document(id="a", attachments={"note": note})])
    document, entry = await database.attachment("a", "note")
    assert document.rev == outcome.rev
    assert entry.digest == digest_of(content)
    assert (entry.length, entry.revpos, entry.content_type) == (len(content), 1, "image/png")
    assert await fetched(database, "a", "note") == content
    assert await fetched(database, "a", "note", start=262_100, stop=600_001) == content[262_100:600_001]
    with pytest.raises(NotFound):
        await database.attachment("a", "other")


async def test_uploads_are_staged_and_named(database: Database) -> None:
    """Bytes come first, then the document that names them; an empty attachment is one too."""
    content = hashlib.sha256(b"x").digest() * 60_000
    upload = await database.upload(pieces(content))
    empty = await database.upload(pieces(b""))
    assert (upload.digest, upload.length, empty.length) == (digest_of(content), len(content), 0)
    entries = {
        "big": Attachment(content_type="application/x", digest=upload.digest),
        "empty": Attachment(content_type="application/x", digest=empty.digest),
    }
    (outcome,) = await database.write([Document(id="a", attachments=entries)])
    assert outcome.error is None
    assert await fetched(database, "a", "big") == content
    assert await fetched(database, "a", "empty") == b""


async def test_stubs_mean_the_parents_bytes(database: Database) -> None:
    """A stub keeps the attachment, leaving it out drops it, and a stub of nothing is refused."""
    entries = {"note": Attachment(content_type="image/png", data=b"bytes")}
    (first,) = await database.write([Document(id="a", attachments=entries)])
    stub = {"note": Attachment(content_type="image/png", stub=True)}
    (second,) = await database.write([Document(id="a", rev=first.rev, body=b'{"n":1}', attachments=stub)])
    assert second.error is None
    _, entry = await database.attachment("a", "note")
    assert entry.revpos == 1
    assert await fetched(database, "a", "note") == b"bytes"
    (third,) = await database.write([Document(id="a", rev=second.rev)])
    with pytest.raises(NotFound):
        await database.attachment("a", "note")
    assert await fetched(database, "a", "note", second.rev) == b"bytes"
    (refused,) = await database.write([Document(id="a", rev=third.rev, attachments=stub)])
    assert isinstance(refused.error, PreconditionFailed)
    assert refused.error.error == "missing_stub"


async def test_replicated_stubs_find_their_bytes(database: Database) -> None:
    """In the nearest ancestor that is here; where there is none the revision is refused."""
    entries = {"note": Attachment(content_type="image/png", data=b"bytes", revpos=1)}
    first = Document(id="a", rev="1-a", attachments=entries)
    stub = Attachment(content_type="image/png", stub=True, revpos=1, digest=digest_of(b"bytes"), length=5)
    third = Document(id="a", rev="3-c", ancestry=("c", "b", "a"), attachments={"note": stub})
    await database.write([first], new_edits=False)
    (outcome,) = await database.write([third], new_edits=False)
    assert outcome.error is None
    assert await fetched(database, "a", "note") == b"bytes"
    unknown = Attachment(content_type="image/png", stub=True, revpos=1, digest=digest_of(b"never seen"), length=5)
    try:
        (lost,) = await database.write([Document(id="b", rev="1-b", attachments={"n": unknown})], new_edits=False)
    except PreconditionFailed as error:  # CouchDB refuses the whole batch
        lost = Outcome("b", error=error)
    assert isinstance(lost.error, PreconditionFailed)


@pytest.mark.parametrize("new_edits", [True, False])
async def test_a_stub_of_another_documents_bytes_is_refused(database: Database, new_edits: bool) -> None:
    """Who knows the digest of bytes that are here need not have been allowed to read them."""
    await database.write([Document(id="a", attachments={"x": Attachment(content_type="image/png", data=b"bytes")})])
    stub = Attachment(content_type="image/png", stub=True, revpos=1, digest=digest_of(b"bytes"), length=5)
    document = Document(id="b", rev="" if new_edits else "1-b", attachments={"x": stub})
    try:
        (refused,) = await database.write([document], new_edits=new_edits)
    except PreconditionFailed as error:  # CouchDB refuses the whole batch
        refused = Outcome("b", error=error)
    assert isinstance(refused.error, PreconditionFailed)


async def test_encoded_bytes_stay_encoded(database: Database) -> None:
    """What came gzip-encoded is stored so: digest over the encoded bytes, both lengths told."""
    packed = gzip.compress(b"text " * 1000)
    upload = await database.upload(pieces(packed))
    entry = Attachment(content_type="text/plain", digest=upload.digest, encoding="gzip", length=5000)
    (outcome,) = await database.write([Document(id="a", rev="1-a", attachments={"t": entry})], new_edits=False)
    assert outcome.error is None
    _, stored = await database.attachment("a", "t")
    assert (stored.encoding, stored.length, stored.encoded_length) == ("gzip", 5000, len(packed))
    assert gzip.decompress(await fetched(database, "a", "t")) == b"text " * 1000


@pytest.mark.needs("compaction")
async def test_compaction_collects_bytes_nobody_names(database: Database) -> None:
    """Bytes of deleted documents and of abandoned uploads are gone; those in use stay."""
    kept, dropped = b"k" * 300_000, random.Random(2).randbytes(1_000_000)
    await database.write([Document(id="a", attachments={"x": Attachment(content_type="a/b", data=kept)})])
    (gone,) = await database.write([Document(id="b", attachments={"x": Attachment(content_type="a/b", data=dropped)})])
    await database.upload(pieces(dropped[::-1]))
    before = (await database.info()).active_size
    await put(database, "b", rev=gone.rev, deleted=True)
    await database.compact()
    assert (await database.info()).active_size < before - 900_000 or before == 0
    assert await fetched(database, "a", "x") == kept
    entry = Attachment(content_type="a/b", digest=digest_of(dropped[::-1]))
    (refused,) = await database.write([Document(id="c", attachments={"x": entry})])
    assert isinstance(refused.error, PreconditionFailed)
