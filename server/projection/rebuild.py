"""The totals made again from nothing, compared with those that were there, and put in their place.

The new file is made beside the old one. A running server goes on with the old numbers until the tables change under it in one
transaction; its follower then continues from where the new ones stand (see tables.py), so nothing is missed or counted twice.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import anyio
import anyio.to_thread
import msgspec

from server.projection import amounts, functions, rollups
from server.projection.follower import Follower, is_followed
from server.projection.tables import Tables
from sync.databases.contract import Catalog

_SUFFIX = ".rebuilding"
_COMPARABLE = """
    SELECT database FROM main.source JOIN fresh.source USING (database, epoch, seq)
    WHERE main.source.complete AND fresh.source.complete"""
# The numbers of events and prisoners, and so the bits of sets, are each file's own.
_EVENINGS = (
    *(
        "event",
        "database",
        "chapter",
        "day",
        "last",
        "starts",
        "theme",
        "title",
        "status",
        "kind",
        "contested",
        "overruled",
    ),
    *(*rollups.SUMMED, "{side}_named(written_to)"),
)
_SUMS = ("rtrim(place || ' ' || grain || ' ' || first)", "place", "theme", *rollups.SUMMED, "popcount(recipients)")
_ROWS = "SELECT {columns} FROM {{side}}.{table} WHERE {place} IN ({comparable})"


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
    connection = functions.teach(sqlite3.connect(path, isolation_level=None))
    try:
        connection.execute("ATTACH DATABASE ? AS fresh", (str(beside),))
        connection.execute("BEGIN")
        compared = len(connection.execute(_COMPARABLE).fetchall())
        _name_alike(connection)
        differing = {
            name
            for table, place, columns in (("evening", "database", _EVENINGS), ("rollup", "place", _SUMS))
            for name in _differing(connection, table, place, columns)
        }
        events, documents = (
            connection.execute(f"SELECT COUNT(*) FROM fresh.{table}").fetchone()[0]  # noqa: S608 our own names
            for table in ("evening", "document")
        )
    finally:
        connection.close()
    return Rebuilt(events, documents, compared, tuple(sorted(differing)))


def _differing(connection: sqlite3.Connection, table: str, place: str, columns: Sequence[str]) -> list[str]:
    """The names (a row's first column) of what only one of the two files holds such a row of."""
    rows = _ROWS.format(columns=", ".join(columns), table=table, place=place, comparable=_COMPARABLE)
    both = " UNION ALL ".join(rows.format(side=side) for side in ("main", "fresh"))
    every = ", ".join(map(str, range(1, len(columns) + 1)))
    alone = f"SELECT * FROM ({both}) GROUP BY {every} HAVING COUNT(*) = 1"  # noqa: S608 our own names
    return [name for name, *_ in connection.execute(alone)]


def _name_alike(connection: sqlite3.Connection) -> None:
    """Teaches `main_named(amounts)` and `fresh_named(amounts)`: the same where the same people had as many letters."""
    names = {side: dict(connection.execute(f"SELECT number, id FROM {side}.prisoner")) for side in ("main", "fresh")}  # noqa: S608
    places = {name: place for place, name in enumerate({name for known in names.values() for name in known.values()})}
    for side, known in names.items():
        place_of = {number: places[name] for number, name in known.items()}
        connection.create_function(f"{side}_named", 1, partial(_named, place_of), deterministic=True)


def _named(place_of: Mapping[int, int], packed: bytes) -> bytes:
    had = ((place_of.get(number, ~number), amount) for number, amount in amounts.unpack(packed).items())
    return amounts.pack(dict(sorted(had)))


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
