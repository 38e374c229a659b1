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
from sync.errors import SyncError

_T = TypeVar("_T")


class Readers:
    """The reading connections of one file: as many as there are calls at once, kept for the next calls."""

    def __init__(self, path: Path, name: str, pool: ThreadPoolExecutor) -> None:
        self._path = path
        self._name = name
        self._pool = pool
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._closed: SyncError | None = None

    async def run(self, question: Callable[[sqlite3.Connection], _T]) -> _T:
        """The answer, from one reading transaction on another thread. Raises Corrupt, Unavailable and what it raises."""
        if self._closed is not None:
            raise self._closed
        return await asyncio.get_running_loop().run_in_executor(self._pool, self.ask, question)

    def ask(self, question: Callable[[sqlite3.Connection], _T]) -> _T:
        """The same on this thread."""
        connection = self._take()
        try:
            with translated(self._name):
                connection.execute("BEGIN")
                try:
                    return question(connection)
                finally:
                    with contextlib.suppress(sqlite3.Error):
                        connection.execute("ROLLBACK")
        finally:
            self._give_back(connection)

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return connect(self._path, read_only=True)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if self._closed is None:
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
