"""The totals made again from nothing, compared with those that were there, and put in their place.

The new file is made beside the old one. A running server goes on with the old numbers until the tables change under it in one
transaction; its follower then continues from where the new ones stand (see tables.py), so nothing is missed or counted twice.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import anyio
import anyio.to_thread
import msgspec

from server.projection import rollups, sets
from server.projection.follower import Follower, is_followed
from server.projection.tables import Tables
from sync.databases.contract import Catalog

_SUFFIX = ".rebuilding"
_COMPARABLE = """
    SELECT database FROM main.source JOIN fresh.source USING (database, epoch, seq)
    WHERE main.source.complete AND fresh.source.complete"""
# The numbers of events and prisoners, and so the bits of sets, are each file's own.
_KEPT = (
    "event",
    "chapter",
    "day",
    "starts",
    "theme",
    "title",
    "status",
    "kind",
    "contested",
    "overruled",
    *rollups.SUMMED,
)
_EVENINGS = "SELECT event, database, {columns} FROM {side}.evening WHERE database IN ({comparable})"
_RECIPIENTS = """
    SELECT event, database, id, recipient.day, written
    FROM {side}.recipient JOIN {side}.evening ON evening.number = recipient.evening
    JOIN {side}.prisoner ON prisoner.number = recipient.prisoner WHERE database IN ({comparable})"""
_SUMS = """
    SELECT rtrim(place || ' ' || grain || ' ' || first), theme, {columns}, popcount(recipients)
    FROM {side}.rollup WHERE place IN ({comparable})"""


class Rebuilt(msgspec.Struct, frozen=True):
    """What a rebuild found: events and documents read, and the events and sums whose numbers were different before.

    Only databases that nothing was written to meanwhile can be compared; `compared` counts them.
    """

    events: int
    documents: int
    compared: int
    differing: tuple[str, ...]


Told = Callable[[int, int], None]
"""Hears how far a rebuild is: the documents read so far, and all there are."""


async def rebuild(catalog: Catalog, path: Path, *, only_if_wrong: bool = False, told: Told | None = None) -> Rebuilt:
    """Makes the projection at `path` again. Raises the store's SyncError, and then changes nothing.

    With `only_if_wrong` numbers that are right are left as they are: the nightly job's proof.
    """
    beside = path.with_name(path.name + _SUFFIX)
    _remove(beside)
    try:
        await _make(catalog, beside, told)
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


async def _make(catalog: Catalog, path: Path, told: Told | None) -> None:
    tables = Tables(path, scratch=True)
    total = await _documents(catalog) if told else 0

    def progress(read: int) -> None:
        if told is not None:
            told(read, max(read, total))  # more may be written meanwhile

    try:
        for error in (await Follower(catalog, tables, merging=False, progress=progress).catch_up()).values():
            raise error
    finally:
        tables.close()


async def _documents(catalog: Catalog) -> int:
    """How many documents there are to read, deleted ones included."""
    infos = [await (await catalog.open(name)).info() for name in await catalog.names() if is_followed(name)]
    return sum(info.doc_count + info.doc_del_count for info in infos)


def _compare(path: Path, beside: Path) -> Rebuilt:
    connection = sets.teach(sqlite3.connect(path, isolation_level=None))
    try:
        connection.execute("ATTACH DATABASE ? AS fresh", (str(beside),))
        connection.execute("BEGIN")
        compared = len(connection.execute(_COMPARABLE).fetchall())
        differing = {
            name
            for rows, columns in ((_EVENINGS, ", ".join(_KEPT)), (_RECIPIENTS, ""), (_SUMS, ", ".join(rollups.SUMMED)))
            for name in _differing(connection, rows, columns)
        }
        events, documents = (
            connection.execute(f"SELECT COUNT(*) FROM fresh.{table}").fetchone()[0]  # noqa: S608 our own names
            for table in ("evening", "document")
        )
    finally:
        connection.close()
    return Rebuilt(events, documents, compared, tuple(sorted(differing)))


def _differing(connection: sqlite3.Connection, rows: str, columns: str) -> list[str]:
    """The names (a row's first column) of what the two files hold different rows of."""
    main, fresh = (rows.format(side=side, columns=columns, comparable=_COMPARABLE) for side in ("main", "fresh"))
    return [
        name
        for one, other in ((main, fresh), (fresh, main))
        for name, *_ in connection.execute(f"SELECT * FROM ({one} EXCEPT {other})")  # noqa: S608
    ]


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
