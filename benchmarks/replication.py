"""Replication of many small documents, ours beside Apache CouchDB's `_replicate`, in one run.

    OTKRYTKA_TEST_COUCHDB=http://user:password@127.0.0.1:5984 python benchmarks/replication.py [--documents 20000] [--rounds 3]

sqlite→sqlite       `replicate` between two files, fsync on every commit
sqlite→http→sqlite  push to our own server in another process, and pull back
memory→memory       the replicator alone
couchdb→couchdb     CouchDB's `_replicate` between two of its databases (set `replicator/startup_jitter` to 0)
couchdb by us       `replicate` from one CouchDB database to another, over HTTP

Every database is new. The rounds go around, so that a disturbed moment falls on all. The ratio is CouchDB's median over ours;
the goal for store to store is 2.5. Prints JSON.
"""

import argparse
import asyncio
import json
import os
import secrets
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2

from sync.databases.contract import Catalog, Database
from sync.databases.http import HttpCatalog
from sync.databases.memory import MemoryCatalog
from sync.databases.sqlite import SqliteCatalog
from sync.documents import Document
from sync.errors import Unavailable
from sync.replication import agree, replicate

COUCHDB = os.environ.get("OTKRYTKA_TEST_COUCHDB")
GOAL = 2.5
Measure = Callable[[], Awaitable[float]]


async def fill(database: Database, count: int) -> None:
    """Documents of about 280 bytes."""
    for start in range(0, count, 1000):
        numbers = range(start, min(start + 1000, count))
        await database.write([Document(id=f"sheet:{n:08}", body=_body(n)) for n in numbers])


def _body(number: int) -> bytes:
    return json.dumps({"type": "sheet", "n": number, "to": secrets.token_hex(16), "text": "x" * 180}).encode()


async def timed(source: Database, target: Database, count: int) -> float:
    start = time.perf_counter()
    report = await replicate(source, target)
    seconds = time.perf_counter() - start
    if report.docs_written != count or not await agree(source, target):
        raise SystemExit("The two sides are not equal")
    return seconds


@asynccontextmanager
async def made(catalog: Catalog) -> AsyncIterator[Database]:
    name = f"otkrytka-benchmark-{secrets.token_hex(6)}"
    yield await catalog.create(name)
    await catalog.delete(name)


@asynccontextmanager
async def own_server(folder: Path) -> AsyncIterator[HttpCatalog]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = (sys.executable, "-m", "sync", "serve", str(folder), "--port", str(port))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    catalog = HttpCatalog(f"http://127.0.0.1:{port}")
    try:
        while True:
            try:
                await catalog.names()
                break
            except Unavailable:
                await asyncio.sleep(0.05)
        yield catalog
    finally:
        await catalog.close()
        process.terminate()
        await process.wait()


async def couchdbs_own(catalog: HttpCatalog, source: Database, count: int) -> float:
    """The time CouchDB takes to answer `_replicate`."""
    async with made(catalog) as target, httpx2.AsyncClient(timeout=600) as client:
        body = {"source": f"{COUCHDB}/{source.name}", "target": f"{COUCHDB}/{target.name}"}
        start = time.perf_counter()
        answer = await client.post(f"{COUCHDB}/_replicate", json=body)
        seconds = time.perf_counter() - start
        if (await target.info()).doc_count != count:
            raise SystemExit(f"CouchDB did not copy everything: {answer.text[:200]}")
        return seconds


async def run(count: int, rounds: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        files, memory = SqliteCatalog(folder / "files"), MemoryCatalog()
        source, plain = await files.create("source"), await memory.create("source")
        await fill(source, count)
        await fill(plain, count)

        async def into(catalog: Catalog, one: Database) -> float:
            async with made(catalog) as target:
                return await timed(one, target, count)

        async with own_server(folder / "served") as server:
            remote = await server.create("remote")
            await fill(remote, count)
            measures: dict[str, Measure] = {
                "sqlite→sqlite": lambda: into(files, source),
                "sqlite→http": lambda: into(server, source),
                "http→sqlite": lambda: into(files, remote),
                "memory→memory": lambda: into(memory, plain),
            }
            if COUCHDB:
                couchdb = HttpCatalog(COUCHDB)
                async with made(couchdb) as theirs:
                    await fill(theirs, count)
                    measures["couchdb→couchdb, its own"] = lambda: couchdbs_own(couchdb, theirs, count)
                    measures["couchdb→couchdb by us"] = lambda: into(couchdb, theirs)
                    seconds = await around(measures, rounds)
                await couchdb.close()
            else:
                seconds = await around(measures, rounds)
        await files.close()
    return summary(count, seconds)


async def around(measures: dict[str, Measure], rounds: int) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            seconds[name].append(await measure())
    return seconds


def summary(count: int, seconds: dict[str, list[float]]) -> dict[str, object]:
    medians = {name: statistics.median(each) for name, each in seconds.items()}
    theirs = medians.get("couchdb→couchdb, its own")
    return {
        "documents": count,
        "seconds": {name: [round(one, 3) for one in each] for name, each in seconds.items()},
        "documents_per_second": {name: round(count / median) for name, median in medians.items()},
        "couchdb_over_ours": {name: round(theirs / median, 2) for name, median in medians.items()} if theirs else None,
        "goal_sqlite_to_sqlite": GOAL,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    print(json.dumps(asyncio.run(run(asked.documents, asked.rounds)), indent=2, ensure_ascii=False))
