"""On the upstream side: the nights hubs told of, and when each chapter's hub was last heard from.

    _local/night:<device> in `devices`     a `Heard`: our clock, and what the hub told

The note lies where no device can write, so nobody else can pretend that a hub was heard from.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec

from server.auth.devices import Devices
from server.domain.identifiers import DEVICES, chapter_of
from server.domain.identity import Identity
from server.stores import open_or_create
from sync.databases.contract import Catalog, Database
from sync.errors import Conflict, NotFound

_MOST = 200
_Text = Annotated[str, msgspec.Meta(max_length=300)]
_Count = Annotated[int, msgspec.Meta(ge=0)]


class ToldDatabase(msgspec.Struct, frozen=True):
    """One database's night at a hub, as `server/jobs/report.py` describes it."""

    database: _Text
    pushed: _Count = 0
    pulled: _Count = 0
    refusals: _Count = 0
    agreement: Literal["equal", "moving", "different"] | None = None
    differences: _Count = 0
    documents: _Count = 0
    digest: _Text = ""
    seconds: float = 0.0
    problem: _Text = ""


class ToldNight(msgspec.Struct, frozen=True):
    """A hub's night."""

    began: Annotated[dt.datetime, msgspec.Meta(tz=True)]
    databases: Annotated[list[ToldDatabase], msgspec.Meta(max_length=_MOST)]


class Heard(msgspec.Struct, frozen=True):
    """What a hub last told, and when, by our clock. `chapters` are those it is the hub of."""

    device: str
    chapters: tuple[str, ...]
    at: dt.datetime
    night: ToldNight


class Nights:
    """The hubs' nights that are kept in a store."""

    def __init__(self, devices: Database) -> None:
        self._devices = devices

    @classmethod
    async def open(cls, catalog: Catalog) -> "Nights":
        """Those kept in this store."""
        return cls(await open_or_create(catalog, DEVICES))

    async def keep(self, hub: Identity, night: ToldNight) -> None:
        """Keeps what a hub tells of the register and its own chapters, instead of what it told before."""
        ours = [one for one in night.databases if chapter_of(one.database) in (None, *hub.chapters)]
        told = msgspec.structs.replace(night, databases=ours)
        heard = Heard(str(hub.device), hub.chapters, dt.datetime.now(dt.UTC), told)
        body = msgspec.json.encode(heard)
        while True:
            try:
                await self._devices.put_local(_id(heard.device), body, await self._rev(heard.device))
            except Conflict:
                continue
            return

    async def told(self, hubs: Iterable[str]) -> list[Heard]:
        """What these hubs (devices) last told, the latest first."""
        found = await self._devices.local_docs([_id(hub) for hub in hubs])
        nights = [msgspec.json.decode(one.body, type=Heard) for one in found]
        return sorted(nights, key=lambda heard: heard.at, reverse=True)

    async def _rev(self, device: str) -> str:
        try:
            return (await self._devices.get_local(_id(device))).rev
        except NotFound:
            return ""


class Hubs(msgspec.Struct, frozen=True):
    """The hubs that report here. `since` says for each chapter with a hub when one was last heard from, else when it joined."""

    told: tuple[Heard, ...] = ()
    since: dict[str, dt.datetime] = msgspec.field(default_factory=dict)


async def hubs(devices: Devices, nights: Nights) -> Hubs:
    """What is known of the hubs that are enrolled and not revoked."""
    enrolled = {one.id: one for one in await devices.everyone() if one.role == "hub" and one.revoked is None}
    told = await nights.told(enrolled)
    since: dict[str, dt.datetime] = {}
    for moment, chapters in [
        *((one.enrolled, one.chapters) for one in enrolled.values()),
        *((heard.at, enrolled[heard.device].chapters) for heard in told),
    ]:
        for chapter in chapters:
            since[chapter] = max(since.get(chapter, moment), moment)
    return Hubs(tuple(told), since)


def _id(device: str) -> str:
    return f"_local/night:{device}"
