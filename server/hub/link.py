"""The running server's link with upstream.

live       every database of the hub is replicated both ways for ever, and compared after each change; what ends is started
           again after a growing pause
otherwise  the nightly job copies; the link only looks now and then whether upstream was restored from a backup, so that no
           receipt goes on saying that upstream holds what it has lost
"""

import logging
from collections.abc import Awaitable, Callable
from functools import partial

import anyio
import httpx2

from server.domain.identifiers import REGISTER, chapter_database
from server.hub.above import Above, epoch_of
from server.hub.membership import Membership, remember
from server.hub.upstream import Upstream, open_upstream
from server.settings import Settings
from server.stores import open_or_create
from sync.databases.contract import Catalog
from sync.errors import SyncError
from sync.faults import told
from sync.replication import Backoff, Options, replicate

_LOOK_SECONDS = 300.0
_COMPARE_SECONDS = 2.0
_STEADY_SECONDS = 60.0  # what ran this long starts with a short pause again

logger = logging.getLogger(__name__)


class Link:
    """One server process's link; several of one store may run at once, and do each other's work twice.

    `transport` is given by tests.
    """

    def __init__(
        self,
        settings: Settings,
        member: Membership,
        catalog: Catalog,
        above: Above,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._member = member
        self._catalog = catalog
        self._above = above
        self._transport = transport
        self._pauses = Backoff(base=1.0, cap=60.0)

    async def run(self) -> None:
        """Runs until cancelled."""
        async with open_upstream(self._member, transport=self._transport) as upstream:
            await self._for_ever("upstream", partial(self._run, upstream))

    async def _run(self, upstream: Upstream) -> None:
        self._member = remember(self._settings, self._member, await upstream.me())
        chapters = [chapter_database(slug) for slug in self._member.chapters]
        if not self._settings.upstream_live:
            await self._look(upstream, chapters)
        async with anyio.create_task_group() as tasks:
            for name in (REGISTER, *chapters):
                tasks.start_soon(self._for_ever, name, partial(self._pull, upstream, name))
            for name in chapters:
                tasks.start_soon(self._for_ever, name, partial(self._push, upstream, name))
                tasks.start_soon(self._for_ever, name, partial(self._compare, upstream, name))

    async def _look(self, upstream: Upstream, names: list[str]) -> None:
        while True:
            for name in names:
                await self._above.confirm(name, await epoch_of(await upstream.database(name)))
            await anyio.sleep(_LOOK_SECONDS)

    async def _pull(self, upstream: Upstream, name: str) -> None:
        here = await open_or_create(self._catalog, name)
        await replicate(await upstream.database(name), here, Options(continuous=True))

    async def _push(self, upstream: Upstream, name: str) -> None:
        here = await open_or_create(self._catalog, name)
        await replicate(here, await upstream.database(name), Options(continuous=True))

    async def _compare(self, upstream: Upstream, name: str) -> None:
        here, there = await open_or_create(self._catalog, name), await upstream.database(name)
        while True:
            seen = (await here.info()).update_seq
            if not await self._above.compare(here, there):
                with anyio.move_on_after(_LOOK_SECONDS):
                    await here.wait(seen)
            await anyio.sleep(_COMPARE_SECONDS)

    async def _for_ever(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        failures = 0
        while True:
            began = anyio.current_time()
            try:
                await work()
            except SyncError as error:
                logger.warning("%s: the link with upstream ended: %s", name, error.error)
            except OSError as error:
                logger.warning("%s: the link with upstream ended: %s", name, error.strerror)
            except Exception as error:
                # A fault of ours, met by one database, must end neither the link of the others nor the server.
                logger.error("%s: the link with upstream failed: %s", name, told(error))
            failures = 1 if anyio.current_time() - began > _STEADY_SECONDS else failures + 1
            await self._pauses.pause(failures)
