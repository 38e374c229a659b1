"""Databases in memory by their names, and whose contents changed."""

from sync.databases.contract import START, Catalog, Database
from sync.databases.memory.database import MemoryDatabase
from sync.databases.names import check_name
from sync.databases.waiters import Waiters
from sync.errors import AlreadyExists, NotFound


class MemoryCatalog(Catalog):
    """Databases by name, in memory."""

    def __init__(self) -> None:
        self._databases: dict[str, MemoryDatabase] = {}
        self._count = 0
        self._changed: dict[str, int] = {}
        self._waiters = Waiters()

    async def open(self, name: str) -> Database:
        if name not in self._databases:
            raise NotFound("Database does not exist.")
        return self._databases[name]

    async def create(self, name: str) -> Database:
        check_name(name)
        if name in self._databases:
            raise AlreadyExists("The database could not be created, the file already exists.")
        self._databases[name] = MemoryDatabase(name, self._mark)
        self._mark(name)
        return self._databases[name]

    async def delete(self, name: str) -> None:
        if name not in self._databases:
            raise NotFound("Database does not exist.")
        self._databases.pop(name).delete()

    async def names(self) -> list[str]:
        return sorted(self._databases)

    async def wait(self, since: str) -> tuple[str, frozenset[str]]:
        if since == START:
            return str(self._count + 1), frozenset(self._databases)
        while not (names := frozenset(name for name, count in self._changed.items() if count >= int(since))):
            with self._waiters.joined() as woken:
                await woken
        return str(self._count + 1), names

    async def close(self) -> None:
        return None

    def _mark(self, name: str) -> None:
        self._count += 1
        self._changed[name] = self._count
        self._waiters.wake()
