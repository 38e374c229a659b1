"""Copying what a page of changes names: difference, fetch, upload (protocol sections 2.4.2.4.3 to 2.4.2.5.4)."""

from collections import deque
from collections.abc import Sequence

from sync.databases.contract import Change, Database, Difference
from sync.documents import Document
from sync.replication.attachments import AttachmentCopier
from sync.replication.backoff import Persistence
from sync.replication.fetch import Fetcher
from sync.replication.options import Options, Report
from sync.replication.upload import Uploader, batches


class Transfer:
    """Brings revisions from the source to the target, in batches bounded by number and by bytes."""

    def __init__(
        self, source: Database, target: Database, options: Options, report: Report, persist: Persistence
    ) -> None:
        self._target = target
        self._options = options
        self._report = report
        self._persist = persist
        self._fetcher = Fetcher(source, options, report, persist)
        self._uploader = Uploader(target, report, persist)
        self._attachments = AttachmentCopier(source, target, options, report, persist)

    async def copy(self, changes: Sequence[Change]) -> None:
        """Everything these changes name and the target does not have. What can't be copied is named in the report.

        When this returns, all of it is on the target's disk: that is the contract of `Database.write`, and does for
        section 2.4.2.5.4, Ensure In Commit.
        """
        missing = await self.revision_difference({change.id: change.revs for change in changes})
        wanted = deque((doc_id, rev) for doc_id, row in missing.items() for rev in row.missing)
        while wanted:
            number = min(self._fetcher.at_once(), len(wanted))
            documents = await self._fetcher.fetch([wanted.popleft() for _ in range(number)])
            await self.upload(documents, missing)

    async def revision_difference(self, leaves: dict[str, tuple[str, ...]]) -> dict[str, Difference]:
        """2.4.2.4.3 Calculate Revision Difference."""
        missing = await self._persist(lambda: self._target.revs_diff(leaves)) if leaves else {}
        self._report.missing_checked += sum(map(len, leaves.values()))
        self._report.missing_found += sum(len(row.missing) for row in missing.values())
        return missing

    async def upload(self, documents: Sequence[Document], missing: dict[str, Difference]) -> None:
        """2.4.2.5.2 Upload Batch of Changed Documents, and 2.4.2.5.3 Upload Document with Attachments."""
        for batch in batches([document for document in documents if not document.attachments], self._options):
            await self._uploader.write(batch)
        for batch in batches([document for document in documents if document.attachments], self._options):
            stubless = await self._uploader.write(await self._attachments.stage(batch, missing))
            if stubless:  # the target has forgotten bytes that it had: send them all
                whole = [document for document in batch if (document.id, document.rev) in stubless]
                await self._uploader.write(await self._attachments.stage(whole, {}))
