"""Evenings counted in a storm: phones of both kinds, clones among them, and a server that is killed again and again.

    python -m tests.chaos.taps.storm --seeds 20 --phones 12 --events 5 --turns 40 --kills 6

In the end the totals of the country, of each chapter and of each event are the ledger's, a rebuild finds the same, every sheet
has its receipt, no acknowledged revision is missing, and the server never failed.
"""

import argparse
import asyncio
import os
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from server.auth.invites import Invites, invitation
from server.auth.keys import signing_secret
from server.chapters import add_chapter
from server.settings import Settings
from server.stores import open_catalog
from tests.chaos.taps.ledger import Direction, Ledger, What
from tests.chaos.taps.phones import PHONE_APP, Fault, Node, PouchPhone, RawPhone, Tap
from tests.e2e.stage import EVENT, Otkrytka, free_port

CHAPTERS = ("moscow", "tver")
NODE = shutil.which("node", path=f"{PHONE_APP.parent / '.venv/bin'}{os.pathsep}{os.environ['PATH']}") or "node"
_ULID_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_KINDS = ("letter", "letter", "letter", "card", "handmade")
_ORIGINS = ("here", "here", "brought", "relayed")
_LONGEST = 240.0  # seconds until everything must be delivered and counted


@dataclass(frozen=True)
class Storm:
    """How much of everything. `turns` are what each phone does: it counts a while, and tries to deliver or does not."""

    phones: int = 12
    events: int = 5
    turns: int = 40
    kills: int = 6


@dataclass
class Weather:
    """Whether the server is up, and how many turns have been taken: kills happen after so many of them.

    `busy` are the phones that take turns and do not wait for the server.
    """

    busy: int = 0
    turns: int = 0
    up: asyncio.Event = field(default_factory=asyncio.Event)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def turn(self, *, busy: int = 0) -> None:
        """Somebody has taken a turn, or (`busy` -1, 1) stops or goes on taking them."""
        async with self._changed:
            self.turns += 1
            self.busy += busy
            self._changed.notify_all()

    async def after(self, turns: int) -> None:
        """Returns when so many turns were taken, or nobody takes any more."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.turns >= turns or not self.busy)


class Evening:
    """One storm over one server, with everything a seed decides."""

    def __init__(self, server: Otkrytka, seed: int, storm: Storm) -> None:
        self._server, self._storm = server, storm
        self._chance = random.Random(seed)
        self._ledger = Ledger()
        self._events = {chapter: [self._id("event") for _ in range(storm.events)] for chapter in CHAPTERS}
        self._prisoners = [self._id("prisoner") for _ in range(15)]
        self._phones: list[PouchPhone | RawPhone] = []
        self._coordinators: dict[str, httpx2.Client] = {}
        self._weather = Weather()
        self._connections = AsyncExitStack()

    async def run(self) -> None:
        """Raises AssertionError or Fault."""
        await self._make_chapters()
        self._server.start()
        self._weather.up.set()
        node = await Node.start(NODE)
        try:
            national = self._join("national")
            self._coordinators = {chapter: self._join("coordinator", chapter) for chapter in CHAPTERS}
            await self._enrol(node)
            self._open_events()
            self._weather.busy = len(self._phones)
            await asyncio.gather(self._kill(), *(self._live(phone) for phone in self._phones))
            async with asyncio.timeout(_LONGEST):
                await self._deliver_everything()
                await self._await_receipts()
            await self._check_acknowledged()
            self._compare(national)
            told = self._server.command("rebuild")
            assert "The numbers are what they were" in told, told
            self._compare(national)
        finally:
            await node.stop()
            await self._connections.aclose()
            self._server.stop()
        log = self._server.log()
        assert "Traceback" not in log, log
        assert "ERROR" not in log, log

    async def _make_chapters(self) -> None:
        catalog = open_catalog(Settings(data=self._server.data))
        for chapter in CHAPTERS:
            await add_chapter(catalog, chapter, ru=chapter, en=chapter, zone="Europe/Moscow")
        await catalog.close()

    def _join(self, role: str, *chapters: str) -> httpx2.Client:
        """A newly enrolled device; the invite is signed here, which is faster than the operator's command."""
        text = Invites(signing_secret(Settings(data=self._server.data))).sign(invitation(role, chapters, 1, CHAPTERS))
        answer = httpx2.post(f"{self._server.url}/api/join", json={"invite": text}, timeout=30)
        assert answer.status_code == httpx2.codes.CREATED, answer.text
        headers = {"Authorization": f"Bearer {answer.json()['token']}", "X-Device": answer.json()["device"]}
        return self._connections.enter_context(httpx2.Client(base_url=self._server.url, headers=headers, timeout=30))

    def _id(self, kind: str) -> str:
        return f"{kind}:0" + "".join(self._chance.choices(_ULID_LETTERS, k=25))

    async def _enrol(self, node: Node) -> None:
        """Half of the phones are PouchDB's, and a third of all have a clone."""
        for number in range(self._storm.phones):
            chapter = CHAPTERS[number % len(CHAPTERS)]
            joined = self._join("volunteer", chapter)
            device, token = joined.headers["X-Device"], joined.headers["Authorization"]
            copy, chance = self._ledger.device(chapter, device), random.Random(self._chance.random())
            if number % 4 < 2:
                url = f"{self._server.url}/db/chapter-{chapter}"
                await node.do("add", device, url=url, token=token.removeprefix("Bearer "))
                self._phones.append(PouchPhone(node, device, chapter, device, copy, chance))
            else:
                client = await self._connections.enter_async_context(
                    httpx2.AsyncClient(base_url=self._server.url, headers={"Authorization": token}, timeout=20)
                )
                self._phones.append(RawPhone(client, chapter, device, copy, chance))
        for phone in self._phones[: self._storm.phones // 3 * 2 : 2]:
            await self._clone(node, phone)
        devices = [phone.device for phone in self._phones]
        for phone in self._phones:
            if isinstance(phone, PouchPhone) and devices.count(phone.device) == 1:
                phone.delivers = "sync"

    async def _clone(self, node: Node, phone: PouchPhone | RawPhone) -> None:
        """Both copies go on writing the same sheets, and never hear of each other but through the server's totals."""
        await phone.count(self._taps(phone, 5))
        copy = self._ledger.cloned(phone.chapter, phone.device, phone.copy)
        chance = random.Random(self._chance.random())
        if isinstance(phone, RawPhone):
            self._phones.append(phone.clone(copy, chance))
            return
        clone = PouchPhone(node, f"{phone.name}'", phone.chapter, phone.device, copy, chance)
        await node.do("clone", clone.name, of=phone.name)
        self._phones.append(clone)

    def _open_events(self) -> None:
        """All but one of each chapter: the phones count there, and the event itself never arrives."""
        for chapter in CHAPTERS:
            for event in self._events[chapter][1:]:
                document = {**EVENT, "_id": event, "chapter": chapter}
                answer = self._coordinators[chapter].put(f"/db/chapter-{chapter}/{event}", json=document)
                assert answer.status_code == httpx2.codes.CREATED, answer.text
                self._ledger.opened[event] = chapter

    def _taps(self, phone: PouchPhone | RawPhone, most: int) -> list[Tap]:
        event = self._chance.choice(self._events[phone.chapter])
        return [
            (event, what, self._direction()) for what in (self._what() for _ in range(self._chance.randint(1, most)))
        ]

    def _what(self) -> What:
        if self._chance.random() < 0.4:
            return "heads"
        to = self._chance.choice([None, *self._prisoners])
        return to, self._chance.choice(_KINDS), self._chance.choice(_ORIGINS)

    def _direction(self) -> Direction:
        """Now and then something is taken back, sometimes more than there was."""
        return "removed" if self._chance.random() < 0.15 else "added"

    async def _live(self, phone: PouchPhone | RawPhone) -> None:
        for _ in range(self._storm.turns):
            await phone.count(self._taps(phone, 6))
            await self._weather.turn()
            if self._chance.random() < 0.4:
                continue  # no signal
            if not await phone.deliver() and self._chance.random() < 0.7:
                await self._weather.turn(busy=-1)
                await self._weather.up.wait()
                await self._weather.turn(busy=1)
        await self._weather.turn(busy=-1)

    async def _kill(self) -> None:
        whole = self._storm.turns * len(self._phones)
        for turn in sorted(self._chance.sample(range(1, whole), self._storm.kills)):
            await self._weather.after(turn)
            self._weather.up.clear()
            sign = self._chance.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM))
            await asyncio.to_thread(self._server.stop, sign)
            await self._weather.after(self._weather.turns + self._chance.randint(0, 10))
            await asyncio.to_thread(self._server.start)
            self._weather.up.set()

    async def _deliver_everything(self) -> None:
        for phone in self._phones:
            deliver = phone.deliver if isinstance(phone, PouchPhone) else phone.deliver_newest
            assert await deliver(), f"{phone.name} could not deliver to a server that is up"

    async def _await_receipts(self) -> None:
        """Asks until everything is counted: reading the feed takes the server a moment."""
        for phone in self._phones:
            revs = await phone.latest()
            body = {"database": f"chapter-{phone.chapter}", "revs": revs}
            while True:
                answer = self._coordinators[phone.chapter].post("/api/receipts", json=body)
                receipts: Mapping[str, Any] = answer.json()
                missing = [doc_id for doc_id, receipt in receipts.items() if not receipt["stored"]]
                assert not missing, f"{phone.name}: not stored: {missing}"
                if all(receipt["counted"] for receipt in receipts.values()):
                    break
                await asyncio.sleep(0.05)

    async def _check_acknowledged(self) -> None:
        """What the server said it had stored, it knows, whatever happened since."""
        for phone in self._phones:
            if not isinstance(phone, RawPhone):
                continue
            revs: dict[str, list[str]] = {}
            for doc_id, rev in phone.acknowledged:
                revs.setdefault(doc_id, []).append(rev)
            answer = self._coordinators[phone.chapter].post(f"/db/chapter-{phone.chapter}/_revs_diff", json=revs)
            assert answer.json() == {}, f"{phone.name}: acknowledged, and gone: {answer.text[:500]}"

    def _compare(self, national: httpx2.Client) -> None:
        self._hold(national, "/api/totals", self._ledger.totals())
        for chapter in CHAPTERS:
            expected = self._ledger.totals(lambda of, _, chapter=chapter: of == chapter)  # type: ignore[misc]
            self._hold(national, f"/api/totals/chapters/{chapter}", expected)
            for event in self._events[chapter]:
                expected = self._ledger.totals(lambda _, of, event=event: of == event)  # type: ignore[misc]
                if expected["events"]:
                    self._hold(national, f"/api/totals/events/{event}", expected)

    def _hold(self, national: httpx2.Client, door: str, expected: Mapping[str, int]) -> None:
        answer = national.get(door)
        assert answer.status_code == httpx2.codes.OK, answer.text
        told = answer.json()
        assert {name: told[name] for name in expected} == expected, door


def storm(folder: Path, seed: int, size: Storm) -> None:
    """One storm on a folder of its own. Raises AssertionError or Fault where something was lost or counted twice."""
    asyncio.run(Evening(Otkrytka(folder / "data", free_port()), seed, size).run())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5, help="how many storms")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    for name, default in vars(Storm()).items():
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    size = Storm(given.phones, given.events, given.turns, given.kills)
    failed = []
    for seed in range(given.first, given.first + given.seeds):
        with tempfile.TemporaryDirectory() as folder:
            try:
                storm(Path(folder), seed, size)
            except (AssertionError, Fault, TimeoutError) as error:
                failed.append(seed)
                sys.stdout.write(f"seed {seed}: {type(error).__name__}: {error}\n")
            else:
                sys.stdout.write(f"seed {seed}: held\n")
            sys.stdout.flush()
    sys.exit(f"failed: {failed}" if failed else 0)


if __name__ == "__main__":
    main()
