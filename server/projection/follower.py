"""Follows the changes feeds of the register and of every chapter, page by page, into the tables.

    catalog.wait ─► names ─► changes(since) ─► keep() ─► Tables.apply ─► Signals.changed
                                   └─ several live leaves ─► merges.settle ─► (comes again through the feed)

At least once, in any order, is enough: a document replaces itself, and its event is counted again.
"""

import datetime as dt
import logging
import math
from collections.abc import Callable, Iterable, Mapping

import anyio

from server.domain.identifiers import REGISTER, chapter_database, chapter_of
from server.projection import merges, queries
from server.projection.reading import Kept, Seen, keep
from server.projection.signals import EVERYWHERE, Signals
from server.projection.tables import Page, Source, Tables
from sync.databases.contract import START, Catalog, Change, Database
from sync.documents import Document
from sync.errors import NotFound, SyncError

PAGE = 2000
_RETRY_SECONDS = 5.0
_LATELY_SECONDS = 1.0

logger = logging.getLogger(__name__)


class Follower:
    """Keeps one projection file up to date. `signals` are given for every change of a chapter's totals."""

    def __init__(
        self,
        catalog: Catalog,
        tables: Tables,
        *,
        merging: bool = True,
        progress: Callable[[int], None] = lambda _read: None,
    ) -> None:
        """With `merging`, conflicts met on the way are settled in the databases too.

        `progress` hears after each page how many documents have been read in all.
        """
        self.signals = Signals()
        self.caught_up = anyio.Event()
        self.applied = 0
        self._catalog = catalog
        self._tables = tables
        self._merging = merging
        self._progress = progress
        self._looking = anyio.Lock()
        self._looked, self._lag = -math.inf, dict[str, int]()
        self._left_open: set[tuple[str, str, tuple[str, ...]]] = set()

    async def run(self) -> None:
        """Follows for ever. A database that can't be read is tried again, and does not hold up the others."""
        mark, again = START, frozenset[str]()
        while True:
            try:
                woken: frozenset[str] = frozenset()
                with anyio.move_on_after(_RETRY_SECONDS if again else None):
                    mark, woken = await self._catalog.wait(mark)
                again = frozenset(await self.catch_up(woken | again))
                self.caught_up.set()
            except Exception as error:
                # A store that is away or a full disk must not end the server: phones are served without totals too.
                logger.error("the totals could not be followed: %s", type(error).__name__)
                await anyio.sleep(_RETRY_SECONDS)
                mark = START

    async def catch_up(self, names: Iterable[str] | None = None) -> Mapping[str, Exception]:
        """Reads these databases (or all) to their end, and forgets those that are gone. Answers those that failed, and why."""
        present = frozenset(await self._catalog.names())
        failed: dict[str, Exception] = {}
        for name in sorted(present if names is None else names):
            if not is_followed(name):
                continue
            try:
                await self._follow(name)
            except NotFound:
                await self._forget(name)
            except Exception as error:
                # Whatever is wrong with one chapter must not hold up the totals of the others.
                logger.warning(
                    "%s could not be read: %s",
                    name,
                    error.error if isinstance(error, SyncError) else type(error).__name__,
                )
                failed[name] = error
        await self._roll_up()
        await self._tables.write(self._tables.finish)
        for name in map(chapter_database, await self._tables.read(queries.followed_chapters)):
            if name not in present:
                await self._forget(name)
        return failed

    async def behind(self) -> dict[str, int]:
        """How many changes of each followed database are not in the tables yet; -1 where the store can't tell."""
        lag = {}
        for name in await self._catalog.names():
            if is_followed(name):
                source = await self._tables.write(self._tables.source, name)
                page = await (await self._catalog.open(name)).changes(source.seq if source else START, limit=1)
                lag[name] = page.pending + len(page.rows) if page.pending >= 0 else -len(page.rows)
        return lag

    async def behind_lately(self) -> dict[str, int]:
        """The same as it was a second ago at most, for whoever may ask often: it takes a look at every database."""
        async with self._looking:
            if anyio.current_time() - self._looked > _LATELY_SECONDS:
                self._lag, self._looked = await self.behind(), anyio.current_time()
            return self._lag

    async def _follow(self, name: str) -> None:
        database = await self._catalog.open(name)
        info = await database.info()
        epoch = info.epoch or info.instance_start_time
        source = await self._tables.write(self._tables.source, name)
        if source is None or source.epoch != epoch:
            source = await self._tables.write(self._tables.restart, name, epoch)
        done = False
        while not done:
            source, done = await self._step(database, source)
        if self._merging:
            await self._settle(database)

    async def _step(self, database: Database, source: Source) -> tuple[Source, bool]:
        """Takes over one page; says where the database now stands and whether that is its end."""
        page = await database.changes(source.seq, limit=PAGE, all_leaves=True, include_docs=True)
        seen = await _look(database, page.rows)
        kept = [keep(one, database.name) for one in seen]
        last = len(page.rows) < PAGE
        if not page.rows and source.complete:
            return source, True
        # What is read for the first time arrived at some time nobody knows.
        heard = dt.datetime.now(dt.UTC).isoformat(timespec="seconds") if source.complete else None
        reached = await self._tables.write(self._tables.apply, Page(source, page.last_seq, kept, last, heard))
        self._tell(database.name, kept)
        if reached is None:
            current = await self._tables.write(self._tables.source, database.name)
            return current or Source(database.name, source.epoch), current is None
        return reached, last

    async def _settle(self, database: Database) -> None:
        """Settles the conflicts the tables know of; one that can't be settled is tried again when it has changed."""
        for doc_id, leaves in (await self._tables.read(queries.conflicts, database.name)).items():
            if (database.name, doc_id, leaves) not in self._left_open and not await merges.settle(database, doc_id):
                self._left_open.add((database.name, doc_id, leaves))

    async def _roll_up(self) -> None:
        """Adds up what databases read for the first time brought; the others did it page by page."""
        if await self._tables.write(self._tables.roll_up):
            for slug in await self._tables.read(queries.followed_chapters):
                self.signals.changed(slug)

    async def _forget(self, name: str) -> None:
        await self._tables.write(self._tables.forget, name)
        self._tell(name, [])

    def _tell(self, name: str, kept: list[Kept]) -> None:
        self.applied += len(kept)
        self._progress(self.applied)
        self.signals.changed(chapter_of(name) or EVERYWHERE)


def is_followed(name: str) -> bool:
    """Whether a database says anything about totals, or gives names to what does."""
    return name == REGISTER or chapter_of(name) is not None


async def _look(database: Database, rows: list[Change]) -> list[Seen]:
    """The documents of a page with all their live leaves; only those in conflict cost another read."""
    conflicting = [row for row in rows if len(row.revs) > 1]
    leaves: dict[str, tuple[Document, ...]] = {}
    if conflicting:
        found = await database.bulk_get([(row.id, rev) for row in conflicting for rev in row.revs])
        for answers in found:
            for one in answers:
                if isinstance(one, Document) and not one.deleted:
                    leaves[one.id] = (*leaves.get(one.id, ()), one)
    return [_seen(row, leaves) for row in rows]


def _seen(row: Change, leaves: dict[str, tuple[Document, ...]]) -> Seen:
    if len(row.revs) > 1:
        return Seen(row.id, row.revs, leaves.get(row.id, ()))
    live = (row.document,) if row.document is not None and not row.deleted else ()
    return Seen(row.id, row.revs, live)
