"""One replication, along the section numbers of the protocol (docs.couchdb.org, "CouchDB Replication Protocol").

2.4.2.1  Verify Peers                      verify_peers
2.4.2.2  Get Peers Information             verify_peers
2.4.2.3  Find Common Ancestry              find_common_ancestry       ids.py, checkpoints.py
2.4.2.4  Locate Changed Documents          locate_changed_documents   transfer.py for the difference
2.4.2.5  Replicate Changes                 replicate_changes          transfer.py, fetch.py, upload.py, attachments.py
2.4.2.5.5  Record Replication Checkpoint   record_checkpoint
2.4.2.6  Continue Reading Changes          continue_reading_changes
"""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from sync.databases.contract import START, Change, Changes, Database
from sync.errors import SyncError
from sync.replication import checkpoints
from sync.replication.backoff import Backoff, Persistence
from sync.replication.ids import replication_ids
from sync.replication.options import OnProgress, Options, Report
from sync.replication.parallel import cancel
from sync.replication.selection import Selection
from sync.replication.transfer import Transfer


async def replicate(
    source: Database,
    target: Database,
    options: Options | None = None,
    *,
    on_progress: OnProgress | None = None,
    backoff: Backoff | None = None,
) -> Report:
    """Copies what the source has and the target lacks: every leaf revision with its ancestry and attachments.

    Afterwards both have the same winners, conflicts and deletions of what was copied. May be run any number of times, by
    several at once, and killed at any moment: it goes on from the last checkpoint both sides recorded, and what comes twice
    changes nothing. A continuous one ends only by being cancelled.

    `on_progress` is given the report so far after each batch. A document that is refused is named in the report and does not
    keep the others back. Raises NotFound when a side does not exist, Unauthorized or Forbidden when it may not be read or
    written, Unavailable when it did not answer in all attempts, Stalled (see Options).
    """
    return await Replication(source, target, options or Options(), on_progress, backoff or Backoff()).run()


class EpochPassed(Exception):
    """A side was restored from a backup while the replication ran."""


class Replication:
    """The state of one replication while it runs."""

    def __init__(
        self,
        source: Database,
        target: Database,
        options: Options,
        on_progress: OnProgress | None,
        backoff: Backoff,
    ) -> None:
        self.source = source
        self.target = target
        self.options = options
        self.report = Report(session_id=secrets.token_hex(16), start_time=_now())
        self.persist = Persistence(backoff, options.attempts, options.no_progress_timeout, self._on_failure)
        self.transfer = Transfer(source, target, options, self.report, self.persist)
        self.selection = Selection(source, options)
        self._on_progress = on_progress
        self._ids: list[str] = []
        self._epochs = ("", "")
        self._earlier: Sequence[checkpoints.Entry] = ()
        self._reached = START  # everything up to here is at the target
        self._recorded = START  # and this much of it is noted on both sides
        self._recorded_at = 0.0

    async def run(self) -> Report:
        """From the first section of the protocol to the last."""
        async with self.persist.watch():
            while True:
                await self.verify_peers()
                await self.find_common_ancestry()
                try:
                    await self.replicate_changes()
                except EpochPassed:
                    continue
                self.report.end_time = _now()
                return self.report

    async def copy_only(self, changes: Sequence[Change]) -> Report:
        """These changes, without a feed or a checkpoint."""
        async with self.persist.watch():
            size = self.options.batch_documents
            for start in range(0, len(changes), size):
                await self.transfer.copy(changes[start : start + size])
        self.report.end_time = _now()
        return self.report

    # -- 2.4.2.1 Verify Peers, 2.4.2.2 Get Peers Information

    async def verify_peers(self) -> None:
        """Both must be there; their epochs say whether older checkpoints still hold."""
        self._epochs = await self._get_epochs()

    async def _get_epochs(self) -> tuple[str, str]:
        return (await self.persist(self.source.info)).epoch, (await self.persist(self.target.info)).epoch

    # -- 2.4.2.3 Find Common Ancestry

    async def find_common_ancestry(self) -> None:
        """Sets where to begin: at the last checkpoint that both sides know."""
        start = START
        if self.options.use_checkpoints:
            self._ids = await self.persist(lambda: replication_ids(self.source, self.target, self.options))
            self.report.replication_id = self._ids[0]
            source_log, target_log = [
                await self.persist(partial(checkpoints.read_log, side, self._ids, self._epochs))
                for side in (self.source, self.target)
            ]
            self._earlier = source_log.history
            start = checkpoints.common_ancestry(source_log, target_log)
        self.report.start_last_seq = self._reached = self._recorded = start
        self._recorded_at = time.monotonic()

    # -- 2.4.2.4 Locate Changed Documents

    async def locate_changed_documents(self, since: str) -> Changes:
        """2.4.2.4.1 Listen to Changes Feed, 2.4.2.4.2 Read Batch of Changes: every leaf of what changed after `since`."""
        return await self.persist(lambda: self.selection.changes(since))

    # -- 2.4.2.5 Replicate Changes

    async def replicate_changes(self) -> None:
        """Reads ahead while earlier batches are still copied, `in_flight` of them at once.

        A batch counts as done only when those before it are, so a checkpoint never passes over one that failed.
        """
        under_way: deque[tuple[Changes, asyncio.Task[None]]] = deque()
        seq = self._reached
        try:
            while True:
                page = await self.locate_changed_documents(seq)
                seq = page.last_seq
                under_way.append((page, asyncio.create_task(self.transfer.copy(page.rows))))
                caught_up = not page.rows or page.pending == 0
                while under_way and (caught_up or len(under_way) >= self.options.in_flight or under_way[0][1].done()):
                    await self._finish(*under_way.popleft())
                if caught_up:
                    await self.record_checkpoint()
                    if not self.options.continuous:
                        return
                    await self.continue_reading_changes(seq)
        except SyncError:
            await cancel([task for _, task in under_way])
            await self._record_what_is_done()
            raise
        finally:
            await cancel([task for _, task in under_way])

    async def _finish(self, page: Changes, task: asyncio.Task[None]) -> None:
        try:
            await task
        finally:
            await cancel([task])
        self._reached = self.report.end_last_seq = page.last_seq
        self.report.pending = page.pending
        await self._tell()
        if time.monotonic() - self._recorded_at >= self.options.checkpoint_interval:
            await self.record_checkpoint()

    # -- 2.4.2.5.5 Record Replication Checkpoint

    async def record_checkpoint(self) -> None:
        """Notes on both sides how far it is. Raises EpochPassed when a side is not the one it was."""
        self._recorded_at = time.monotonic()
        if not self.options.use_checkpoints or self._reached == self._recorded:
            return
        await self._check_epochs()
        entry = checkpoints.entry_of(self.report, self._reached, _now())
        for side in (self.target, self.source):
            await self.persist(partial(checkpoints.record, side, self._ids[0], entry, self._epochs, self._earlier))
        self._recorded = self._reached
        self.report.checkpoints += 1

    async def _record_what_is_done(self) -> None:
        """On the way out with an error: one attempt, and the error that ends the replication stays the one that is raised."""
        self.persist.give_up_at_once()
        try:
            await self.record_checkpoint()
        except (SyncError, EpochPassed):
            return

    async def _check_epochs(self) -> None:
        if await self._get_epochs() != self._epochs:
            raise EpochPassed

    # -- 2.4.2.6 Continue Reading Changes

    async def continue_reading_changes(self, seq: str) -> None:
        """Waits until the source has more, and looks now and then whether a side was restored meanwhile."""
        self.report.waiting = True
        await self._tell()
        with self.persist.idle():
            while True:
                try:
                    async with asyncio.timeout(self.options.epoch_interval):
                        await self.persist(lambda: self.source.wait(seq))
                    break
                except TimeoutError:
                    await self._check_epochs()
        self.report.waiting = False

    async def _tell(self) -> None:
        if self._on_progress is not None:
            await self._on_progress(self.report)

    def _on_failure(self, error: SyncError) -> None:
        self.report.retries += 1


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
