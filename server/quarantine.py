"""What was refused: documents a phone offered and a rule did not let in, until one of them is let in or somebody has looked.

Only the id, the reason and who offered it are noted, never a body. The phone keeps the document itself and goes on offering it.
The note helps a coordinator to help; it is this server's own, holds no more than MOST entries for a device, and may be deleted.
"""

import datetime as dt
import sqlite3
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TypeVar

import anyio
import anyio.to_thread
import msgspec

from server.domain.errors import DomainError
from server.domain.identity import Identity

MOST = 100
_LONGEST = 300

_SCHEMA = """
    CREATE TABLE IF NOT EXISTS refused (
        device   TEXT NOT NULL,
        database TEXT NOT NULL,
        document TEXT NOT NULL,
        reason   TEXT NOT NULL,
        rule     TEXT NOT NULL,
        path     TEXT NOT NULL,
        first    TEXT NOT NULL, -- UTC, to the minute
        last     TEXT NOT NULL,
        times    INTEGER NOT NULL,
        PRIMARY KEY (device, database, document)
    ) WITHOUT ROWID"""
# Notes made before the rule was kept beside its words are told in those words.
_ADDED = {name: f"ALTER TABLE refused ADD COLUMN {name} TEXT NOT NULL DEFAULT ''" for name in ("rule", "path")}
_COLUMNS = "SELECT name FROM pragma_table_info('refused')"
_NOTE = """
    INSERT INTO refused (device, database, document, reason, rule, path, first, last, times)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, 1)
    ON CONFLICT DO UPDATE SET reason = excluded.reason, rule = excluded.rule, path = excluded.path,
        last = excluded.last, times = times + 1"""
_DROP_OLDEST = """
    DELETE FROM refused WHERE device = ?1 AND (database, document) IN (
        SELECT database, document FROM refused WHERE device = ?1 ORDER BY last DESC, document LIMIT -1 OFFSET ?2)
    RETURNING device, database, document"""
_FORGET = "DELETE FROM refused WHERE device = ? AND database = ? AND document = ?"
_ALL = "SELECT device, database, document, reason, rule, path, first, last, times FROM refused ORDER BY last DESC, document"

Key = tuple[str, str, str]
"""Device, database, document."""
T = TypeVar("T")


class Refused(msgspec.Struct, frozen=True):
    """A refused document: who offered it where, why it was refused, when first and last, how many times.

    `reason` is what the phone was told, `rule` its name in `domain.errors` ("" in old notes), `path` where the fault is.
    """

    device: str
    database: str
    document: str
    reason: str
    rule: str
    path: str
    first: dt.datetime
    last: dt.datetime
    times: int


class Quarantine:
    """The notes of one server, in a file. Closed when the server stops."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = OFF")  # a note lost with the power is made again by the phone
        self._connection.execute(_SCHEMA)
        there = {name for (name,) in self._connection.execute(_COLUMNS)}
        for name in _ADDED.keys() - there:
            self._connection.execute(_ADDED[name])
        path.chmod(0o600)
        self._one_at_a_time = anyio.CapacityLimiter(1)
        # Every write asks whether it mends something noted, so that answer must not cost a reading.
        self._noted: set[Key] = {(one.device, one.database, one.document) for one in self._all()}

    def close(self) -> None:
        """Closes the file; nothing may be running."""
        self._connection.close()

    async def note(self, identity: Identity, database: str, judged: Mapping[str, DomainError | None]) -> None:
        """Takes over what was said of documents: the error that refuses one, or None for one that may be stored."""
        device = str(identity.device)
        mended = [one for one, error in judged.items() if error is None and (device, database, one) in self._noted]
        refused = {one: error for one, error in judged.items() if error is not None}
        if mended or refused:
            await self._run(lambda: self._note(device, database, refused, mended))

    async def entries(self, databases: Collection[str] | None = None) -> list[Refused]:
        """What is noted for these databases (None: all), the latest first."""
        found = await self._run(self._all)
        return [one for one in found if databases is None or one.database in databases]

    async def forget(self, device: str, database: str, document: str) -> bool:
        """Removes a note, if there is one: somebody has looked. It comes back when the phone offers the document again."""
        key = (device, database, document)
        noted = key in self._noted
        await self._run(lambda: self._forget([key]))
        return noted

    async def _run(self, work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work, limiter=self._one_at_a_time)

    def _note(self, device: str, database: str, refused: Mapping[str, DomainError], mended: list[str]) -> None:
        now = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0).isoformat()
        rows = [(device, database, one[:_LONGEST], *_told(error), now) for one, error in refused.items()]
        self._connection.executemany(_NOTE, rows)
        self._noted.update((device, database, one[:_LONGEST]) for one in refused)
        if rows:
            self._noted.difference_update(self._connection.execute(_DROP_OLDEST, (device, MOST)).fetchall())
        self._forget([(device, database, one) for one in mended])

    def _forget(self, keys: list[Key]) -> None:
        self._connection.executemany(_FORGET, keys)
        self._noted.difference_update(keys)

    def _all(self) -> list[Refused]:
        return [
            msgspec.convert(dict(zip(Refused.__struct_fields__, row, strict=True)), Refused) for row in self._rows()
        ]

    def _rows(self) -> list[tuple[object, ...]]:
        return self._connection.execute(_ALL).fetchall()


def _told(error: DomainError) -> tuple[str, str, str]:
    """Reason, rule and path of a refusal."""
    return error.reason[:_LONGEST], error.rule, error.path[:_LONGEST]
