"""Two hubs and national, three processes, on a way full of faults, with nightly jobs that are killed.

    phones ──► hub of region-1 ──┐
                                 ├── FaultyProxy ──► national          region-3: its hub has never been heard from
    phones ──► hub of region-2 ──┘

Phones count in rounds; after each, both hubs start `otkrytka nightly`, which is killed with SIGKILL at a point the seed
chooses (after so many lines of its output). In the end it runs until it says that all is well, and then everything must be
equal, counted once, and reported truly.

    python -m tests.chaos.nightly --seeds 20 --rounds 6
"""

import argparse
import asyncio
import datetime as dt
import json
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import msgspec

from fixtures.ledger import Ledger, Tap
from fixtures.season import Season, evenings, register, sheets_of
from server.auth.invites import Invites, invitation, join_link
from server.auth.keys import signing_secret
from server.chapters import add_chapter
from server.domain.documents import Device
from server.domain.identifiers import new_ulid
from server.settings import Settings
from server.stores import open_catalog, open_or_create
from sync.documents import Document
from tests.chaos.faulty_proxy import FaultyProxy
from tests.e2e.stage import Otkrytka, free_port

CHAPTERS = ("region-1", "region-2", "region-3")
FAULTS = (84, 5, 5, 5, 1)  # of a hundred requests; see faulty_proxy.FATES
PATIENCE_MINUTES = "0.1"
_LONGEST = 120.0

Body = dict[str, Any]


class Phones:
    """The phones of one region: enrolled at its hub, each writing its own sheets, some of the taps each round."""

    def __init__(self, hub: Otkrytka, chapter: str, season: Season, rounds: int, chance: random.Random) -> None:
        self._hub = hub
        self._chance = chance
        self._rounds = rounds
        self._coordinator = self._enrol("coordinator", chapter)
        self._clients = [self._enrol("volunteer", chapter) for _ in range(3)]
        self._revs: dict[str, str] = {}
        self._evenings = [evening for evening in evenings(season) if evening.database == f"chapter-{chapter}"]
        self.database = f"chapter-{chapter}"
        self.taps: list[Tap] = []
        self._plan = [[self._ours(tap) for tap in evening.taps] for evening in self._evenings]

    def _enrol(self, role: str, chapter: str) -> httpx2.Client:
        invited = invitation(role, [chapter], 1, [chapter])
        text = Invites(signing_secret(Settings(data=self._hub.data))).sign(invited)
        answer = httpx2.post(f"{self._hub.url}/api/join", json={"invite": text}, timeout=30)
        assert answer.status_code == 201, answer.text
        headers = {"Authorization": f"Bearer {answer.json()['token']}", "X-Device": answer.json()["device"]}
        return httpx2.Client(base_url=self._hub.url, headers=headers, timeout=30)

    def _ours(self, tap: Tap) -> Tap:
        """The tap on one of the phones there are, always the same one for one of the season's devices."""
        phone = self._clients[sum(tap.device.encode()) % len(self._clients)]
        return tap._replace(device=phone.headers["X-Device"])

    def count(self, number: int) -> None:
        """Everything that was tapped up to this round, as the phones would send it."""
        self.taps = []
        for evening, taps in zip(self._evenings, self._plan, strict=True):
            event = {**evening.documents[0], "device": None}
            self._write(self._coordinator, event)
            part = taps[: len(taps) * (number + 1) // self._rounds]
            self.taps += part
            for sheet in sheets_of(part):
                [owner] = [one for one in self._clients if one.headers["X-Device"] == sheet["device"]]
                self._write(owner, sheet)

    def _write(self, client: httpx2.Client, body: Body) -> None:
        rev = self._revs.get(body["_id"])
        if rev is not None and body["type"] == "event":
            return
        answer = client.put(f"/db/{self.database}/{body['_id']}", json=body | ({"_rev": rev} if rev else {}))
        assert answer.status_code == 201, answer.text
        self._revs[body["_id"]] = answer.json()["rev"]

    def receipts(self) -> dict[str, dict[str, bool]]:
        """What the hub says became of everything."""
        asked = {"database": self.database, "revs": self._revs}
        answer = self._coordinator.post("/api/receipts", json=asked)
        assert answer.status_code == 200, answer.text
        told: dict[str, dict[str, bool]] = answer.json()
        return told

    def close(self) -> None:
        for client in (self._coordinator, *self._clients):
            client.close()


class Country:
    """The three servers and the way between them."""

    def __init__(self, folder: Path, seed: int, rounds: int) -> None:
        self._chance = random.Random(seed)
        self._rounds = rounds
        self.season = Season(
            seed=seed, chapters=2, months=1, events_per_month=3, heads_per_event=15, letters_per_event=30
        )
        port = free_port()
        self.proxy = FaultyProxy(port, seed)
        self.national = Otkrytka(folder / "national", port)
        self.hubs = {
            chapter: Otkrytka(folder / chapter, free_port(), {"OTKRYTKA_PATIENCE": PATIENCE_MINUTES})
            for chapter in CHAPTERS[:2]
        }
        self.phones: list[Phones] = []
        self.kills = 0

    @contextmanager
    def open(self) -> Iterator["Country"]:
        """Starts everything, joins the hubs through the way, and runs their first night without faults."""
        with ExitStack() as stack:
            stack.enter_context(self.proxy)
            self.national.settings["OTKRYTKA_PUBLIC_URL"] = self.proxy.url
            asyncio.run(_prepare(Settings(data=self.national.data), self.season))
            stack.callback(self.national.stop)
            self.national.start()
            for chapter, hub in self.hubs.items():
                stack.callback(hub.stop)
                hub.command("hub", "join", self._invite(chapter))
            assert set(self._nightly_everywhere()) == {0}
            for chapter, hub in self.hubs.items():
                hub.start()
                self.phones.append(Phones(hub, chapter, self.season, self._rounds, self._chance))
                stack.callback(self.phones[-1].close)
            yield self

    def _invite(self, chapter: str) -> str:
        invited = invitation("hub", [chapter], 1, CHAPTERS)
        return join_link(self.proxy.url, Invites(signing_secret(Settings(data=self.national.data))).sign(invited))

    def live_through(self) -> None:
        """Counting and killed nights in turn, then nights until all is well."""
        self.proxy.weights = FAULTS
        for number in range(self._rounds):
            for phones in self.phones:
                phones.count(number)
            self._kill_nights()
        for _ in range(10):
            if set(self._nightly_everywhere()) == {0}:
                return
        raise AssertionError(f"the nights never ended well: {self.proxy.met}\n{self._reports()}")

    def _kill_nights(self) -> None:
        jobs = [(self._start_nightly(hub), self._chance.randrange(1, 14)) for hub in self.hubs.values()]
        for job, lines in jobs:
            assert job.stdout is not None
            for _ in range(lines):
                if not job.stdout.readline():
                    break
            self.kills += job.poll() is None
            job.send_signal(signal.SIGKILL)
            job.communicate()

    def _nightly_everywhere(self) -> list[int]:
        return self._nightly(*self.hubs.values())

    def _nightly(self, *servers: Otkrytka) -> list[int]:
        """The exit codes of nightly jobs that run at the same time."""
        jobs = [self._start_nightly(server) for server in servers]
        for job in jobs:
            job.communicate(timeout=_LONGEST)
        return [job.returncode for job in jobs]

    @staticmethod
    def _start_nightly(server: Otkrytka) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "server", "nightly"]
        return subprocess.Popen(command, env=server.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def check(self) -> None:
        """Digests, totals, receipts, reports: everything that must hold in the end."""
        self.proxy.weights = (1, 0, 0, 0, 0)
        assert self._nightly(self.national) == [0]
        national = _latest(self.national)
        rows = {row["database"]: row for row in national["databases"]}
        for chapter, hub in self.hubs.items():
            told = {row["database"]: row for row in _latest(hub)["databases"]}
            for name in ("register", f"chapter-{chapter}"):
                assert told[name]["agreement"] == "equal", told[name]
                assert told[name]["refusals"] == 0, told[name]
                assert told[name]["digest"] == rows[name]["digest"], name
        assert [name for name, row in rows.items() if row["silent"]] == ["chapter-region-3"]
        assert not national["totals"]["differing"]
        for phones in self.phones:
            lost = [name for name, told in phones.receipts().items() if not all(told.values())]
            assert not lost, lost
        self._check_totals()

    def _check_totals(self) -> None:
        client = self.national.join("national")
        ledger = Ledger(tap for phones in self.phones for tap in phones.taps)
        for chapter in (None, *CHAPTERS[:2]):
            told = client.get("/api/totals" + (f"/chapters/{chapter}" if chapter else "")).json()
            expected = ledger.totals(chapter)
            assert {name: told[name] for name in expected} == expected, (chapter, told, expected)
        client.close()

    def _reports(self) -> str:
        return json.dumps([_latest(hub) for hub in self.hubs.values()], indent=1)


def _latest(server: Otkrytka) -> Body:
    newest = max((server.data / "reports").glob("*.json"))
    told: Body = json.loads(newest.read_text())
    return told


async def _prepare(settings: Settings, season: Season) -> None:
    """National's chapters and register, and the hub of region-3, which joined a month ago and was never heard from."""
    catalog = open_catalog(settings)
    for chapter in CHAPTERS:
        await add_chapter(catalog, chapter, ru=chapter, en=chapter, zone="Europe/Moscow")
    bodies = [body for body in register(season) if body["type"] != "chapter"]
    documents = [Document(id=body.pop("_id"), body=msgspec.json.encode(body)) for body in bodies]
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=30)
    hub = Device(schema=1, pseudonym="far", role="hub", chapters=["region-3"], enrolled=long_ago, invite=new_ulid())
    away = Document(id=f"device:{new_ulid()}", body=msgspec.json.encode(hub))
    for name, written in (("register", documents), ("devices", [away])):
        for outcome in await (await open_or_create(catalog, name)).write(written):
            assert outcome.error is None, outcome.error
    await catalog.close()


def run(folder: Path, seed: int, rounds: int) -> str:
    """One life, from the first night to the proof. Raises AssertionError; answers what happened on the way."""
    with Country(folder, seed, rounds).open() as country:
        country.live_through()
        country.check()
        return f"seed {seed}: {country.kills} nights killed, requests {dict(country.proxy.met)}"


def main() -> None:
    """As many seeds as asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.nightly", description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    for seed in range(asked.first, asked.first + asked.seeds):
        with tempfile.TemporaryDirectory() as folder:
            print(run(Path(folder), seed, asked.rounds), flush=True)  # noqa: T201 the command line's answer


if __name__ == "__main__":
    main()
