"""Databases of every kind for replications to run between, and what it means that two hold the same."""

import os
import secrets
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, suppress
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
from tests.e2e.stage import free_port

COUCHDB = "OTKRYTKA_TEST_COUCHDB"
PEERS = Path(__file__).parents[2] / "peers"
KINDS = ("memory", "sqlite", "http", "couchdb")
FOREIGN = "pouchdb-server"
PAIRINGS = [*product(KINDS, KINDS), ("sqlite", FOREIGN), (FOREIGN, "sqlite")]

# Where pouchdb-server 4.2 can't stand in for CouchDB, by the test that would show it.
FOREIGN_CANNOT = {
    "test_bodies_arrive_as_they_were_written": "it reads numbers as JavaScript does, so large ones change",
    "test_every_conflict_arrives_with_its_history": "its changes feed does not name the winner first",
    "test_both_ways": "its changes feed does not name the winner first",
    "test_histories_longer_than_is_remembered": "it takes no _revs_limit",
    "TestAttachments": "it stops at some attachments on Node.js 20",
}

# Makes an empty database of a kind.
Make = Callable[[str], Awaitable[Database]]
# All that a replication has to make equal: the leaves, winner first, each with its ancestry and its attachments' bytes.
Contents = dict[str, list[tuple[Document, dict[str, bytes]]]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `kinds` runs for every pairing of source and target."""
    if "kinds" in metafunc.fixturenames:
        pairings = [pytest.param(pair, id="-to-".join(pair), marks=_marks(metafunc, pair)) for pair in PAIRINGS]
        metafunc.parametrize("kinds", pairings)


def _marks(metafunc: pytest.Metafunc, pair: tuple[str, str]) -> list[pytest.MarkDecorator]:
    names = {metafunc.function.__name__, metafunc.cls.__name__ if metafunc.cls else ""}
    if FOREIGN not in pair:
        return [pytest.mark.couchdb] if "couchdb" in pair else []
    skips = [pytest.mark.skip(f"{FOREIGN}: {why}") for name, why in FOREIGN_CANNOT.items() if name in names]
    return [pytest.mark.node, *skips]


@pytest.fixture(scope="session")
def pouchdb_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a pouchdb-server that keeps everything in memory."""
    if not (PEERS / "node_modules").is_dir():
        pytest.skip(f"{FOREIGN} is not installed (scripts/install --dev)")
    port = free_port()
    folder = tmp_path_factory.mktemp(FOREIGN)
    command = ["node", "--unhandled-rejections=warn", str(PEERS / "node_modules/pouchdb-server/bin/pouchdb-server")]
    with (
        (folder / "output").open("wb") as output,
        subprocess.Popen(
            [*command, "--port", str(port), "--in-memory"], cwd=folder, stdout=output, stderr=output
        ) as it,
    ):
        url = f"http://127.0.0.1:{port}"
        with httpx2.Client(timeout=2) as client:
            for _ in range(600):
                try:
                    client.get(url)
                    break
                except httpx2.TransportError:
                    with suppress(subprocess.TimeoutExpired):  # its early end is the event to wait for
                        it.wait(0.05)
                        pytest.fail(f"{FOREIGN} did not start:\n{(folder / 'output').read_text()}")
        yield url
        it.terminate()


@pytest.fixture
async def make(anyio_backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Make]:
    """Makes databases, and takes them away after the test."""
    async with AsyncExitStack() as stack:
        catalogs: dict[str, Catalog] = {}
        run = secrets.token_hex(4)

        async def made(kind: str) -> Database:
            if kind not in catalogs:
                url = request.getfixturevalue("pouchdb_server") if kind == FOREIGN else os.environ.get(COUCHDB)
                catalogs[kind] = await _catalog(kind, tmp_path, stack, url)
            name = f"otkrytka-test-{run}-{secrets.token_hex(4)}"
            database = await catalogs[kind].create(name)
            if kind == "couchdb":
                stack.push_async_callback(catalogs[kind].delete, name)
            return database

        yield made


async def _catalog(kind: str, folder: Path, stack: AsyncExitStack, url: str | None) -> Catalog:
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
            if not url:
                pytest.skip(f"{COUCHDB} names no Apache CouchDB")
            catalog = HttpCatalog(url)
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
