"""What upstream is known to hold, for the receipts.

A hub never guesses. Each time it has compared both sides' digests it notes for the database

    _local/above:<database> in `devices`     {"epoch": upstream's, "through": our sequence, "lacking": [ids]}

and a revision counts as held above when its document has not changed here after `through` and is not `lacking` (refused
above, or not there yet). The note lies where no device can write. It is withdrawn when upstream's epoch is another one (it was
restored from a backup), until what it holds has been seen again; a restore of our own files ends our sequences, and with them
the note.
"""

from collections.abc import Collection, Iterable

import msgspec

from server.domain.identifiers import DEVICES
from server.stores import open_or_create
from sync.databases.contract import START, Catalog, Database
from sync.errors import Conflict, NotFound
from sync.replication import Disagreement, agree, narrow

_MOST_LACKING = 10_000


class Note(msgspec.Struct, frozen=True):
    """Up to where upstream, in one epoch of its, holds what we hold."""

    epoch: str = ""
    through: str = START
    lacking: tuple[str, ...] = ()


class Above:
    """The notes of one hub."""

    def __init__(self, devices: Database) -> None:
        self._devices = devices

    @classmethod
    async def open(cls, catalog: Catalog) -> "Above":
        """The notes kept in a store."""
        return cls(await open_or_create(catalog, DEVICES))

    async def note(self, database: str) -> Note:
        """What is known of a database; nothing, when nothing was noted."""
        return (await self._stored(database))[1]

    async def compare(self, here: Database, there: Database) -> list[Disagreement]:
        """Compares both sides, notes what upstream holds, and names what differs. Raises what reading either side raises."""
        epoch, through = await epoch_of(there), (await here.info()).update_seq
        differing = [] if await agree(here, there) else await narrow(here, there)
        if await epoch_of(there) == epoch:
            lacking = [one.id for one in differing if not set(one.source) <= set(one.target)]
            await self._write(here.name, _note(epoch, through, lacking))
        return differing

    async def confirm(self, database: str, epoch: str) -> bool:
        """Withdraws the note unless it was made in this epoch of upstream's. Whether it stands."""
        known = await self.note(database)
        if known.epoch == epoch:
            return True
        await self._write(database, Note(epoch))
        return False

    async def holds(self, database: Database, ids: Collection[str]) -> frozenset[str]:
        """Those of the documents whose every revision here is held above."""
        known = await self.note(database.name)
        if known.through == START or not ids:
            return frozenset()
        since = await database.changes(known.through, doc_ids=list(ids))
        return frozenset(ids) - {row.id for row in since.rows} - set(known.lacking)

    async def _stored(self, database: str) -> tuple[str, Note]:
        try:
            stored = await self._devices.get_local(_id(database))
        except NotFound:
            return "", Note()
        try:
            return stored.rev, msgspec.json.decode(stored.body, type=Note)
        except msgspec.DecodeError:  # of another version
            return stored.rev, Note()

    async def _write(self, database: str, note: Note) -> None:
        while True:
            rev, stored = await self._stored(database)
            if stored == note and rev:
                return
            try:
                await self._devices.put_local(_id(database), msgspec.json.encode(note), rev)
            except Conflict:
                continue  # the server's link and the nightly job note at once: the later word stands
            return


async def epoch_of(database: Database) -> str:
    """What becomes another when the database is restored or made anew."""
    info = await database.info()
    return info.epoch or info.instance_start_time


def _note(epoch: str, through: str, lacking: Iterable[str]) -> Note:
    named = tuple(sorted(set(lacking)))
    # Where too much is lacking to be named, nothing is said rather than too much.
    return Note(epoch, through, named) if len(named) <= _MOST_LACKING else Note(epoch)


def _id(database: str) -> str:
    return f"_local/above:{database}"
