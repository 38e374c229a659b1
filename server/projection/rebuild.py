"""The totals made again from nothing, compared with those that were there, and put in their place.

The new file is made beside the old one. A running server goes on with the old numbers until the tables change under it in one
transaction; its follower then continues from where the new ones stand (see tables.py), so nothing is missed or counted twice.
"""

import sqlite3
from pathlib import Path

import anyio
import anyio.to_thread
import msgspec

from server.projection.follower import Follower
from server.projection.tables import Tables
from sync.databases.contract import Catalog

_SUFFIX = ".rebuilding"
_COMPARABLE = """
    SELECT database FROM main.source JOIN fresh.source USING (database, epoch, seq)
    WHERE main.source.complete AND fresh.source.complete"""
_SAME = f"database IN ({_COMPARABLE})"


class Rebuilt(msgspec.Struct, frozen=True):
    """What a rebuild found: events and documents read, and the events whose numbers were different before.

    Only databases that nothing was written to meanwhile can be compared; `compared` counts them.
    """

    events: int
    documents: int
    compared: int
    differing: tuple[str, ...]


async def rebuild(catalog: Catalog, path: Path, *, only_if_wrong: bool = False) -> Rebuilt:
    """Makes the projection at `path` again. Raises the store's SyncError, and then changes nothing.

    With `only_if_wrong` numbers that are right are left as they are: the nightly job's proof.
    """
    beside = path.with_name(path.name + _SUFFIX)
    _remove(beside)
    try:
        await _make(catalog, beside)
        tables = Tables(path)
        try:
            found = await _caught_up_and_compared(catalog, tables, beside) if only_if_wrong else _compare(path, beside)
            if only_if_wrong and not found.differing:
                return found
            await tables.write(tables.replace_with, beside)
            # What was written since `beside` was made; a running server may be taking it over as well.
            await Follower(catalog, tables, merging=False).catch_up()
        finally:
            tables.close()
    finally:
        _remove(beside)
    return found


async def _caught_up_and_compared(catalog: Catalog, tables: Tables, beside: Path) -> Rebuilt:
    """The live totals are brought up to date first: no server may be running that does it."""
    await Follower(catalog, tables, merging=False).catch_up()
    return await anyio.to_thread.run_sync(_compare, tables.path, beside)


async def _make(catalog: Catalog, path: Path) -> None:
    tables = Tables(path)
    try:
        for error in (await Follower(catalog, tables, merging=False).catch_up()).values():
            raise error
    finally:
        tables.close()


def _compare(path: Path, beside: Path) -> Rebuilt:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("ATTACH DATABASE ? AS fresh", (str(beside),))
        connection.execute("BEGIN")
        compared = len(connection.execute(_COMPARABLE).fetchall())
        differing = {event for table in ("evening", "recipient") for event in _differing(connection, table)}
        events, documents = (
            connection.execute(f"SELECT COUNT(*) FROM fresh.{table}").fetchone()[0]  # noqa: S608 our own names
            for table in ("evening", "document")
        )
    finally:
        connection.close()
    return Rebuilt(events, documents, compared, tuple(sorted(differing)))


def _differing(connection: sqlite3.Connection, table: str) -> list[str]:
    """The events of which a table holds different rows in the two files."""
    sides = ("main", "fresh"), ("fresh", "main")
    return [
        event
        for one, other in sides
        for (event,) in connection.execute(
            f"SELECT event FROM (SELECT * FROM {one}.{table} WHERE {_SAME} EXCEPT SELECT * FROM {other}.{table})"  # noqa: S608
        )
    ]


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
