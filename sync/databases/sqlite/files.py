"""Database files: their names, how they are opened, made and removed, and what SQLite's errors mean."""

import errno
import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote

from sync import sequences
from sync.databases.names import is_legal
from sync.disk import fsync
from sync.edits import DEFAULT_REVS_LIMIT
from sync.errors import AlreadyExists, Corrupt, IllegalName, NotFound, OutOfSpace, SyncError, TooLarge, Unavailable

SUFFIX = ".sqlite"
APPLICATION_ID = 0x4F746B72  # "Otkr"
VERSION = 1
BUSY_SECONDS = 30.0
_WRITER_CACHE_KIB = 16 << 10
_LOG_PAGES = 4000  # 16 MB
_LONGEST_FILE_NAME = 240  # 255, less what SQLite and we append
_SCHEMA = (Path(__file__).parent / "schema.sql").read_text("utf-8")
_FIRST_STATE = "INSERT INTO state VALUES (1, ?, ?, 0, 0, 0, 0, 0, 0, 0, ?, '{}')"

_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR}


def file_name(name: str) -> str:
    """A database's file: its name percent-encoded (`/` is %2F). Names have lower-case letters only, so no two meet
    on a case-insensitive disk. Raises IllegalName when the result is longer than disks allow.
    """
    escaped = quote(name, safe="")
    if len(escaped) > _LONGEST_FILE_NAME:
        raise IllegalName(f"The name '{name}' is too long for a file.", error="database_name_too_long")
    return escaped + SUFFIX


def names_in(folder: Path) -> list[str]:
    """Names of the databases in a folder, sorted."""
    names = (unquote(path.name.removesuffix(SUFFIX)) for path in folder.glob("*" + SUFFIX))
    return sorted(name for name in names if is_legal(name))


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection to an existing database, for any one thread at a time. Raises NotFound, Corrupt.

    A reader is opened for writing too and then bound by `query_only`: with mode=ro it could not join the WAL
    when no writer has it open.
    """
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw",
            uri=True,
            isolation_level=None,
            timeout=BUSY_SECONDS,
            check_same_thread=False,
        )
    except sqlite3.Error:
        raise NotFound("Database does not exist.") from None
    try:
        with translated(path.name):
            _prepare(connection, path, read_only)
    except SyncError:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, read_only: bool) -> None:
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA temp_store = MEMORY")
    (kind,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if kind != APPLICATION_ID or version != VERSION:
        raise Corrupt(f"{path.name} is no database of this engine (kind {kind:#x}, version {version})")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
        return
    # A batch of edits dirties a page for each of its documents. Room for them, and a longer log before they are copied
    # into the file, so that a page that is written often is copied once.
    connection.execute(f"PRAGMA cache_size = {-_WRITER_CACHE_KIB}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
    connection.execute(f"PRAGMA journal_size_limit = {_LOG_PAGES * 4096}")


def create(folder: Path, name: str) -> None:
    """Makes an empty database, whole or not at all. Raises AlreadyExists, IllegalName, OutOfSpace."""
    target = folder / file_name(name)
    fresh = folder / f".new-{secrets.token_hex(8)}"
    try:
        with translated(name):
            _write_empty(fresh)
        put_in_place(fresh, target)
    finally:
        for path in with_journals(fresh):
            path.unlink(missing_ok=True)


def _write_empty(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(f"BEGIN; {_SCHEMA}; COMMIT;")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute(_FIRST_STATE, (sequences.new_epoch(), sequences.now_in_microseconds(), DEFAULT_REVS_LIMIT))
    finally:
        connection.close()


def put_in_place(fresh: Path, target: Path) -> None:
    """Gives a finished file its name. Raises AlreadyExists."""
    with locked(target.parent):
        if target.exists():
            raise AlreadyExists("The database could not be created, the file already exists.")
        # A log left by a deletion that was cut short would be replayed into the new file.
        for path in with_journals(target)[1:]:
            path.unlink(missing_ok=True)
        fresh.rename(target)
        fsync(target.parent)


def remove(folder: Path, name: str) -> None:
    """Deletes a database, and tells everybody who has it open through `state.gone`. Raises NotFound."""
    if not is_legal(name):
        raise NotFound("Database does not exist.")
    path = folder / file_name(name)
    with locked(folder):
        connection = connect(path)
        try:
            with translated(name):
                connection.execute("UPDATE state SET gone = 1")
        finally:
            connection.close()
        for each in with_journals(path):
            each.unlink(missing_ok=True)
        fsync(folder)


def write_back(path: Path) -> None:
    """Copies the write-ahead log into the file as far as nobody still reads from it, and lets the file shrink."""
    connection = connect(path)
    try:
        with translated(path.name):
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    finally:
        connection.close()


def size_of(path: Path) -> int:
    """Bytes on disk, the write-ahead log included."""
    return sum(each.stat().st_size for each in with_journals(path)[:2] if each.exists())


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keeps other processes from making and removing databases in the folder meanwhile."""
    handle = os.open(folder / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Turns SQLite's errors into ours; `what` is named where the file is damaged."""
    try:
        yield
    except sqlite3.Error as error:
        raise translate(error, what) from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise (OutOfSpace if full else Unavailable)(f"{what}: {error.strerror}") from error


def translate(error: sqlite3.Error, what: str) -> SyncError:
    """Our error for one of SQLite's."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code in _FULL:
        return OutOfSpace(f"The disk is full: nothing was stored in {what}.")
    if code & 0xFF in _BUSY:
        return Unavailable(f"{what}: {error}")
    if code & 0xFF == sqlite3.SQLITE_TOOBIG:
        return TooLarge(f"{what}: {error}")
    kind = Corrupt if code & 0xFF in _DAMAGED else SyncError
    return kind(f"{what}: {error}")


def with_journals(path: Path) -> list[Path]:
    """A database's files: itself first, then the write-ahead log."""
    return [path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")]
