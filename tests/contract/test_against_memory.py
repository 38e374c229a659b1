"""The SQLite store against the plainest one: the same random edits, the same answers to the last field."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sync.databases.contract import Catalog, Database, Range
from sync.databases.memory import MemoryDatabase
from sync.databases.sqlite import SqliteCatalog
from sync.documents import Attachment, Document
from sync.errors import NotFound

pytestmark = pytest.mark.anyio

LETTERS = "abcde"


def random_documents(choose: random.Random, known: dict[str, list[str]]) -> list[Document]:
    documents = []
    for _ in range(choose.randrange(1, 6)):
        doc_id = choose.choice(LETTERS)
        start = choose.randrange(1, 5)
        # A revision's hash names its history, as real ones do, so that no revision has two parents.
        line = [choose.choice("xy")]
        for _ in range(start - 1):
            line.append(line[-1] + choose.choice("xy"))
        rev = f"{start}-{line[-1]}"
        documents.append(
            Document(
                id=doc_id,
                rev=rev,
                ancestry=tuple(reversed(line))[: choose.randrange(1, start + 1)],
                body=b'{"rev":"%s"}' % rev.encode(),
                deleted=line[-1].endswith("yy"),
                attachments={"n": Attachment(content_type="a/b", data=rev.encode())} if start == 2 else None,
            )
        )
        known.setdefault(doc_id, []).append(rev)
    return documents


async def state(database: Database, known: dict[str, list[str]]) -> object:
    """Everything that can be asked, without what names the database or its epoch."""
    docs = await database.all_docs(Range(), include_docs=True, conflicts=True)
    keyed = await database.all_docs(list(LETTERS), conflicts=True)
    feed = await database.changes(all_leaves=True, include_docs=True, conflicts=True)
    info = await database.info()
    revisions: list[object] = []
    for doc_id, revs in sorted(known.items()):
        revisions.append(await database.open_revs(doc_id, sorted(set(revs))))
        try:
            revisions.append(await database.leaves(doc_id))
            revisions.append(await database.revs_info(doc_id))
        except NotFound:
            revisions.append("missing")
    return (
        docs,
        keyed,
        [(row.id, row.revs, row.deleted, row.document, row.conflicts) for row in feed.rows],
        (info.doc_count, info.doc_del_count, info.external_size),
        revisions,
        await database.revs_diff({doc_id: sorted(set(revs)) for doc_id, revs in known.items()}),
        await database.digest(),
    )


async def step(choose: random.Random, database: Database, oracle: Database, known: dict[str, list[str]]) -> None:
    kind = choose.random()
    if kind < 0.55:
        documents = random_documents(choose, known)
        assert await database.write(documents, new_edits=False) == await oracle.write(documents, new_edits=False)
    elif kind < 0.85:
        doc_id = choose.choice(LETTERS)
        rev = choose.choice(["", *known.get(doc_id, [])])
        document = Document(id=doc_id, rev=rev, body=b'{"n":%d}' % choose.randrange(9), deleted=choose.random() < 0.3)
        mine, theirs = await database.write([document] * 2), await oracle.write([document] * 2)
        assert [(each.rev, str(each.error)) for each in mine] == [(each.rev, str(each.error)) for each in theirs]
        known.setdefault(doc_id, []).extend(each.rev for each in mine if each.rev)
    elif kind < 0.93:
        doc_id = choose.choice(LETTERS)
        revs = {doc_id: choose.sample(known.get(doc_id, ["1-x"]), 1)}
        mine_purged, oracles = await database.purge(revs), await oracle.purge(revs)
        assert mine_purged.get(doc_id, ()) == oracles[doc_id]
    elif kind < 0.97:
        await database.compact()
        await oracle.compact()
    else:
        assert await database.digest() == await oracle.digest()


@pytest.fixture
async def catalog(anyio_backend: str, tmp_path: Path) -> AsyncIterator[Catalog]:
    opened = SqliteCatalog(tmp_path, upload_grace=0)
    yield opened
    await opened.close()


@pytest.mark.parametrize("seed", range(12))
async def test_random_edits_end_alike(catalog: Catalog, seed: int) -> None:
    """Replicated trees, edits, purges and compactions in any order: every answer equals the oracle's."""
    choose = random.Random(seed)
    database, oracle = await catalog.create("fuzz"), MemoryDatabase("fuzz")
    known: dict[str, list[str]] = {}
    if seed % 3 == 0:
        await database.set_revs_limit(2)
        await oracle.set_revs_limit(2)
    for _ in range(40):
        await step(choose, database, oracle, known)
        assert await state(database, known) == await state(oracle, known)
