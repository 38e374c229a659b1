"""What dashboards cost: `python -m benchmarks.dashboards --out results.json`.

season     a made-up season in a store of its own, at each size: 10,000, 100,000 and a million letters
catch_up   the projection read from nothing, as a server does at its first start; in five processes, one by one
rebuild    `otkrytka rebuild` beside it, compared and put in place
answers    all that a page reads, over and over, with other days each time; milliseconds by the clock and of computing
pages      the same as HTTP, from a server process: the country's page for days nobody has asked for yet, and again; the report
public     what anybody may open, as HTTP: whole, and to a browser or cache that has it (304)
arrival    from the answer to a phone's write to the event in an open page
open       so many pages open at once: memory, how often they were made, and the time until all of them show a change
couchdb    the total of a million letters from CouchDB's view with `_sum`, where OTKRYTKA_TEST_COUCHDB is set

Everything is done on this machine at once, client and server. Computing time changes less with other work than the clock does;
`machine.load` says how much of that there was, and `machine.yardstick_seconds` how quick the machine was: a loop of Python that
counts to twenty million. JSON out.
"""

import argparse
import asyncio
import datetime as dt
import json
import os
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import httpx2
import msgspec

from benchmarks.answers import answers, measured, spread
from benchmarks.season import Figures, Spent, opened, timed
from fixtures.season import Season, evenings, register
from server.projection.follower import Follower
from server.projection.rebuild import rebuild
from server.projection.tables import Tables
from server.settings import Settings
from server.stores import open_or_create
from sync.documents import Document
from tests.e2e.stage import Otkrytka, free_port

SIZES = {10_000: (3, 1, 40), 100_000: (15, 1, 80), 1_000_000: (15, 10, 80)}
"""For so many letters: months, evenings a month, chapters."""
ROUNDS = 5
"""First readings: the speed of a machine varies from one to the next."""
_BATCH = 200
_FAR = 20_000_000
_PATIENCE = 50
_EMITS = """function (doc) {
  if (doc.type !== 'sheet') return;
  emit(doc.chapter, doc.letters.reduce(function (sum, line) { return sum + Math.max(0, line.added - line.removed); }, 0));
}"""


def season_of(letters: int) -> Season:
    """A season of about so many letters at evenings of 84."""
    months, each, chapters = SIZES[letters]
    return Season(
        chapters=chapters,
        months=months,
        events_per_month=each,
        letters_per_event=87,
        prisoners=1270,
        devices_per_event=4,
    )


async def write(settings: Settings, season: Season) -> int:
    """Fills the store, many documents at a time; answers how many."""
    waiting: dict[str, list[dict[str, Any]]] = {"register": list(register(season))}
    written = 0
    async with opened(settings) as catalog:

        async def put(name: str) -> None:
            nonlocal written
            bodies = waiting.pop(name)
            documents = [Document(id=body.pop("_id"), body=msgspec.json.encode(body)) for body in bodies]
            outcomes = await (await open_or_create(catalog, name)).write(documents)
            assert not [outcome for outcome in outcomes if outcome.error]
            written += len(documents)

        for evening in evenings(season):
            waiting.setdefault(evening.database, []).extend(evening.documents)
            if len(waiting[evening.database]) >= _BATCH:
                await put(evening.database)
        for name in list(waiting):
            await put(name)
    return written


async def project(settings: Settings) -> Figures:
    """The first reading, several times from an empty file because a machine's speed varies, and a rebuild."""
    # Each in a process of its own, as a server's first start is: here the heap is that of whoever made up the season.
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as processes:
        rounds = list(processes.map(_first_reading, [settings.data] * ROUNDS))
    async with opened(settings) as catalog:
        again, found = await timed(lambda: rebuild(catalog, settings.projection))
        assert found.differing == ()
    speeds = sorted(round(applied / spent.clock) for applied, spent in rounds)
    return {
        "documents": rounds[0][0],
        "catch_up": {
            "documents_per_second": {"best": speeds[-1], "median": statistics.median(speeds), "worst": speeds[0]},
            "rounds": [spent.figures() for _, spent in rounds],
        },
        "rebuild": {**again.figures(), "compared_databases": found.compared},
        "bytes": settings.projection.stat().st_size,
    }


def _first_reading(data: Path) -> tuple[int, Spent]:
    return asyncio.run(_read_all(Settings(data=data)))


async def _read_all(settings: Settings) -> tuple[int, Spent]:
    for suffix in ("", "-wal", "-shm"):
        settings.projection.with_name(settings.projection.name + suffix).unlink(missing_ok=True)
    tables = Tables(settings.projection)
    try:
        async with opened(settings) as catalog:
            follower = Follower(catalog, tables, merging=False)
            spent, failed = await timed(follower.catch_up)
    finally:
        tables.close()
    assert not failed, failed
    return follower.applied, spent


async def pages(server: Otkrytka, times: int) -> Figures:
    """The country's page as HTTP, and the report of the same days."""
    with server.join("national") as client:
        client.timeout = httpx2.Timeout(60)
        client.get("/dashboard").raise_for_status()
        fresh, kept, reports = list[float](), list[float](), list[float]()
        for number in range(times):
            days = f"?from=2026-01-{1 + number % 28:02}&to=2027-03-{1 + number // 28 % 28:02}"
            for address, taken in (("", fresh), ("", kept), ("/report", reports)):
                began = time.perf_counter()
                client.get(f"/dashboard{address}{days}").raise_for_status()
                taken.append(time.perf_counter() - began)
        return {"made_ms": spread(fresh), "kept_ms": spread(kept), "report_ms": spread(reports)}


def public(server: Otkrytka, times: int) -> Figures:
    """The public pages as HTTP: another event and chapter each time."""
    with httpx2.Client(base_url=server.url, timeout=60) as client:
        chance = random.Random(1)
        told = client.get("/public/schedule.json").raise_for_status().json()
        events = [one["event"].removeprefix("event:") for one in told["events"]]
        while told["next"]:
            told = client.get(told["next"]).raise_for_status().json()
            events += [one["event"].removeprefix("event:") for one in told["events"]]
        pages: dict[str, Callable[[], str]] = {
            "schedule": lambda: "/public/en",
            "chapter": lambda: f"/public/en/chapters/{chance.choice(list(told['chapters']))}",
            "event": lambda: f"/public/en/events/{chance.choice(events)}",
            "totals": lambda: "/public/en/totals",
            "totals_json": lambda: "/public/totals.json",
        }
        return {"events": len(events), **{name: _opened(client, address, times) for name, address in pages.items()}}


def _opened(client: httpx2.Client, address: Callable[[], str], times: int) -> Figures:
    """A page without and with the ETag of what it said, over and over."""
    whole, had = list[float](), list[float]()
    for _ in range(times):
        path, etag = address(), ""
        for taken, status in ((whole, 200), (had, 304)):
            began = time.perf_counter()
            answer = client.get(path, headers={"if-none-match": etag} if etag else {})
            taken.append(time.perf_counter() - began)
            assert answer.status_code == status, answer.text
            etag = answer.headers["etag"]
    return {"whole_ms": spread(whole), "had_ms": spread(had)}


async def many(server: Otkrytka, number: int, changes: int) -> Figures:
    """So many pages open; a phone counts, and each change must reach all of them."""
    chapter = "region-1"
    with server.join("national") as national, server.join("volunteer", chapter) as phone:
        event = _event(phone, chapter)
        page = national.get("/dashboard", headers={"accept": "text/html"}).text
        query = {"page": "country", "since": _between(page, 'data-live="'), "made": _between(page, 'data-made="')}
        before = memory(server)
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None)
        headers = {"authorization": national.headers["authorization"]}
        async with httpx2.AsyncClient(base_url=server.url, headers=headers, timeout=120, limits=limits) as client:
            shown: asyncio.Queue[float] = asyncio.Queue()
            ready: asyncio.Queue[None] = asyncio.Queue()
            streams = [asyncio.create_task(_listen(client, query, ready, shown)) for _ in range(number)]
            for _ in streams:
                await ready.get()
            opened_memory = memory(server)
            first, last, rev = list[float](), list[float](), ""
            for counted in range(1, changes + 1):
                rev, answered = await asyncio.to_thread(_count, phone, event, counted, rev)
                moments = [await shown.get() for _ in streams]
                first.append(min(moments) - answered)
                last.append(max(moments) - answered)
            figures = {
                "pages": number,
                "memory_mb_before": before,
                "memory_mb_open": opened_memory,
                "memory_mb_after": memory(server),
                "changes": changes,
                "first_page_shows_ms": spread(first),
                "last_page_shows_ms": spread(last),
            }
            for stream in streams:
                stream.cancel()
            await asyncio.gather(*streams, return_exceptions=True)
        return figures


async def _listen(
    client: httpx2.AsyncClient, query: dict[str, str], ready: asyncio.Queue[None], shown: asyncio.Queue[float]
) -> None:
    async with client.stream("GET", "/dashboard/live", params=query) as stream:
        async for line in stream.aiter_lines():
            if line == ": connected":
                ready.put_nowait(None)
            elif line.startswith("event:"):
                shown.put_nowait(time.perf_counter())


def _event(phone: httpx2.Client, chapter: str) -> dict[str, Any]:
    """An evening of the chapter that has a day, so that what is counted moves everything on the page: chart, tiles, rows."""
    found = phone.get(
        f"/db/chapter-{chapter}/_all_docs", params={"startkey": '"event:"', "limit": 1, "include_docs": "true"}
    )
    event: dict[str, Any] = found.raise_for_status().json()["rows"][0]["doc"]
    return event


def _count(phone: httpx2.Client, event: dict[str, Any], counted: int, rev: str) -> tuple[str, float]:
    device, chapter = phone.headers["X-Device"], event["chapter"]
    body = {"type": "sheet", "schema": 1, "event": event["_id"], "device": device, "chapter": chapter}
    line = {"to": None, "kind": "letter", "origin": "here", "added": counted, "removed": 0}
    body |= {"heads": {"added": counted, "removed": 0}, "letters": [line]}
    sheet = f"/db/chapter-{chapter}/sheet:{event['_id'].removeprefix('event:')}:{device}"
    answer = phone.put(sheet, json=body | ({"_rev": rev} if rev else {}))
    return str(answer.raise_for_status().json()["rev"]), time.perf_counter()


def memory(server: Otkrytka) -> float:
    """What the server process holds, in MB."""
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status").read_text("utf-8")
    return round(next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024, 1)


def _between(text: str, before: str) -> str:
    return text.partition(before)[2].partition('"')[0]


def couchdb(address: str, season: Season, times: int) -> Figures:
    """The same total in CouchDB: every sheet emits its letters, `_sum` adds them up. CouchDB has no distinct over a union."""
    name = "otkrytka-benchmark"
    with httpx2.Client(base_url=address, timeout=1800) as client:
        client.delete(f"/{name}")
        client.put(f"/{name}").raise_for_status()
        try:
            for bodies in _batches(season):
                client.post(f"/{name}/_bulk_docs", json={"docs": bodies}).raise_for_status()
            view = {"letters": {"map": _EMITS, "reduce": "_sum"}}
            client.put(f"/{name}/_design/totals", json={"views": view, "language": "javascript"}).raise_for_status()
            began = time.perf_counter()
            for _ in range(
                _PATIENCE
            ):  # on a busy machine CouchDB gives up waiting for its own index; it goes on building
                if client.get(f"/{name}/_design/totals/_view/letters").status_code == 200:
                    break
            letters = _view(client, name, {})
            built = time.perf_counter() - began
            return {
                "letters": letters,
                "index_built_seconds": round(built, 1),
                "national": measured(lambda: _view(client, name, {}), times),
                "by_chapter": measured(lambda: _view(client, name, {"group": "true"}), times),
            }
        finally:
            client.delete(f"/{name}")


def _batches(season: Season) -> Iterator[list[dict[str, Any]]]:
    kept: list[dict[str, Any]] = []
    for evening in evenings(season):
        kept += [body for body in evening.documents if body["type"] == "sheet"]
        if len(kept) > 1000:
            yield kept
            kept = []
    yield kept


def _view(client: httpx2.Client, name: str, query: dict[str, str]) -> int:
    rows = client.get(f"/{name}/_design/totals/_view/letters", params=query).raise_for_status().json()["rows"]
    return sum(row["value"] for row in rows)


async def measure(asked: argparse.Namespace, folder: Path) -> Figures:
    """Everything, one after the other."""
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "yardstick_seconds": yardstick()}
    figures: Figures = {
        "machine": machine | {"load_before": os.getloadavg()},
        "sizes": {},
    }
    for letters in asked.letters:
        settings = Settings(data=folder / str(letters))
        await write(settings, season_of(letters))
        figures["sizes"][letters] = await project(settings) | {"answers": answers(settings, asked.times)}
    server = Otkrytka(folder / str(max(asked.letters)), free_port())
    server.start()
    try:
        figures["pages"] = await pages(server, asked.times)
        figures["public"] = public(server, asked.times)
        figures["open"] = await many(server, asked.pages, asked.changes)
    finally:
        server.stop()
    figures |= compared(asked)
    figures["machine"]["load_after"] = os.getloadavg()
    figures["measured"] = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return figures


def yardstick() -> float:
    """The seconds of a loop that only computes, to compare runs of different hours and machines by."""
    began, number = time.perf_counter(), 0
    while number < _FAR:
        number += 1
    return round(time.perf_counter() - began, 2)


def compared(asked: argparse.Namespace) -> Figures:
    """CouchDB's figures, where there is one."""
    address = os.environ.get("OTKRYTKA_TEST_COUCHDB")
    if not address:
        return {"couchdb": "not measured"}
    load = os.getloadavg()
    return {"couchdb": couchdb(address, season_of(max(asked.letters)), asked.times) | {"load": load}}


def main() -> None:
    """Prints the figures, or writes them to a file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--letters", type=int, nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--times", type=int, default=200, help="how often each question is asked")
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--only-couchdb", action="store_true", help="nothing but the comparison")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = json.dumps(
            compared(asked) if asked.only_couchdb else asyncio.run(measure(asked, Path(folder))), indent=2
        )
    if asked.out is None:
        print(text)
    else:
        asked.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
