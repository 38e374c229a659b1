"""What a month of a large movement does to the store, the totals, the nightly job and one server process.

    python benchmarks/season.py [--chapters 80] [--letters 1000000] [--instalments 10] [--phones 200] [--out FILE]

write      every sheet is written as phones write it: again and again as the evening goes on (`instalments`), into one SQLite
           file per chapter, each write acknowledged after fsync
totals     the projection read from nothing; its numbers must be the ledger's, or the benchmark fails
nightly    a national server without an upstream: compaction, digest, backup and its check, totals compared
hub        all of it pushed by one nightly job through another process's door, rules checked, and proved equal there
phones     as many phones as asked for at one server process, each doing what PouchDB does to deliver a sheet

Everything is done on this machine at once, client and server, so the figures are a lower bound of what a server does. JSON out.
"""

import argparse
import asyncio
import datetime as dt
import json
import os
import platform
import resource
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import httpx2
import msgspec

from fixtures.ledger import Ledger, Tap
from fixtures.season import Season, chapter_slugs, evenings, register, sheets_of
from server.auth.invites import Invites, invitation
from server.auth.keys import signing_secret
from server.chapters import add_chapter
from server.hub import membership
from server.jobs.display import Lines
from server.jobs.night import NightlyJob
from server.jobs.report import Exit, Night
from server.jobs.watch import Watch
from server.projection import queries
from server.projection.follower import Follower
from server.projection.queries import Scope
from server.projection.tables import Tables
from server.settings import Settings
from server.stores import open_catalog, open_or_create
from sync.databases.contract import Catalog
from sync.documents import Document
from tests.e2e.stage import Otkrytka, free_port

LETTERS_OF_AN_EVENING = 337
HEADS_OF_AN_EVENING = 104

Figures = dict[str, Any]
T = TypeVar("T")


def season_of(chapters: int, letters: int) -> Season:
    """One month in which so many chapters write so many letters, at evenings like the one in Moscow in January 2026."""
    evenings_each = max(1, round(letters / chapters / LETTERS_OF_AN_EVENING))
    tapped = letters / (1 - Season().takebacks) * 1.01  # some taps are taken back, and chance takes its share
    return Season(
        chapters=chapters,
        months=1,
        events_per_month=evenings_each,
        devices_per_event=4,
        heads_per_event=HEADS_OF_AN_EVENING,
        letters_per_event=round(tapped / chapters / evenings_each),
        prisoners=1270,
    )


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Catalog]:
    """The databases of a folder."""
    catalog = open_catalog(settings)
    try:
        yield catalog
    finally:
        await catalog.close()


class Spent(NamedTuple):
    """Seconds by the clock, and of this process's own computing, which a busy machine changes less."""

    clock: float = 0.0
    cpu: float = 0.0

    def figures(self) -> Figures:
        return {"seconds": round(self.clock, 2), "cpu_seconds": round(self.cpu, 2)}


async def timed(work: Callable[[], Awaitable[T]]) -> tuple[Spent, T]:
    """What it took, and the result."""
    clock, cpu = time.perf_counter(), time.process_time()
    result = await work()
    return Spent(time.perf_counter() - clock, time.process_time() - cpu), result


class Writer:
    """Writes a season as phones do, and keeps the ledger beside it."""

    def __init__(self, catalog: Catalog, season: Season, instalments: int) -> None:
        self._catalog = catalog
        self._season = season
        self._instalments = instalments
        self._revs: dict[str, str] = {}
        self.ledger = Ledger()
        self.documents = self.writes = self.bytes = 0
        self.spent = Spent()

    async def run(self) -> None:
        """Evening after evening; only the writing itself is timed."""
        for evening in evenings(self._season):
            for tap in evening.taps:
                self.ledger.add(tap)
            rest = [body for body in evening.documents[1:] if body["type"] != "sheet"]
            await self._write(evening.database, [evening.documents[0]])
            for number in range(1, self._instalments + 1):
                part: list[Tap] = evening.taps[: len(evening.taps) * number // self._instalments]
                await self._write(evening.database, sheets_of(part))
            await self._write(evening.database, rest)
            self.documents += len(evening.documents)
            self.bytes += sum(len(msgspec.json.encode(body)) for body in evening.documents)

    async def _write(self, name: str, bodies: list[dict[str, Any]]) -> None:
        documents = [
            Document(
                id=body["_id"],
                rev=self._revs.get(body["_id"], ""),
                body=msgspec.json.encode({key: value for key, value in body.items() if key != "_id"}),
            )
            for body in bodies
        ]
        database = await open_or_create(self._catalog, name)
        # Phones come one by one: their writes meet in the store's group commit, not in one batch.
        spent, outcomes = await timed(lambda: asyncio.gather(*(database.write([one]) for one in documents)))
        self.spent = Spent(self.spent.clock + spent.clock, self.spent.cpu + spent.cpu)
        for [outcome] in outcomes:
            assert outcome.error is None, outcome.error
            self._revs[outcome.id] = outcome.rev
        self.writes += len(documents)


async def write(settings: Settings, season: Season, instalments: int) -> tuple[Figures, Ledger]:
    """Fills the store."""
    async with opened(settings) as catalog:
        for slug in chapter_slugs(season):
            await add_chapter(catalog, slug, ru=slug, en=slug, zone="Europe/Moscow")
        people = [body for body in register(season) if body["type"] != "chapter"]
        named = [Document(id=body.pop("_id"), body=msgspec.json.encode(body)) for body in people]
        await (await catalog.open("register")).write(named)
        writer = Writer(catalog, season, instalments)
        await writer.run()
    size = sum(path.stat().st_size for path in settings.databases.glob("*.sqlite*"))
    events = season.chapters * season.months * season.events_per_month
    return {
        "evenings": events,
        "documents": writer.documents,
        "documents_per_evening": round(writer.documents / events, 2),
        "bytes_per_document": round(writer.bytes / writer.documents),
        "writes": writer.writes,
        **writer.spent.figures(),
        "writes_per_second": round(writer.writes / writer.spent.clock),
        "disk_bytes": size,
        "letters": writer.ledger.totals()["written"],
    }, writer.ledger


async def totals(settings: Settings, ledger: Ledger) -> Figures:
    """Reads the projection from nothing and holds it against the ledger."""
    tables = Tables(settings.projection)
    try:
        async with opened(settings) as catalog:
            spent, failed = await timed(Follower(catalog, tables, merging=False).catch_up)
        assert not failed, failed
        asked, tally = await timed(lambda: tables.read(queries.totals, Scope()))
    finally:
        tables.close()
    expected = ledger.totals()
    told = {name: getattr(tally, name) for name in expected}
    assert told == expected, (told, expected)
    return {
        **spent.figures(),
        "national_totals_ms": round(asked.clock * 1000, 1),
        "disk_bytes": settings.projection.stat().st_size,
        "equal_to_ledger": True,
    }


async def nightly(settings: Settings, *, hub: bool) -> Figures:
    """One nightly job; it must end well."""
    member = membership.membership(settings) if hub else None
    async with opened(settings) as catalog:
        job = NightlyJob(settings, catalog, member, Watch(Lines(), settings.patience.total_seconds()))
        spent, night = await timed(job.run)
    assert night.exit == Exit.WELL, night
    return _figures(night, spent)


def _figures(night: Night, spent: Spent) -> Figures:
    assert night.backup is not None
    assert night.totals is not None
    return {
        **spent.figures(),
        "databases": len(night.databases),
        "databases_seconds": round(sum(row.seconds for row in night.databases), 2),
        "freed_bytes": sum(row.freed for row in night.databases),
        "pushed": sum(row.pushed for row in night.databases),
        "equal": sum(row.agreement == "equal" for row in night.databases),
        "backup_seconds": night.backup.seconds,
        "backup_bytes": night.backup.bytes,
        "totals_seconds": night.totals.seconds,
    }


async def hub(folder: Path, settings: Settings, season: Season) -> Figures:
    """The whole month pushed to an empty national server in another process, and a second night with nothing to do."""
    national = Otkrytka(folder / "national", free_port())
    slugs = chapter_slugs(season)
    async with opened(Settings(data=national.data)) as catalog:
        for slug in slugs:
            await add_chapter(catalog, slug, ru=slug, en=slug, zone="Europe/Moscow")
    # The hub's register is fetched, so it must begin as national's.
    (settings.databases / "register.sqlite").unlink()
    national.start()
    try:
        text = Invites(signing_secret(Settings(data=national.data))).sign(invitation("hub", slugs, 1, slugs))
        await membership.join(settings, f"{national.url}/join#{text}")
        first = await nightly(settings, hub=True)
        return {"first_night": first, "second_night": await nightly(settings, hub=True)}
    finally:
        national.stop()


async def phones(folder: Path, number: int, seconds: float) -> Figures:
    """So many phones deliver their sheets to one server process, over and over, as fast as it answers."""
    server = Otkrytka(folder / "phones", free_port())
    settings = Settings(data=server.data)
    async with opened(settings) as catalog:
        await add_chapter(catalog, "tver", ru="Тверь", en="Tver", zone="Europe/Moscow")
    server.start()
    try:
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None)
        async with httpx2.AsyncClient(base_url=server.url, timeout=60, limits=limits) as client:
            invites = Invites(signing_secret(settings))
            joined = [await _join(client, invites) for _ in range(number)]
            until = time.perf_counter() + seconds
            told = await asyncio.gather(*(_deliver(client, one, until) for one in joined))
        taken = sorted(one for each in told for one in each)
        rate = len(taken) / seconds
        return {
            "phones": number,
            "deliveries_per_second": round(rate, 1),
            "p50_ms": round(statistics.median(taken) * 1000),
            "p95_ms": round(taken[int(len(taken) * 0.95)] * 1000),
            "phones_at_a_delivery_a_minute": round(rate * 60),
            "memory_mb": _memory(server),
        }
    finally:
        server.stop()


async def _join(client: httpx2.AsyncClient, invites: Invites) -> dict[str, Any]:
    text = invites.sign(invitation("volunteer", ["tver"], 1, ["tver"]))
    answer = await client.post("/api/join", json={"invite": text})
    joined: dict[str, Any] = answer.raise_for_status().json()
    return joined


async def _deliver(client: httpx2.AsyncClient, joined: dict[str, Any], until: float) -> list[float]:
    """The requests of one PouchDB delivery: info, the checkpoint, the difference, the document, the checkpoint, the receipt."""
    headers = {"Authorization": f"Bearer {joined['token']}"}
    event = "01KFW0000000000000000000EV"
    doc_id = f"sheet:{event}:{joined['device']}"
    sheet = sheets_of([Tap("tver", f"event:{event}", joined["device"], "heads", 1)])[0]
    mark, taken, generation = f"/db/chapter-tver/_local/{joined['device']}", list[float](), 0
    while time.perf_counter() < until:
        began = time.perf_counter()
        generation += 1
        sheet["heads"]["added"] = generation
        rev = f"{generation}-{generation:032x}"
        ids = [f"{number:032x}" for number in range(generation, max(0, generation - 20), -1)]
        whole = sheet | {"_rev": rev, "_revisions": {"start": generation, "ids": ids}}
        await client.get("/db/chapter-tver/", headers=headers)
        local = await client.get(mark, headers=headers)
        await client.post("/db/chapter-tver/_revs_diff", json={doc_id: [rev]}, headers=headers)
        body = {"docs": [whole], "new_edits": False}
        answer = await client.post("/db/chapter-tver/_bulk_docs", json=body, headers=headers)
        assert answer.json() == [], answer.text
        rev_of_mark = {"_rev": local.json()["_rev"]} if local.status_code == 200 else {}
        await client.put(mark, json={"last_seq": generation} | rev_of_mark, headers=headers)
        asked = {"database": "chapter-tver", "revs": {doc_id: rev}}
        receipts = await client.post("/api/receipts", json=asked, headers=headers)
        assert receipts.json()[doc_id]["stored"], receipts.text
        taken.append(time.perf_counter() - began)
    return taken


def _memory(server: Otkrytka) -> float:
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return round(int(line.split()[1]) / 1024, 1)


async def measure(asked: argparse.Namespace, folder: Path) -> Figures:
    """Everything, one after the other."""
    season = season_of(asked.chapters, asked.letters)
    settings = Settings(data=folder / "server")
    written, ledger = await write(settings, season, asked.instalments)
    figures: Figures = {
        "season": msgspec.to_builtins(season),
        "instalments": asked.instalments,
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()},
        "write": written,
        "totals": await totals(settings, ledger),
        "nightly": await nightly(settings, hub=False),
        "hub": await hub(folder, settings, season),
        "phones": await phones(folder, asked.phones, asked.seconds),
    }
    figures["peak_memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    figures["disk_bytes_after"] = sum(path.stat().st_size for path in settings.databases.glob("*.sqlite*"))
    figures["measured"] = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return figures


def main() -> None:
    """Prints the figures, or writes them to a file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--chapters", type=int, default=80)
    parser.add_argument("--letters", type=int, default=1_000_000)
    parser.add_argument("--instalments", type=int, default=10)
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20.0, help="how long the phones deliver")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(measure(asked, Path(folder)))
    text = json.dumps(figures, indent=2)
    if asked.out is None:
        print(text)
    else:
        asked.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
