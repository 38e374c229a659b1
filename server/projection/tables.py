"""The file of the projection: who may write it, and how a page of a feed becomes rows.

Every page is applied in one transaction that first checks that the database is still where the page began. Two followers of
one file (a running server and `otkrytka rebuild`) therefore never apply anything to a state it was not read for.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import anyio
import anyio.to_thread
import msgspec

from server.domain.identifiers import REGISTER
from server.projection import applying, functions, rollups
from server.projection.reading import Kept
from server.projection.unfinished import Mark, is_abandoned
from sync.databases.contract import START

_SCHEMA = Path(__file__).with_name("schema.sql").read_text("utf-8")
_VERSION = 12
_WRITERS_CACHE_KB = 64 * 1024
_READERS_CACHE_KB = 8 * 1024
"""Enough for the sums of some years: with the 2 MB that SQLite takes, a page's data would be read from the file each time."""
_PAGE_BYTES = 8192
"""Of a new file. A sheet has two kilobytes, of which three go into such a page and only one into half of it."""
_CHECKPOINT_PAGES = 4_000
MADE_ANEW = ("source", "document", "prisoner", "evening", "rollup", "stale")
"""The tables a rebuild makes anew; `heard` is the one it keeps."""

_SOURCE = "SELECT database, epoch, seq, round, complete FROM source WHERE database = ?"
_PUT_SOURCE = "INSERT OR REPLACE INTO source (database, epoch, seq, round, complete) VALUES (?, ?, ?, ?, ?)"
_HEARD = "INSERT OR REPLACE INTO heard (database, device, at) VALUES (?, ?, ?)"
_EVENTS_OF = "SELECT event FROM evening WHERE database = ?"

P = ParamSpec("P")
T = TypeVar("T")


class Source(msgspec.Struct, frozen=True):
    """How far one database has been read: see `source` in schema.sql."""

    database: str
    epoch: str
    seq: str = START
    round: int = applying.FIRST_ROUND
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

    def __init__(self, path: Path, *, scratch: bool = False) -> None:
        """Opens the file; makes it where there is none, and anew where it is damaged, of another version or was never finished.

        A file that is made is written without waiting for the disk, until `finish`.
        A `scratch` file is for one process, which throws it away should anything happen: nothing is written twice for its sake.
        """
        self.path = path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._writer, self._mark = _open_or_make(path, scratch)
        self._numbers = applying.Numbers(self._writer)
        self._version: int | None = None
        self._watching: sqlite3.Connection | None = None
        self._readers: list[sqlite3.Connection] = []
        self._reading = anyio.CapacityLimiter(4)
        self._writing = anyio.CapacityLimiter(1)

    def close(self) -> None:
        """Closes every connection; nothing may be running."""
        self.finish()
        if self._mark is not None:
            self._mark.leave()
        for reader in (*self._readers, *([self._watching] if self._watching else [])):
            reader.close()
        self._writer.close()

    async def read(
        self, query: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The answer of `query(connection, …)`, which sees one state of the file however often it asks."""
        return await anyio.to_thread.run_sync(lambda: self._query(query, *args, **kwargs), limiter=self._reading)

    def version(self) -> int:
        """Changes with every commit to the file, this process's and others'. It is a look at memory, so it needs no thread."""
        if self._watching is None:
            self._watching = open_reader(self.path)
        version: int = self._watching.execute("PRAGMA data_version").fetchone()[0]
        return version

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
            fresh = Source(database, epoch, round=known.round + 1 if known else applying.FIRST_ROUND)
            _put_source(connection, fresh)
        return fresh

    def forget(self, database: str) -> None:
        """Removes everything about a database that is no longer there."""
        with self._transaction() as connection:
            events = [event for (event,) in connection.execute(_EVENTS_OF, (database,))]
            for table in ("source", "document", "heard"):
                connection.execute(f"DELETE FROM {table} WHERE database = ?", (database,))  # noqa: S608 our own names
            applying.count_again(connection, self._numbers, database, events)
            rollups.roll_up(connection)

    def apply(self, page: Page) -> Source | None:
        """Takes a page over and says where the database now stands; None when it is no longer where the page began.

        Sums are brought up to date in the same transaction, but for a database that is read for the first time: `roll_up` does
        it for all of them at once, when they have been read.
        """
        since = page.since
        with self._transaction() as connection:
            if _source(connection, since.database) != since:
                return None
            touched = applying.put_documents(
                connection, since.database, since.round, page.documents, first=_is_first(since)
            )
            if page.last and not since.complete:
                touched |= applying.drop_unseen(connection, since.database, since.round)
            if since.database == REGISTER:
                applying.list_prisoners(connection, self._numbers, page.documents)
                applying.merge_prisoners(connection, self._numbers, page.documents)
            applying.count_again(connection, self._numbers, since.database, touched, page.documents)
            if since.complete:
                rollups.roll_up(connection)
            _note_heard(connection, page)
            reached = msgspec.structs.replace(since, seq=page.seq, complete=since.complete or page.last)
            _put_source(connection, reached)
        return reached

    def roll_up(self) -> bool:
        """Brings the sums up to date with all that was applied; says whether they were not."""
        with self._transaction() as connection:
            return rollups.roll_up(connection)

    def finish(self) -> None:
        """Brings a file that was made to the disk; what is committed from then on leaves it whole whatever happens."""
        if self._mark is None:
            return
        self._writer.execute("PRAGMA synchronous = NORMAL")
        # Something to copy: without anything, a checkpoint would not wait for what earlier ones copied either.
        self._writer.execute(f"PRAGMA user_version = {_VERSION}")
        _, logged, copied = self._writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if logged == copied:  # else somebody reads an older state just now: the next time will do
            self._mark.lift()
            self._mark = None

    def replace_with(self, other: Path) -> None:
        """Takes over every table but `heard` from another projection file, at once for whoever reads."""
        self._writer.execute("ATTACH DATABASE ? AS fresh", (str(other),))
        try:
            with self._transaction() as connection:
                for table in MADE_ANEW:
                    connection.execute(f"DELETE FROM main.{table}")  # noqa: S608 our own names
                    connection.execute(f"INSERT INTO main.{table} SELECT * FROM fresh.{table}")  # noqa: S608
        finally:
            self._version = None
            self._writer.execute("DETACH DATABASE fresh")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have put other tables in place (`otkrytka rebuild`), with other numbers in them.
            version = self._writer.execute("PRAGMA data_version").fetchone()[0]
            if version != self._version:
                self._numbers, self._version = applying.Numbers(self._writer), version
            yield self._writer
        except BaseException:
            self._writer.execute("ROLLBACK")
            self._version = None
            raise
        self._writer.execute("COMMIT")

    def _query(self, query: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        connection = self._readers.pop() if self._readers else open_reader(self.path)
        try:
            connection.execute("BEGIN")
            return query(connection, *args, **kwargs)
        finally:
            connection.rollback()
            self._readers.append(connection)


def _open_or_make(path: Path, scratch: bool) -> tuple[sqlite3.Connection, Mark | None]:
    if not is_abandoned(path):
        try:
            connection = _writer(path, scratch)
            if connection.execute("PRAGMA user_version").fetchone()[0] == _VERSION:
                return connection, None
            connection.close()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise  # locked, or no right to open it: nothing that deleting would mend
    mark = None if scratch else Mark.place(path)
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    connection = _writer(path, scratch)
    if mark is not None:
        connection.execute("PRAGMA synchronous = OFF")
    connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")
    return connection, mark


def _writer(path: Path, scratch: bool) -> sqlite3.Connection:
    connection = functions.teach(sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30))
    try:
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        connection.execute(f"PRAGMA journal_mode = {'MEMORY' if scratch else 'WAL'}")
        # The file can be made again from the databases, so a commit need not wait for the disk; WAL keeps it whole.
        connection.execute(f"PRAGMA synchronous = {'OFF' if scratch else 'NORMAL'}")
        # A first reading touches pages all over the file; with the small default it would write each of them many times.
        connection.execute(f"PRAGMA cache_size = -{_WRITERS_CACHE_KB}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        connection.execute("PRAGMA temp_store = MEMORY")  # which sums are due is written nowhere
    except sqlite3.DatabaseError:
        connection.close()
        raise
    path.chmod(0o600)
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that can only read, as the queries of this package want it; for one thread at a time."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False, timeout=30
    )
    connection.row_factory = sqlite3.Row
    connection.execute(f"PRAGMA cache_size = -{_READERS_CACHE_KB}")
    return functions.teach(connection)


def _source(connection: sqlite3.Connection, database: str) -> Source | None:
    row = connection.execute(_SOURCE, (database,)).fetchone()
    return Source(row[0], row[1], row[2], row[3], bool(row[4])) if row else None


def _is_first(since: Source) -> bool:
    """Whether nothing of a database was read before."""
    return since.seq == START and since.round == applying.FIRST_ROUND


def _put_source(connection: sqlite3.Connection, source: Source) -> None:
    connection.execute(_PUT_SOURCE, (source.database, source.epoch, source.seq, source.round, source.complete))


def _note_heard(connection: sqlite3.Connection, page: Page) -> None:
    if page.heard:
        heard = [(page.since.database, kept.device, page.heard) for kept in page.documents if kept.device]
        connection.executemany(_HEARD, heard)
