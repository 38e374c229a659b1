"""Carrying every database from one store to another, and proving that both hold the same.

    for each database   make it there ─► replicate ─► compare digests ─► equal
                                            ▲              │ different
                                            └── reoffer ◄──┘ twice at most: then it is named

Replication keeps checkpoints on both sides, so a move that was broken off goes on where it was. Nothing is deleted at either
side. What is not carried: `_local` documents (the checkpoints of phones and hubs, which start again by comparing revisions)
and the totals, which a server makes anew for each store.
"""

from enum import IntEnum
from time import monotonic

import msgspec

from server.jobs.watch import Watch
from server.stores import open_or_create
from sync.databases.contract import Catalog, Database
from sync.errors import SyncError
from sync.replication import Report, Stalled, agree, narrow, reoffer, replicate

ROUNDS = 2
NAMED = 20


class Exit(IntEnum):
    """What the exit code of `otkrytka move` says: 0 when all went well, else the gravest of what did not."""

    WELL = 0
    BROKEN = 1
    STORE = 2
    AT_WORK = 3
    STALLED = 4
    FAILED = 5
    DIFFERENT = 6


MEANINGS = {
    Exit.WELL: "every database was carried, and is equal by its digest",
    Exit.BROKEN: "a store could not be opened",
    Exit.STORE: "a store is written wrongly, or both are the same",
    Exit.AT_WORK: "all was carried, but a server was at work meanwhile: stop it and move again, which carries the rest",
    Exit.STALLED: "a database made no progress and was given up; the rest was carried",
    Exit.FAILED: "a database could not be carried; the rest was",
    Exit.DIFFERENT: "a database is not the same there: it held other documents before, or some were refused",
}


class Carried(msgspec.Struct, kw_only=True):
    """What became of one database. `differing` names the first documents that are not the same on both sides."""

    database: str
    read: int = 0
    written: int = 0
    refused: int = 0
    documents: int = 0
    digest: str = ""
    equal: bool = False
    stalled: bool = False
    differences: int = 0
    differing: list[str] = msgspec.field(default_factory=list)
    seconds: float = 0.0
    problem: str = ""

    def verdict(self) -> Exit:
        """What this database adds to the exit code."""
        if self.stalled:
            return Exit.STALLED
        if self.problem:
            return Exit.FAILED
        return Exit.WELL if self.equal else Exit.DIFFERENT


async def move(source: Catalog, target: Catalog, watch: Watch) -> list[Carried]:
    """Carries every database of the source; one that fails does not hold up the others. Raises what `Catalog.names` raises."""
    rows = []
    for name in await source.names():
        row = Carried(database=name)
        began = monotonic()
        try:
            async with watch.over():
                await _carry(await source.open(name), await open_or_create(target, name), row, watch)
        except Stalled as error:
            row.stalled, row.problem = True, str(error)
        except SyncError as error:
            row.problem = f"{error.error}: {error.reason}"
        row.seconds = round(monotonic() - began, 1)
        watch.display.say(
            **{name: value for name, value in msgspec.to_builtins(row).items() if value not in ("", [], False)}
        )
        rows.append(row)
    return rows


def verdict(rows: list[Carried]) -> Exit:
    """The gravest of all: the first of those that say something went wrong."""
    return min((row.verdict() for row in rows if row.verdict()), default=Exit.WELL)


async def _carry(source: Database, target: Database, row: Carried, watch: Watch) -> None:
    async def seen(report: Report) -> None:
        watch.of_replication(row.database, "carry", report)

    limit = await source.revs_limit()
    if await target.revs_limit() != limit:
        await target.set_revs_limit(limit)
    _note(row, await replicate(source, target, on_progress=seen))
    for _ in range(ROUNDS):
        watch.progress(row.database, "compare")
        if await agree(source, target):
            break
        _note(row, await reoffer(source, target, await narrow(source, target)))
    await _conclude(source, target, row)


async def _conclude(source: Database, target: Database, row: Carried) -> None:
    root = (await source.digest())[0]
    row.documents, row.digest = root.count, root.hash
    row.equal = (await target.digest())[0].hash == root.hash
    if not row.equal:
        differing = await narrow(source, target)
        row.differences = len(differing)
        row.differing = [one.id for one in differing[:NAMED]]


def _note(row: Carried, report: Report) -> None:
    row.read += report.docs_read
    row.written += report.docs_written
    row.refused = max(row.refused, report.doc_write_failures)
