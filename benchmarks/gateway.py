"""What the server in front of CouchDB costs a phone: a real PouchDB pushes and pulls, directly and through us, in one run.

    OTKRYTKA_TEST_COUCHDB=http://user:password@127.0.0.1:5984 python benchmarks/gateway.py [--documents 10000] [--rounds 3]

direct    PouchDB talks to CouchDB, as its administrator
server    PouchDB talks to `otkrytka serve` with a device token, whose signature, revocation and role are looked at each time

By default the documents go to a free database of a national coordinator, so that the ratio is the gateway's own. With
`--sheets` they are a volunteer's sheets in a chapter: each is judged by the domain's rules, and the totals are brought up to
date in the same process at the same time. A document has about 290 bytes either way.

The rounds go around the doors in turn, so that a disturbed moment falls on all of them, and every database is new. A ratio is
the median of ours over the median of CouchDB's: 1.3 is the most that is allowed for the gateway. What is made is taken away.
"""

import argparse
import contextlib
import json
import os
import random
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx2

from server.couchdb import Administration
from server.couchdb.condition import OURS
from server.domain.identifiers import chapter_database, chapter_id, new_ulid, sheet_id

HERE = Path(__file__).parent
PHONE = HERE.parent / "pwa"
MOST = 1.3
Seconds = dict[str, float]
Document = dict[str, Any]


def plain(count: int) -> list[Document]:
    """Documents that say nothing."""
    choose = random.Random(1)
    return [{"_id": f"{number:08}", "n": number, "text": choose.randbytes(120).hex()} for number in range(count)]


def sheets(count: int, device: str, chapter: str) -> list[Document]:
    """Sheets of one device at as many events."""
    choose = random.Random(1)
    made = []
    for number in range(count):
        event = f"event:{new_ulid(1_767_000_000_000 + number, choose.randbytes(10))}"
        line = {"to": None, "kind": "letter", "origin": "here", "added": choose.randrange(9), "removed": 0}
        made.append(
            {
                "_id": sheet_id(event, device),
                "type": "sheet",
                "schema": 1,
                "event": event,
                "device": device,
                "chapter": chapter,
                "heads": {"added": choose.randrange(99), "removed": 0},
                "letters": [line],
            }
        )
    return made


class Server:
    """`otkrytka serve` on a CouchDB, with a folder of its own."""

    def __init__(self, couchdb: str, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = {
            **os.environ,
            "OTKRYTKA_DATA": str(folder),
            "OTKRYTKA_STORE": f"couchdb+{couchdb}",
            "OTKRYTKA_PUBLIC_URL": self.url,
        }

    def command(self, *arguments: str) -> str:
        """What `otkrytka …` prints."""
        command = [sys.executable, "-m", "server", *arguments]
        return subprocess.run(command, env=self._environment, check=True, capture_output=True, text=True).stdout

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Serves meanwhile."""
        command = [sys.executable, "-m", "server", "serve", "--port", str(self.port)]
        with subprocess.Popen(command, env=self._environment, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                process.stdout.readline()
                with httpx2.Client(transport=httpx2.HTTPTransport(retries=10)) as client:
                    client.get(self.url + "/healthz", timeout=30)
                yield
            finally:
                process.terminate()

    def join(self, role: str, chapters: list[str]) -> Document:
        """A new device."""
        named = [part for chapter in chapters for part in ("--chapter", chapter)]
        invite = json.loads(self.command("invite", "--role", role, *named, "--json"))["invite"]
        answer = httpx2.post(self.url + "/api/join", json={"invite": invite})
        if answer.status_code != httpx2.codes.CREATED:
            raise SystemExit(f"the device could not join: {answer.text}")
        joined: Document = answer.json()
        return joined


def phone(url: str, token: str, documents: Path, batch: int) -> Seconds:
    """One PouchDB's push and pull, in seconds."""
    command = ["node", str(HERE / "gateway.mjs"), str(PHONE), url, token, str(documents), str(batch)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds: Seconds = json.loads(done.stdout)
    return seconds


def measure(couchdb: str, documents: int, rounds: int, batches: list[int], *, counted: bool) -> dict[str, Any]:
    """Every round of every door; see the module."""
    administration = Administration(couchdb)
    run = secrets.token_hex(3)
    slugs = [f"bench-{run}-{number}" for number in range(rounds * len(batches))]
    before = administration.databases()
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        server = Server(couchdb, Path(folder) / "data")
        file = Path(folder) / "documents.json"
        try:
            server.command("couchdb", "prepare")
            for slug in slugs if counted else []:
                server.command("chapter", "add", slug, "--name-ru", slug, "--name-en", slug)
            with server.running():
                joined = server.join("volunteer", slugs) if counted else server.join("national", [])
                for number, slug in enumerate(slugs):
                    batch = batches[number % len(batches)]
                    database = chapter_database(slug) if counted else slug
                    made = sheets(documents, joined["device"], slug) if counted else plain(documents)
                    file.write_text(json.dumps(made))
                    administration.create(database)
                    administration.create(f"{slug}-direct")
                    doors = {
                        "direct": partial(phone, f"{couchdb}/{slug}-direct", "", file, batch),
                        "server": partial(phone, f"{server.url}/db/{database}", joined["token"], file, batch),
                    }
                    for door in sorted(doors, reverse=number % 2 == 1):
                        for what, seconds in doors[door]().items():
                            results.setdefault(f"{what}, batch {batch or 'default'}", {}).setdefault(door, []).append(
                                seconds
                            )
        finally:
            for name in administration.databases() - before:
                if run in name or name in OURS:
                    administration.delete(name)
            for slug in slugs if counted and "register" in before else []:
                url = f"{couchdb}/register/{chapter_id(slug)}"
                httpx2.delete(url, params={"rev": httpx2.get(url).json()["_rev"]})
    return results


def summary(results: dict[str, Any]) -> dict[str, Any]:
    """The same with medians and ratios."""
    return {
        what: {
            "seconds": {door: [round(one, 3) for one in seconds] for door, seconds in doors.items()},
            "ratio": round(statistics.median(doors["server"]) / statistics.median(doors["direct"]), 3),
            "ratio_of_best": round(min(doors["server"]) / min(doors["direct"]), 3),
        }
        for what, doors in results.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="What the server in front of CouchDB costs a phone.")
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--batches", type=int, nargs="+", default=[0, 1000], help="PouchDB's batch_size; 0: its default"
    )
    parser.add_argument("--sheets", action="store_true", help="a volunteer's sheets, counted meanwhile")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args()
    couchdb = os.environ.get("OTKRYTKA_TEST_COUCHDB", "").rstrip("/")
    if not couchdb:
        parser.error("OTKRYTKA_TEST_COUCHDB names no Apache CouchDB")
    figures = summary(measure(couchdb, options.documents, options.rounds, options.batches, counted=options.sheets))
    for what, row in figures.items():
        verdict = "ok" if row["ratio"] <= MOST else f"more than {MOST}"
        print(f"{what:24} {row['ratio']:5.2f} × CouchDB alone   {verdict}   {row['seconds']}")
    if options.json:
        options.json.write_text(
            json.dumps(
                {"most": MOST, "documents": options.documents, "sheets": options.sheets, "figures": figures}, indent=1
            )
            + "\n"
        )


if __name__ == "__main__":
    main()
