"""Reading connections, used on a bounded pool of threads: a reader sees one moment and waits for no writer."""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sync.databases.sqlite.files import connect, translated
from sync.errors import SyncError, Unavailable

_T = TypeVar("_T")
_KEPT = 2  # idle connections: each holds two file descriptors, and a server may have a hundred databases open


class Readers:
    """The reading connections of one file: as many as there are calls at once, a few kept for the next."""

    def __init__(self, path: Path, name: str, pool: ThreadPoolExecutor) -> None:
        self._path = path
        self.name = name
        self.pool = pool
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._closed: SyncError | None = None

    async def run(self, question: Callable[[sqlite3.Connection], _T]) -> _T:
        """The answer, from one reading transaction on another thread. Raises Corrupt, Unavailable and what it raises."""
        if self._closed is not None:
            raise self._closed
        return await asyncio.get_running_loop().run_in_executor(self.pool, self.ask, question)

    def ask(self, question: Callable[[sqlite3.Connection], _T]) -> _T:
        """The same on this thread."""
        connection = self.take()
        try:
            with translated(self.name):
                connection.execute("BEGIN")
                try:
                    return question(connection)
                finally:
                    with contextlib.suppress(sqlite3.Error):
                        connection.execute("ROLLBACK")
        finally:
            self.give_back(connection)

    async def held(self) -> "Held":
        """A reading transaction that stays open between questions, taking no thread meanwhile."""
        if self._closed is not None:
            raise self._closed
        return await asyncio.get_running_loop().run_in_executor(self.pool, Held, self)

    def take(self) -> sqlite3.Connection:
        """A connection for one user at a time; `give_back` when done."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return connect(self._path, read_only=True)

    def give_back(self, connection: sqlite3.Connection) -> None:
        """Keeps a connection that is in no transaction for the next one."""
        with self._lock:
            if self._closed is None and len(self._idle) < _KEPT:
                self._idle.append(connection)
                return
        connection.close()

    def close(self, reason: SyncError) -> None:
        """Closes idle connections now, the others when their call ends. Later calls raise `reason`."""
        with self._lock:
            self._closed = reason
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()


class Held:
    """One moment of the database, for several questions. Close it: the write-ahead log can't shrink before."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._connection: sqlite3.Connection | None = readers.take()
        with translated(readers.name):
            self._connection.execute("BEGIN")
            self._connection.execute("SELECT 1 FROM state").fetchone()  # the moment begins with the first look

    async def run(self, question: Callable[[sqlite3.Connection], _T]) -> _T:
        """The answer, from another thread."""
        return await asyncio.get_running_loop().run_in_executor(self._readers.pool, self._ask, question)

    def _ask(self, question: Callable[[sqlite3.Connection], _T]) -> _T:
        if self._connection is None:
            raise Unavailable(f"{self._readers.name} is closed.")
        with translated(self._readers.name):
            return question(self._connection)

    def close(self) -> None:
        """Ends the transaction and gives the connection back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            self._readers.give_back(connection)
