"""The file of the projection: who may write it, and how a page of a feed becomes rows.

Every page is applied in one transaction that first checks that the database is still where the page began. Two followers of
one file (a running server and `otkrytka rebuild`) therefore never apply anything to a state it was not read for.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import anyio
import anyio.to_thread
import msgspec

from server.projection import evenings
from server.projection.reading import Kept
from sync.databases.contract import START

_SCHEMA = Path(__file__).with_name("schema.sql").read_text("utf-8")
_VERSION = 2
MADE_ANEW = ("source", "document", "evening", "recipient")
"""The tables a rebuild makes anew; `heard` is the one it keeps."""

_SOURCE = "SELECT database, epoch, seq, round, complete FROM source WHERE database = ?"
_PUT_SOURCE = "INSERT OR REPLACE INTO source (database, epoch, seq, round, complete) VALUES (?, ?, ?, ?, ?)"
_PUT_DOCUMENT = (
    "INSERT OR REPLACE INTO document (database, id, type, event, leaves, round, conflict, body) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_EVENT_OF = "SELECT event FROM document WHERE database = ? AND id = ?"
_UNSEEN = "SELECT DISTINCT event FROM document WHERE database = ? AND round < ? AND event IS NOT NULL"
_DROP_UNSEEN = "DELETE FROM document WHERE database = ? AND round < ?"
_OF_EVENT = "SELECT id, body FROM document WHERE database = ? AND event = ? AND body IS NOT NULL ORDER BY id"
_PUT_RECIPIENT = "INSERT INTO recipient (database, event, prisoner, written) VALUES (?, ?, ?, ?)"
_HEARD = "INSERT OR REPLACE INTO heard (database, device, at) VALUES (?, ?, ?)"

P = ParamSpec("P")
T = TypeVar("T")


class Source(msgspec.Struct, frozen=True):
    """How far one database has been read: see `source` in schema.sql."""

    database: str
    epoch: str
    seq: str = START
    round: int = 1
    complete: bool = False


class Page(msgspec.Struct, frozen=True):
    """A page of a database's feed, read from `since` on up to `seq`; `last` when nothing followed it.

    `heard` is the time at which its documents arrived, None where that is not known.
    """

    since: Source
    seq: str
    documents: Sequence[Kept]
    last: bool
    heard: str | None = None


class Tables:
    """One projection file, open. `read` runs a query and `write` one of the changes; both in threads."""

    def __init__(self, path: Path) -> None:
        """Opens the file; makes it where there is none, and anew where it is damaged or of another version."""
        self.path = path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._writer = _open_or_make(path)
        self._readers: list[sqlite3.Connection] = []
        self._reading = anyio.CapacityLimiter(4)
        self._writing = anyio.CapacityLimiter(1)

    def close(self) -> None:
        """Closes every connection; nothing may be running."""
        for reader in self._readers:
            reader.close()
        self._writer.close()

    async def read(
        self, query: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The answer of `query(connection, …)`, which sees one state of the file however often it asks."""
        return await anyio.to_thread.run_sync(lambda: self._query(query, *args, **kwargs), limiter=self._reading)

    async def write(self, change: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The outcome of one of the changes below; one runs at a time."""
        return await anyio.to_thread.run_sync(lambda: change(*args, **kwargs), limiter=self._writing)

    def source(self, database: str) -> Source | None:
        """How far a database has been read, or None for one that has not been read at all."""
        return _source(self._writer, database)

    def restart(self, database: str, epoch: str) -> Source:
        """Begins to read a database again from its beginning. Until that is done, what is known of it stays."""
        with self._transaction() as connection:
            known = _source(connection, database)
            fresh = Source(database, epoch, round=known.round + 1 if known else 1)
            _put_source(connection, fresh)
        return fresh

    def forget(self, database: str) -> None:
        """Removes everything about a database that is no longer there."""
        with self._transaction() as connection:
            for table in (*MADE_ANEW, "heard"):
                connection.execute(f"DELETE FROM {table} WHERE database = ?", (database,))  # noqa: S608 our own names

    def apply(self, page: Page) -> Source | None:
        """Takes a page over and says where the database now stands; None when it is no longer where the page began."""
        database = page.since.database
        with self._transaction() as connection:
            if _source(connection, database) != page.since:
                return None
            touched = _put_documents(connection, page)
            if page.last and not page.since.complete:
                touched |= _drop_unseen(connection, page.since)
            for event in touched:
                _count_again(connection, database, event)
            reached = msgspec.structs.replace(page.since, seq=page.seq, complete=page.since.complete or page.last)
            _put_source(connection, reached)
        return reached

    def replace_with(self, other: Path) -> None:
        """Takes over every table but `heard` from another projection file, at once for whoever reads."""
        self._writer.execute("ATTACH DATABASE ? AS fresh", (str(other),))
        try:
            with self._transaction() as connection:
                for table in MADE_ANEW:
                    connection.execute(f"DELETE FROM main.{table}")  # noqa: S608 our own names
                    connection.execute(f"INSERT INTO main.{table} SELECT * FROM fresh.{table}")  # noqa: S608
        finally:
            self._writer.execute("DETACH DATABASE fresh")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            yield self._writer
        except BaseException:
            self._writer.execute("ROLLBACK")
            raise
        self._writer.execute("COMMIT")

    def _query(self, query: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        connection = self._readers.pop() if self._readers else _reader(self.path)
        try:
            connection.execute("BEGIN")
            return query(connection, *args, **kwargs)
        finally:
            connection.rollback()
            self._readers.append(connection)


def _open_or_make(path: Path) -> sqlite3.Connection:
    try:
        connection = _writer(path)
        if connection.execute("PRAGMA user_version").fetchone()[0] == _VERSION:
            return connection
        connection.close()
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise  # locked, or no right to open it: nothing that deleting would mend
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    connection = _writer(path)
    connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")
    return connection


def _writer(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # The file can be made again from the databases, so a commit need not wait for the disk; WAL keeps it whole.
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    path.chmod(0o600)
    return connection


def _reader(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False, timeout=30
    )
    connection.row_factory = sqlite3.Row
    return connection


def _source(connection: sqlite3.Connection, database: str) -> Source | None:
    row = connection.execute(_SOURCE, (database,)).fetchone()
    return Source(row[0], row[1], row[2], row[3], bool(row[4])) if row else None


def _put_source(connection: sqlite3.Connection, source: Source) -> None:
    connection.execute(_PUT_SOURCE, (source.database, source.epoch, source.seq, source.round, source.complete))


def _put_documents(connection: sqlite3.Connection, page: Page) -> set[str]:
    """Replaces the page's documents and names the events that are to be counted again."""
    database = page.since.database
    touched: set[str] = set()
    for kept in page.documents:
        row = connection.execute(_EVENT_OF, (database, kept.id)).fetchone()
        touched.update(event for event in (kept.event, row[0] if row else None) if event)
        connection.execute(
            _PUT_DOCUMENT,
            (
                database,
                kept.id,
                kept.type,
                kept.event,
                " ".join(kept.leaves),
                page.since.round,
                kept.conflict,
                kept.body,
            ),
        )
        if kept.device and page.heard:
            connection.execute(_HEARD, (database, kept.device, page.heard))
    return touched


def _drop_unseen(connection: sqlite3.Connection, source: Source) -> set[str]:
    """At the end of a round: forgets what it did not meet, because it is no longer there."""
    position = (source.database, source.round)
    touched = {event for (event,) in connection.execute(_UNSEEN, position)}
    connection.execute(_DROP_UNSEEN, position)
    return touched


def _count_again(connection: sqlite3.Connection, database: str, event: str) -> None:
    documents: Iterable[tuple[str, bytes]] = connection.execute(_OF_EVENT, (database, event)).fetchall()
    for table in ("evening", "recipient"):
        connection.execute(f"DELETE FROM {table} WHERE database = ? AND event = ?", (database, event))  # noqa: S608
    if not documents:
        return
    known = evenings.evening(documents)
    row = evenings.row(database, event, known)
    connection.execute(
        f"INSERT INTO evening ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",  # noqa: S608 our own names
        tuple(row.values()),
    )
    connection.executemany(
        _PUT_RECIPIENT,
        [(database, event, prisoner, written) for prisoner, written in evenings.recipients(known).items()],
    )
