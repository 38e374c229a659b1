"""A folder of databases."""

import asyncio
import contextlib
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from sync.databases.contract import START, Catalog, Database
from sync.databases.names import check_name, is_legal
from sync.databases.sqlite import files
from sync.databases.sqlite.database import UPLOAD_GRACE, SqliteDatabase
from sync.databases.sqlite.doorbell import Doorbell
from sync.databases.waiters import Waiters
from sync.errors import NotFound, Unavailable

_T = TypeVar("_T")
_READERS = 4


class SqliteCatalog(Catalog):
    """Every database in `folder`, which is made if need be. Other processes may use the folder at the same time."""

    def __init__(self, folder: str | Path, *, readers: int = _READERS, upload_grace: float = UPLOAD_GRACE) -> None:
        """`readers` bounds the threads, and so the connections to one file, that read at once."""
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._pool = ThreadPoolExecutor(readers, thread_name_prefix="reader")
        self._grace = upload_grace
        self._lock = threading.Lock()
        self._open: dict[str, SqliteDatabase] = {}
        self._marking = threading.Lock()
        self._token = secrets.token_hex(4)
        self._count = 0
        self._changed: dict[str, int] = {}
        self._waiters = Waiters()
        self._bell = Doorbell(self.folder, self._heard)
        self._closed = False

    async def open(self, name: str) -> Database:
        database = self._open.get(name)
        if database is not None:
            return database
        if not is_legal(name):
            raise NotFound("Database does not exist.")
        return await self._run(partial(self._open_now, name))

    def _open_now(self, name: str) -> SqliteDatabase:
        with self._lock:
            if self._closed:
                raise Unavailable("The catalog is closed.")
            if name not in self._open:
                self._bell.listen()
                path = self.folder / files.file_name(name)
                self._open[name] = SqliteDatabase(path, name, self._pool, self._committed, self._grace)
            return self._open[name]

    async def create(self, name: str) -> Database:
        check_name(name)
        await self._run(partial(files.create, self.folder, name))
        self._committed(name)
        return await self.open(name)

    async def delete(self, name: str) -> None:
        await self._run(partial(self._delete_now, name))

    def _delete_now(self, name: str) -> None:
        database = self._open.get(name)
        if database is not None:
            # What was asked before ends first: who has written is told so, and not that there is no database.
            database.close_now(NotFound("Database does not exist."))
        try:
            files.remove(self.folder, name)
        finally:
            with self._lock:
                self._open.pop(name, None)
        self._committed(name)

    async def names(self) -> list[str]:
        return await self._run(partial(files.names_in, self.folder))

    async def wait(self, since: str) -> tuple[str, frozenset[str]]:
        self._bell.listen()
        count, _, token = since.partition("-")
        if since == START or token != self._token:  # a mark of an earlier process says nothing
            mark = self._count + 1
            return self._mark(mark), frozenset(await self.names())
        while not self._closed:
            with self._waiters.joined() as woken:
                mark, changed = self._count + 1, dict(self._changed)
                if names := frozenset(name for name, at in changed.items() if at >= int(count)):
                    return self._mark(mark), names
                await woken
        raise Unavailable("The catalog is closed.")

    def _mark(self, count: int) -> str:
        return f"{count}-{self._token}"

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self._close_now)

    def _close_now(self) -> None:
        with self._lock:
            self._closed = True
            databases, self._open = list(self._open.values()), {}
        for database in databases:
            database.close_now()
        self._pool.shutdown()
        self._bell.close()
        self._waiters.wake()

    async def _run(self, work: Callable[[], _T]) -> _T:
        if self._closed:
            raise Unavailable("The catalog is closed.")
        return await asyncio.get_running_loop().run_in_executor(None, work)

    # -- what the writing threads and the bell say

    def _committed(self, name: str) -> None:
        self._note((name,))
        with contextlib.suppress(OSError):
            self._bell.ring(name)

    def _heard(self, name: str | None) -> None:
        names = [name] if name is not None else [*files.names_in(self.folder), *self._open]
        for each in names:
            database = self._open.get(each)
            if database is None:
                continue
            if self._is_current(database):
                database.wake()
                continue
            with self._lock:
                self._open.pop(each, None)
            database.close_now(NotFound("Database does not exist."))
        self._note(names)

    @staticmethod
    def _is_current(database: SqliteDatabase) -> bool:
        """Whether the open file is still the one of that name: another process may have deleted it, and made it anew."""
        with contextlib.suppress(OSError):
            return database.path.stat().st_ino == database.inode
        return False

    def _note(self, names: "list[str] | tuple[str, ...]") -> None:
        with self._marking:
            for name in names:
                self._count += 1
                self._changed[name] = self._count
        self._waiters.wake()
