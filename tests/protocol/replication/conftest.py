"""Databases of every kind for replications to run between, and what it means that two hold the same."""

import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import product
from pathlib import Path

import httpx2
import msgspec
import pytest

from sync.databases.contract import Catalog, Database
from sync.databases.http import HttpCatalog
from sync.databases.memory import MemoryCatalog
from sync.databases.sqlite import SqliteCatalog
from sync.documents import Attachment, Document
from sync.protocol import application

COUCHDB = "OTKRYTKA_TEST_COUCHDB"
KINDS = ("memory", "sqlite", "http", "couchdb")

# Makes an empty database of a kind.
Make = Callable[[str], Awaitable[Database]]
# All that a replication has to make equal: the leaves, winner first, each with its ancestry and its attachments' bytes.
Contents = dict[str, list[tuple[Document, dict[str, bytes]]]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `kinds` runs for every pairing of source and target."""
    if "kinds" in metafunc.fixturenames:
        marks = {kind: [pytest.mark.couchdb] if kind == "couchdb" else [] for kind in KINDS}
        metafunc.parametrize(
            "kinds",
            [pytest.param((a, b), id=f"{a}-to-{b}", marks=marks[a] or marks[b]) for a, b in product(KINDS, KINDS)],
        )


@pytest.fixture
async def make(anyio_backend: str, tmp_path: Path) -> AsyncIterator[Make]:
    """Makes databases, and takes them away after the test."""
    async with AsyncExitStack() as stack:
        catalogs: dict[str, Catalog] = {}
        run = secrets.token_hex(4)

        async def made(kind: str) -> Database:
            if kind not in catalogs:
                catalogs[kind] = await _catalog(kind, tmp_path, stack)
            name = f"otkrytka-test-{run}-{secrets.token_hex(4)}"
            database = await catalogs[kind].create(name)
            if kind == "couchdb":
                stack.push_async_callback(catalogs[kind].delete, name)
            return database

        yield made


async def _catalog(kind: str, folder: Path, stack: AsyncExitStack) -> Catalog:
    match kind:
        case "memory":
            return MemoryCatalog()
        case "sqlite":
            catalog: Catalog = SqliteCatalog(folder / "sqlite")
        case "http":
            served = SqliteCatalog(folder / "served")
            stack.push_async_callback(served.close)
            catalog = HttpCatalog("http://server", transport=httpx2.ASGITransport(application(served)))
        case _:
            if not os.environ.get(COUCHDB):
                pytest.skip(f"{COUCHDB} names no Apache CouchDB")
            catalog = HttpCatalog(os.environ[COUCHDB])
    stack.push_async_callback(catalog.close)
    return catalog


@pytest.fixture
async def pair(kinds: tuple[str, str], make: Make) -> tuple[Database, Database]:
    """A source and a target."""
    return await make(kinds[0]), await make(kinds[1])


@pytest.fixture
def contents() -> Callable[[Database], Awaitable[Contents]]:
    return read_contents


async def read_contents(database: Database) -> Contents:
    page = await database.changes(all_leaves=True)
    assert page.pending in (0, -1)
    wanted = [(row.id, rev) for row in page.rows for rev in (row.revs[0], *sorted(row.revs[1:]))]
    found: Contents = {}
    for (doc_id, rev), answer in zip(wanted, await database.bulk_get(wanted), strict=True):
        (document,) = answer
        assert isinstance(document, Document)
        assert document.rev == rev
        found.setdefault(doc_id, []).append((_comparable(document), await _bytes(database, document)))
    return found


async def _bytes(database: Database, document: Document) -> dict[str, bytes]:
    return {
        name: b"".join([chunk async for chunk in database.download(document, name)])
        for name in document.attachments or {}
    }


def _comparable(document: Document) -> Document:
    """What must be the same. CouchDB writes JSON its own way, and how a backend marks a stub is its own affair."""
    entries = {
        name: Attachment(
            content_type=entry.content_type,
            digest=entry.digest,
            length=entry.length,
            revpos=entry.revpos,
            encoding=entry.encoding,
            encoded_length=entry.encoded_length,
        )
        for name, entry in sorted((document.attachments or {}).items())
    }
    body = msgspec.json.encode(msgspec.json.decode(document.body), order="sorted")
    return msgspec.structs.replace(document, body=body, attachments=entries)
