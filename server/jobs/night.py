"""The nightly job: each database in turn, then the backup, then the totals. What fails is noted, and the rest goes on.

    knock ─► for each database: copying.py ─► compact ─► digest ─► who is silent ─► tell upstream ─► backups.py ─► totals

The report is written after every part, so that a job that was killed leaves what it did.
"""

import datetime as dt
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import httpx2

from server.auth.devices import Devices
from server.domain.identifiers import DEVICES, REGISTER, chapter_database, chapter_of, is_free
from server.hub.above import Above
from server.hub.membership import Membership, remember
from server.hub.nights import Nights, ToldDatabase, ToldNight, hubs
from server.hub.silence import is_silent, last_heard
from server.hub.upstream import TIMEOUT, Upstream, open_upstream, persist
from server.jobs import report
from server.jobs.backups import Backups
from server.jobs.copying import Carry, Copying
from server.jobs.handover import Handover
from server.jobs.report import BackupNight, DatabaseNight, Night, Part, TotalsNight, impersonal, summary
from server.jobs.watch import Watch
from server.projection import queries
from server.projection.rebuild import rebuild
from server.projection.tables import Tables
from server.settings import Settings
from server.stores import open_or_create
from sync.databases.contract import Catalog, Database
from sync.errors import SyncError, Unavailable
from sync.faults import told
from sync.replication import Stalled

logger = logging.getLogger(__name__)


class NightlyJob:
    """One night on one data folder; `member` says where to report to, if anywhere. `transport` is given by tests."""

    def __init__(
        self,
        settings: Settings,
        catalog: Catalog,
        member: Membership | None,
        watch: Watch,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._catalog = catalog
        self._member = member
        self._watch = watch
        self._transport = transport
        self._night = Night(began=dt.datetime.now(dt.UTC), upstream=member is not None)

    async def run(self) -> Night:
        """Does everything. Never raises for what a part of it meets: the report says it."""
        self._keep()
        async with self._connected() as upstream:
            above = await Above.open(self._catalog)
            for name in await self._names():
                row = DatabaseNight(database=name)
                self._night.databases.append(row)
                await self._timed(row, partial(self._database, row, upstream, above))
            await self._look_who_is_silent()
            if upstream is not None:
                await self._tell(upstream)
        self._night.backup = BackupNight()
        await self._timed(self._night.backup, partial(self._back_up, self._night.backup))
        self._night.totals = TotalsNight()
        await self._timed(self._night.totals, partial(self._count_again, self._night.totals))
        self._night.ended = dt.datetime.now(dt.UTC)
        self._night.exit = self._night.verdict()
        self._keep()
        return self._night

    # -- upstream

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Upstream | None]:
        """Upstream, which has said that it knows us; None where there is none, or it did not answer (then that is noted)."""
        if self._member is None:
            yield None
            return
        # A request that hangs is to be tried again before its database is given up.
        patience = min(TIMEOUT, self._settings.patience.total_seconds() / 4)
        async with open_upstream(self._member, patience=patience, transport=self._transport) as upstream:
            try:
                async with self._watch.over():
                    self._member = remember(self._settings, self._member, await persist(upstream.me))
            except SyncError as error:
                self._night.problem = _sentence(error)
                yield None
            else:
                yield upstream

    async def _tell(self, upstream: Upstream) -> None:
        """Says upstream what the night was like. Being heard from is part of it, so failing to is noted."""
        rows = [_told(row) for row in self._night.databases if self._is_shared(row.database)]
        try:
            async with self._watch.over():
                await persist(lambda: upstream.tell(ToldNight(self._night.began, rows)))
        except SyncError as error:
            self._night.problem = _sentence(error)

    def _is_shared(self, name: str) -> bool:
        return self._member is not None and (name == REGISTER or chapter_of(name) in self._member.chapters)

    # -- one database

    async def _names(self) -> list[str]:
        """The register first, then the rest; chapters upstream gave us are here afterwards even if they were not before."""
        ours = {chapter_database(slug) for slug in self._member.chapters} if self._member else set()
        there = {name for name in await self._catalog.names() if not is_free(name)}
        return sorted(there | ours | {REGISTER, DEVICES}, key=lambda name: (name != REGISTER, name))

    async def _database(self, row: DatabaseNight, upstream: Upstream | None, above: Above) -> None:
        here = await open_or_create(self._catalog, row.database)
        if self._is_shared(row.database):
            await self._attempt(row, partial(self._copy, here, row, upstream, above))
        await self._attempt(row, partial(self._compact, here, row))
        await self._attempt(row, partial(self._describe, here, row))

    async def _copy(self, here: Database, row: DatabaseNight, upstream: Upstream | None, above: Above) -> None:
        if upstream is None:
            raise Unavailable("upstream did not answer when the night began")
        there = await persist(lambda: upstream.database(here.name))
        copying = Copying(row, above, self._watch, pull_only=here.name == REGISTER)
        await copying.run(here, there, self._carry())

    def _carry(self) -> Carry | None:
        """CouchDB's own replicator, where the settings hand the copying to it."""
        if self._settings.couchdb is None or not self._settings.upstream_replicator or self._member is None:
            return None
        return Handover(self._settings.couchdb, self._member, self._watch).carry

    async def _compact(self, here: Database, row: DatabaseNight) -> None:
        self._watch.progress(here.name, "compact")
        before = (await here.info()).active_size
        await here.compact()
        row.freed = max(0, before - (await here.info()).active_size)

    async def _describe(self, here: Database, row: DatabaseNight) -> None:
        self._watch.progress(here.name, "digest")
        (root, *_), info = await here.digest(), await here.info()
        row.digest, row.documents = root.hash, info.doc_count

    # -- everything together

    async def _look_who_is_silent(self) -> None:
        known = await hubs(await Devices.open(self._catalog), await Nights.open(self._catalog))
        tables = Tables(self._settings.projection)
        try:
            chapters = await tables.read(queries.chapters)
            for row in self._night.databases:
                slug = chapter_of(row.database)
                if slug is not None:
                    counts = await tables.read(queries.heard, row.database)
                    row.heard = last_heard(counts, known.since.get(slug))
                    row.silent = is_silent(row.heard, chapters.get(slug))
        finally:
            tables.close()

    async def _back_up(self, row: BackupNight) -> None:
        await Backups(self._settings, self._catalog, self._watch).make(row)

    async def _count_again(self, row: TotalsNight) -> None:
        self._watch.progress("totals", "rebuild")
        found = await rebuild(self._catalog, self._settings.projection, only_if_wrong=True)
        row.events, row.documents, row.compared = found.events, found.documents, found.compared
        row.differing = list(found.differing)

    # -- what every part shares

    async def _timed(self, part: Part, work: Callable[[], Awaitable[None]]) -> None:
        began = time.monotonic()
        await self._attempt(part, work)
        part.seconds = round(time.monotonic() - began, 3)
        self._watch.display.say(**summary(part))
        self._keep()

    async def _attempt(self, part: Part, work: Callable[[], Awaitable[None]]) -> None:
        """Does it, and notes what went wrong with it."""
        try:
            async with self._watch.over():
                await work()
        except Exception as error:
            part.problem = "; ".join(filter(None, (part.problem, _sentence(error))))
            if isinstance(error, Stalled) and isinstance(part, DatabaseNight):
                part.stalled = True

    def _keep(self) -> None:
        report.write(self._settings.data, self._night)


def _told(row: DatabaseNight) -> ToldDatabase:
    return ToldDatabase(
        database=row.database,
        pushed=row.pushed,
        pulled=row.pulled,
        refusals=row.refusals,
        agreement=row.agreement,
        differences=row.differences,
        documents=row.documents,
        digest=row.digest,
        seconds=row.seconds,
        problem=row.problem[:300],
    )


def _sentence(error: Exception) -> str:
    match error:
        case SyncError():
            return f"{error.error}: {impersonal(error.reason)}"
        case OSError():
            return error.strerror or type(error).__name__
    logger.error("a part of the nightly job failed: %s", told(error))
    return f"unforeseen: {type(error).__name__}"
