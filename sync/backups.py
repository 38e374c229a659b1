"""Copies of a SQLite database taken while it is in use, and their way back.

A copy is one moment of the database, whatever processes write meanwhile, and a plain file without a log. What comes
back is another store: it has a new epoch, so nobody's sequence of the lost days means anything to it, and no `_local`
documents, so no checkpoint of the copy's day lets a peer skip what the copy lacks.
"""

import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from sync import sequences
from sync.databases.names import check_name
from sync.databases.sqlite import files
from sync.disk import fsync
from sync.errors import Corrupt

_NEW_EPOCH = "UPDATE state SET epoch = ?, began = ?, gone = 0"


def backup(database: Path, target: Path) -> None:
    """Copies a database file to `target`, which appears when it is whole and on the disk, replacing an older one.

    Blocks; for a process of its own or a thread. Writers are not held up. Raises NotFound, OutOfSpace, Corrupt.
    """
    unfinished = target.with_name(f".{target.name}-{secrets.token_hex(4)}")
    try:
        with files.translated(database.name), closing(files.connect(database, read_only=True)) as source:
            _copy(source, unfinished)
            unfinished.replace(target)
            fsync(target.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def restore(copy: Path, folder: Path, name: str) -> None:
    """Makes the database `name` in a catalog's folder from a copy. Blocks.

    Raises AlreadyExists (delete it first), IllegalName, Corrupt for a copy that is damaged, OutOfSpace.
    """
    check_name(name)
    target = folder / files.file_name(name)
    fresh = folder / f".new-{secrets.token_hex(8)}"
    try:
        with files.translated(copy.name):
            with closing(files.connect(copy, read_only=True)) as source:
                (verdict,) = source.execute("PRAGMA quick_check(1)").fetchone()
                if verdict != "ok":
                    raise Corrupt(f"The copy {copy.name} is damaged: {verdict}")
                _copy(source, fresh)
            with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("BEGIN")
                connection.execute(_NEW_EPOCH, (sequences.new_epoch(), sequences.now_in_microseconds()))
                connection.execute("DELETE FROM locals")
                connection.execute("COMMIT")
        files.put_in_place(fresh, target)
    finally:
        for path in files.with_journals(fresh):
            path.unlink(missing_ok=True)


def _copy(source: sqlite3.Connection, target: Path) -> None:
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        source.backup(connection)  # in one step, so from one transaction
        connection.execute("PRAGMA journal_mode = DELETE")
    fsync(target)
