"""The one thread that writes a file: whatever waits is committed together.

    write ─┐                                   ┌ SAVEPOINT, job, RELEASE                     ┐
    write ─┼─► queue ─► BEGIN IMMEDIATE, state ┤ SAVEPOINT, job, ROLLBACK TO (its own error) ├─► state, COMMIT ─► answers
    write ─┘                                   └ …                                           ┘

A job is a function of a Transaction. While one group is being synced to disk the next one gathers, so many small
writers share the cost of a commit and one large writer pays it once. Nobody is answered before the commit.
"""

import asyncio
import queue
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from sync.databases.sqlite.files import translate
from sync.errors import NotFound, OutOfSpace, SyncError

_T = TypeVar("_T")
_IDLE_SECONDS = 2.0
_GROUP = 128  # jobs: more would only delay the first answer


class State(msgspec.Struct):
    """The row `state`: read at the start of every transaction, since another process may have written."""

    epoch: str
    began: int
    seq: int
    live: int
    dead: int
    external: int
    purges: int
    folded: int
    gone: int
    revs_limit: int


# The statements below are put together from the names of our own columns only.
_READ_STATE = f"SELECT {', '.join(State.__struct_fields__)} FROM state"  # noqa: S608
_WRITE_STATE = f"UPDATE state SET {', '.join(f'{name} = ?' for name in State.__struct_fields__)}"  # noqa: S608


def read_state(connection: sqlite3.Connection) -> State:
    """Raises NotFound when the database was deleted."""
    state = State(*connection.execute(_READ_STATE).fetchone())
    if state.gone:
        raise NotFound("Database does not exist.")
    return state


class Transaction:
    """What a job may use: the connection, inside BEGIN IMMEDIATE, and the state it changes in place."""

    def __init__(self, connection: sqlite3.Connection, state: State) -> None:
        self.connection = connection
        self.state = state


Job = Callable[[Transaction], Any]


class _Waiting(msgspec.Struct, eq=False):
    job: Job
    answer: "asyncio.Future[Any]"
    result: Any = None
    error: Exception | None = None


class Writer:
    """Runs jobs in groups on a thread and a connection of its own, which the first job starts: most databases are only read."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], name: str, committed: Callable[[], None]) -> None:
        """`connect` is called on the writing thread, and `committed` too, after each commit that moved the sequence."""
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._name = name
        self._committed = committed
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._closed: SyncError | None = None

    async def run(self, job: Callable[[Transaction], _T]) -> _T:
        """What the job returns, once it is on the disk. Raises its error, OutOfSpace, Unavailable, Corrupt, NotFound."""
        waiting = _Waiting(job, asyncio.get_running_loop().create_future())
        with self._lock:
            if self._closed is not None:
                raise self._closed
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=f"writer of {self._name}", daemon=True)
                self._thread.start()
            self._queue.put(waiting)
        result: _T = await waiting.answer
        return result

    def close(self, reason: SyncError) -> None:
        """Blocks until what was asked for is written, then closes the connection. Later calls raise `reason`."""
        with self._lock:
            if self._closed is not None:
                return
            self._closed = reason
            self._queue.put(None)
        if self._thread is not None:
            self._thread.join()
        if self._connection is not None:
            self._connection.close()

    def _next(self) -> _Waiting | None:
        try:
            return self._queue.get(timeout=_IDLE_SECONDS)
        except queue.Empty:
            if self._connection is not None:
                self._connection.execute("PRAGMA shrink_memory")  # of many open databases few are written to at once
            return self._queue.get()

    def _work(self) -> None:
        while (first := self._next()) is not None:
            group = [first]
            while len(group) < _GROUP:
                try:
                    following = self._queue.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    self._queue.put(None)
                    break
                group.append(following)
            self._settle(group)

    def _settle(self, group: list[_Waiting]) -> None:
        moved = self._commit(group)
        if len(group) > 1 and any(isinstance(waiting.error, OutOfSpace) for waiting in group):
            # One large write may have filled the disk: the small ones beside it get another chance.
            again = [self._commit([waiting]) for waiting in group if waiting.error is not None]
            moved = moved or any(again)
        if moved:  # first, so that whoever is answered and then waits is not woken by his own write
            self._committed()
        _answer(group)

    def _commit(self, group: list[_Waiting]) -> bool:
        """Whether the sequence moved; results and errors are left in the group."""
        for waiting in group:
            waiting.error = None
        try:
            connection = self._connection = self._connection or self._connect()
            connection.execute("BEGIN IMMEDIATE")
            state = read_state(connection)
            before = msgspec.structs.replace(state)
            for waiting in group:
                self._attempt(waiting, Transaction(connection, state), alone=len(group) == 1)
            if state != before:
                connection.execute(_WRITE_STATE, msgspec.structs.astuple(state))
            connection.execute("COMMIT")
        except Exception as error:  # a fault in a job must not end the thread: everybody else would wait for ever
            failure = translate(error, self._name) if isinstance(error, sqlite3.Error) else error
            for waiting in group:
                waiting.error = waiting.error or failure
            if self._connection is not None and self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            return False
        return state.seq != before.seq

    def _attempt(self, waiting: _Waiting, transaction: Transaction, *, alone: bool) -> None:
        if alone:
            waiting.result = waiting.job(transaction)
            return
        connection, before = transaction.connection, msgspec.structs.asdict(transaction.state)
        connection.execute("SAVEPOINT job")
        try:
            waiting.result = waiting.job(transaction)
        except Exception as error:
            if not connection.in_transaction:
                raise
            waiting.error = translate(error, self._name) if isinstance(error, sqlite3.Error) else error
            for name, value in before.items():
                setattr(transaction.state, name, value)
            connection.execute("ROLLBACK TO job")
        connection.execute("RELEASE job")


def _answer(group: list[_Waiting]) -> None:
    loops: defaultdict[asyncio.AbstractEventLoop, list[_Waiting]] = defaultdict(list)
    for waiting in group:
        loops[waiting.answer.get_loop()].append(waiting)
    for loop, answered in loops.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, answered)


def _resolve(answered: list[_Waiting]) -> None:
    for waiting in answered:
        if waiting.answer.done():  # whoever asked was cancelled; what was written stays written
            continue
        if waiting.error is not None:
            waiting.answer.set_exception(waiting.error)
        else:
            waiting.answer.set_result(waiting.result)
