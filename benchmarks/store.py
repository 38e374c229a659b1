"""The SQLite store without HTTP, beside what bare sqlite3 can do on the same disk in the same run.

    python benchmarks/store.py                                   20,000 documents of 280 bytes
    python benchmarks/store.py --grow 1000,10000,100000,1000000  how each figure grows with the database
    python benchmarks/store.py --json store.json

Raw is what the goal in sync/databases/DESIGN.md measures itself by: two tables, 1000 rows a transaction, WAL,
synchronous=FULL. Raw and store take turns, so that a busy machine disturbs both alike; rates are the best of the
turns, ratios those of one turn.
"""

import argparse
import asyncio
import gc
import json
import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from sync.databases.contract import Database, Range
from sync.databases.sqlite import SqliteCatalog
from sync.documents import Document

_T = TypeVar("_T")
BATCH = 1000
BODY = b'{"text":"%s"}' % (b"x" * 269)  # 280 bytes
Figures = dict[str, float]


def ids(choose: random.Random, count: int) -> list[str]:
    return [f"{choose.getrandbits(64):016x}" for _ in range(count)]


class Raw:
    """Bare sqlite3: two tables, nothing but the inserts."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("CREATE TABLE documents (id TEXT PRIMARY KEY, rev TEXT, body BLOB)")
        self._connection.execute("CREATE TABLE changes (seq INTEGER PRIMARY KEY, id TEXT)")
        self._seq = 0

    def rate(self, choose: random.Random, documents: int) -> float:
        """Documents a second."""
        batches = [ids(choose, BATCH) for _ in range(documents // BATCH)]
        started = time.perf_counter()
        for batch in batches:
            self._insert(batch)
        return documents / (time.perf_counter() - started)

    def _insert(self, batch: list[str]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        rows = ((doc_id, "1-967a00dff5e02add41819138abb3284d", BODY) for doc_id in batch)
        self._connection.executemany("INSERT INTO documents VALUES (?, ?, ?)", rows)
        changes = ((self._seq + index, doc_id) for index, doc_id in enumerate(batch))
        self._connection.executemany("INSERT INTO changes VALUES (?, ?)", changes)
        self._connection.execute("COMMIT")
        self._seq += len(batch)

    def close(self) -> None:
        self._connection.close()


async def store_rate(database: Database, choose: random.Random, documents: int, at_once: int = 1) -> float:
    """Documents a second of the store, with `at_once` writers."""
    batches = [[Document(id=doc_id, body=BODY) for doc_id in ids(choose, BATCH)] for _ in range(documents // BATCH)]

    async def writer(own: int) -> None:
        for batch in batches[own::at_once]:
            await database.write(batch)

    gc.collect()
    started = time.perf_counter()
    await asyncio.gather(*(writer(own) for own in range(at_once)))
    return documents / (time.perf_counter() - started)


async def best(call: Callable[[], Awaitable[object]], turns: int = 5) -> float:
    """Seconds of the fastest of some turns."""
    times = []
    for _ in range(turns):
        started = time.perf_counter()
        await call()
        times.append(time.perf_counter() - started)
    return min(times)


async def spread(name: str, calls: list[Callable[[], Awaitable[object]]]) -> Figures:
    """Median and 95th percentile in milliseconds of single calls, one after the other."""
    times = sorted([await best(call, 1) for call in calls])
    return {
        f"{name} p50 ms": statistics.median(times) * 1e3,
        f"{name} p95 ms": times[len(times) * 95 // 100] * 1e3,
    }


async def writing(folder: Path, documents: int, turns: int) -> Figures:
    choose = random.Random(1)
    raw, store, ratios, four = [], [], [], []
    catalog = SqliteCatalog(folder / "writing")
    for turn in range(turns):
        with closing(Raw(folder / f"raw{turn}")) as bare:
            raw.append(bare.rate(choose, documents))
        store.append(await store_rate(await catalog.create(f"one{turn}"), choose, documents))
        ratios.append(store[-1] / raw[-1])
        four.append(await store_rate(await catalog.create(f"four{turn}"), choose, documents, at_once=4))
    await catalog.close()
    return {
        "raw sqlite3 documents/s": max(raw),
        "store documents/s": max(store),
        "store, four writers documents/s": max(four),
        "share of raw, median": statistics.median(ratios),
        "share of raw, lowest": min(ratios),
    }


async def reading(database: Database, documents: int) -> Figures:
    choose = random.Random((await database.info()).update_seq)
    known = [row.id for row in (await database.changes(limit=documents)).rows]
    some = choose.sample(known, min(1000, len(known)))
    page = min(20_000, len(known))

    async def figures() -> Figures:
        feed = await best(lambda: database.changes(limit=page, include_docs=True))
        brief = await best(lambda: database.changes(limit=page))
        listed = await best(lambda: database.all_docs(Range(limit=page), include_docs=True))
        got = await best(lambda: database.bulk_get([(doc_id, None) for doc_id in some]))
        diff = await best(lambda: database.revs_diff({doc_id: ["2-a"] for doc_id in some}))
        return {
            "_changes with documents us/row": feed / page * 1e6,
            "_changes us/row": brief / page * 1e6,
            "_all_docs with documents us/row": listed / page * 1e6,
            f"_bulk_get of {len(some)} ms": got * 1e3,
            f"_revs_diff of {len(some)} ms": diff * 1e3,
        }

    def get(doc_id: str) -> Callable[[], Awaitable[object]]:
        return lambda: database.get(doc_id)

    def put(doc_id: str) -> Callable[[], Awaitable[object]]:
        return lambda: database.write([Document(id=doc_id, body=BODY)])

    return (
        await figures()
        | await spread("get", [get(doc_id) for doc_id in some])
        | await spread("put", [put(doc_id) for doc_id in ids(choose, 300)])
    )


async def digests(database: Database) -> Figures:
    choose = random.Random((await database.info()).update_seq)
    first = await best(database.digest, 1)
    again = await best(database.digest)
    await database.write([Document(id=doc_id, body=BODY) for doc_id in ids(choose, BATCH)])
    after = await best(database.digest, 1)
    return {"first digest s": first, "digest again ms": again * 1e3, "digest after 1000 changes ms": after * 1e3}


async def editing(database: Database, documents: int) -> Figures:
    choose = random.Random(4)
    rows = (await database.changes(limit=documents)).rows
    chosen = choose.sample(rows, min(BATCH, len(rows)))
    edits = [Document(id=row.id, rev=row.revs[0], body=BODY) for row in chosen]
    taken = await best(lambda: database.write(edits), 1)
    return {"edits/s": len(edits) / taken}


async def grown(folder: Path, sizes: list[int]) -> dict[str, Figures]:
    """One database filled to each size in turn, and measured there."""
    choose = random.Random(5)
    catalog = SqliteCatalog(folder / "grown")
    database = await catalog.create("grown")
    bare = Raw(folder / "raw-grown")
    table: dict[str, Figures] = {}
    held = 0
    for size in sizes:
        slice_size = max(BATCH, (size - held) // 10 // BATCH * BATCH)
        while held < size - slice_size:
            step = min(20_000, size - slice_size - held)
            await store_rate(database, choose, step)
            bare.rate(choose, step)
            held += step
        raw = bare.rate(choose, slice_size)
        rate = await store_rate(database, choose, slice_size)
        held += slice_size
        info = await database.info()
        half = f"{1 << 63:016x}"
        table[str(size)] = (
            {
                "documents/s at this size": rate,
                "raw sqlite3 documents/s at this size": raw,
                "bytes/document": info.file_size / info.doc_count,
            }
            | await reading(database, 100_000)
            | {
                "_all_docs page of 1000 from the middle ms": 1e3
                * await best(lambda: database.all_docs(Range(start=half, limit=1000), include_docs=True))  # noqa: B023
            }
            | await editing(database, 100_000)
            | await digests(database)
        )
        held = (await database.info()).doc_count
        report(f"{size} documents", table[str(size)])
    bare.close()
    await catalog.close()
    return table


def report(title: str, figures: Figures) -> None:
    sys.stdout.write(f"\n{title}\n")
    for name, value in figures.items():
        sys.stdout.write(f"  {name:<44} {value:>14,.3f}\n")


async def measure(asked: argparse.Namespace, folder: Path) -> dict[str, object]:
    written = await writing(folder, asked.documents, asked.turns)
    report("writing", written)
    catalog = SqliteCatalog(folder / "reading")
    database = await catalog.create("reading")
    await store_rate(database, random.Random(6), asked.documents)
    read = await reading(database, asked.documents) | await editing(database, asked.documents) | await digests(database)
    await catalog.close()
    report("reading", read)
    return {
        "documents": asked.documents,
        "body bytes": len(BODY),
        "writing": written,
        "reading": read,
        "growth": await grown(folder, [int(size) for size in asked.grow.split(",")]) if asked.grow else {},
        "peak memory MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--grow", default="", help="sizes, ascending: 1000,10000,100000,1000000")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        results = asyncio.run(measure(asked, Path(folder)))
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
