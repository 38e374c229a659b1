"""Phones that count and deliver, of two kinds, with every bad habit a phone can have.

PouchPhone   the real PouchDB, in one Node process for all of them
RawPhone     speaks the replication protocol itself: late, twice, in any order, old revisions, a part of the history
"""

import asyncio
import hashlib
import itertools
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx2

from fixtures.season import empty_sheet
from tests.chaos.taps.ledger import Copy, Direction, What

Body = dict[str, Any]
Tap = tuple[str, What, Direction]

PHONE_APP = Path(__file__).parents[3] / "pwa"


class Fault(Exception):
    """The server answered as it never may."""


class Node:
    """The process that runs the PouchDB phones."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._numbers = itertools.count()
        self._waiting: dict[int, asyncio.Future[Body]] = {}
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, node: str) -> "Node":
        script = str(Path(__file__).with_name("phones.mjs"))
        process = await asyncio.create_subprocess_exec(
            node, script, str(PHONE_APP), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**24
        )
        return cls(process)

    async def do(self, op: str, phone: str, **more: Any) -> Body:
        """Tells a phone to do something and waits for its answer."""
        number = next(self._numbers)
        answered = self._waiting[number] = asyncio.get_running_loop().create_future()
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": number, "op": op, "phone": phone, **more}).encode() + b"\n")
        await self._process.stdin.drain()
        answer: Body = await answered
        return answer

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            answer = json.loads(line)
            self._waiting.pop(answer["id"]).set_result(answer)
        for waiting in self._waiting.values():
            waiting.set_exception(RuntimeError("Node has ended"))

    async def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reading


class PouchPhone:
    """A phone with the real PouchDB. `delivers` is how: "push" or "sync"."""

    def __init__(self, node: Node, name: str, chapter: str, device: str, copy: Copy, chance: random.Random) -> None:
        self.chapter, self.device, self.copy = chapter, device, copy
        self._node, self.name, self._chance = node, name, chance
        self.delivers = "push"

    async def count(self, taps: Sequence[Tap]) -> None:
        for event, group in itertools.groupby(taps, key=lambda tap: tap[0]):
            sheet = empty_sheet(self.chapter, event, self.device)
            mine = [(what, direction) for _, what, direction in group]
            answer = await self._node.do("tap", self.name, sheet=sheet, taps=mine)
            assert "ok" in answer, answer
            for what, direction in mine:
                self.copy.tap(event, what, direction)

    async def deliver(self) -> bool:
        """Tries once; False where it did not get through."""
        answer = await self._node.do(self.delivers, self.name, batch=self._chance.choice((1, 2, 100)))
        if answer.get("status") == 500 or answer.get("refused"):
            raise Fault(f"{self.name}: {answer}")
        return "ok" in answer

    async def latest(self) -> Mapping[str, str]:
        """The revisions of its sheets that the server must have in the end."""
        revs: dict[str, str] = (await self._node.do("revs", self.name))["revs"]
        return revs


class RawPhone:
    """A phone without PouchDB. Keeps every version it ever wrote, and sends any of them in any order."""

    def __init__(
        self, client: httpx2.AsyncClient, chapter: str, device: str, copy: Copy, chance: random.Random
    ) -> None:
        self.chapter, self.device, self.copy = chapter, device, copy
        self.name = device
        self._client, self._chance = client, chance
        self._versions: dict[str, list[Body]] = {}
        self.acknowledged: set[tuple[str, str]] = set()

    def clone(self, copy: Copy, chance: random.Random) -> "RawPhone":
        """A second phone that starts with all this one has."""
        other = RawPhone(self._client, self.chapter, self.device, copy, chance)
        other.name = f"{self.name}'"
        other._versions = {doc_id: list(versions) for doc_id, versions in self._versions.items()}
        return other

    async def count(self, taps: Sequence[Tap]) -> None:
        for event, what, direction in taps:
            self.copy.tap(event, what, direction)
            self._write(event)

    def _write(self, event: str) -> None:
        sheet = empty_sheet(self.chapter, event, self.device)
        for (of, what), (added, removed) in self.copy.counters.items():
            if of != event:
                continue
            if what == "heads":
                sheet["heads"] = {"added": added, "removed": removed}
            else:
                to, kind, origin = what
                sheet["letters"].append({"to": to, "kind": kind, "origin": origin, "added": added, "removed": removed})
        versions = self._versions.setdefault(sheet["_id"], [])
        ids = versions[-1]["_revisions"]["ids"] if versions else []
        ident = hashlib.sha256(json.dumps([sheet, ids[:1]]).encode()).hexdigest()[:32]
        generation = len(versions) + 1
        history = {"start": generation, "ids": [ident, *ids]}
        versions.append({**sheet, "_rev": f"{generation}-{ident}", "_revisions": history})

    async def deliver(self) -> bool:
        """Sends some versions of some sheets, the newest among them or not; False where it did not get through."""
        chosen = [
            version
            for versions in self._versions.values()
            for version in self._chance.choices(versions[-8:], k=self._chance.randint(1, 3))
        ]
        return await self._send(chosen)

    async def deliver_newest(self) -> bool:
        return await self._send([versions[-1] for versions in self._versions.values()])

    async def _send(self, documents: list[Body]) -> bool:
        self._chance.shuffle(documents)
        sent = [self._shortened(document) for document in documents]
        try:
            for _ in range(self._chance.choice((1, 1, 2))):
                answer = await self._client.post(
                    f"/db/chapter-{self.chapter}/_bulk_docs", json={"new_edits": False, "docs": sent}
                )
        except httpx2.TransportError:
            return False
        if answer.status_code != httpx2.codes.CREATED or answer.json():
            raise Fault(f"{self.name}: {answer.status_code} {answer.text[:200]}")
        self.acknowledged.update((document["_id"], document["_rev"]) for document in sent)
        return True

    def _shortened(self, document: Body) -> Body:
        """With all of the history, or only its newest part: phones forget too."""
        history = document["_revisions"]
        kept = self._chance.choice((1, 3, len(history["ids"]), len(history["ids"])))
        return {**document, "_revisions": {"start": history["start"], "ids": history["ids"][:kept]}}

    async def latest(self) -> Mapping[str, str]:
        """The revisions of its sheets that the server must have in the end."""
        return {doc_id: versions[-1]["_rev"] for doc_id, versions in self._versions.items()}
