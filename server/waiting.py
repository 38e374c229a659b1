"""What phones said they still hold: how many documents the server lacks, and since when the oldest of them waits.

    _local/waiting:<device> in `devices`     a `Waiting`, as the phone last told it

It is told to people who look at numbers, and nothing hangs on it: receipts alone say what arrived. The note lies where no
device can write, so nobody can speak for another.
"""

import datetime as dt
from collections.abc import Iterable

import msgspec

from server.domain.identifiers import DEVICES
from server.stores import open_or_create
from sync.databases.contract import Catalog, Database
from sync.errors import Conflict, NotFound


class Waiting(msgspec.Struct, frozen=True):
    """What one phone held when it was last heard, `at` by our clock; `since` is by the phone's own."""

    records: int
    since: dt.datetime | None
    at: dt.datetime


class WaitingPhones:
    """What the phones of one store said."""

    def __init__(self, devices: Database) -> None:
        self._devices = devices

    @classmethod
    async def open(cls, catalog: Catalog) -> "WaitingPhones":
        """What is kept in this store."""
        return cls(await open_or_create(catalog, DEVICES))

    async def tell(self, device: str, records: int, since: dt.datetime | None) -> None:
        """Keeps what a phone says, in place of what it said before."""
        body = msgspec.json.encode(Waiting(records, since if records else None, dt.datetime.now(dt.UTC)))
        while True:
            try:
                await self._devices.put_local(_id(device), body, await self._rev(device))
            except Conflict:
                continue
            return

    async def of(self, devices: Iterable[str]) -> dict[str, Waiting]:
        """Those of the phones that hold something, by device."""
        found = await self._devices.local_docs([_id(device) for device in devices])
        told = {one.id.rpartition(":")[2]: msgspec.json.decode(one.body, type=Waiting) for one in found}
        return {device: waiting for device, waiting in told.items() if waiting.records}

    async def _rev(self, device: str) -> str:
        try:
            return (await self._devices.get_local(_id(device))).rev
        except NotFound:
            return ""


def _id(device: str) -> str:
    return f"_local/waiting:{device}"
