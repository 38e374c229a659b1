"""2.4.2.5.1 Fetch Changed Documents."""

from collections.abc import Collection, Sequence

from sync.databases.contract import Database
from sync.documents import Document
from sync.errors import Corrupt
from sync.replication.backoff import Persistence
from sync.replication.options import Options, Refusal, Report

Wanted = tuple[str, str]  # document id, revision

# What is guessed of a document's size before any was seen: a first fetch of large ones must not fill the memory.
_FIRST_GUESS = 64 * 1024


class Fetcher:
    """Reads revisions from the source, about `batch_bytes` of them at once."""

    def __init__(self, source: Database, options: Options, report: Report, persist: Persistence) -> None:
        self._source = source
        self._options = options
        self._report = report
        self._persist = persist
        self._mean = float(_FIRST_GUESS)

    def at_once(self) -> int:
        """How many revisions the next fetch should ask for."""
        return max(1, min(self._options.batch_documents, int(self._options.batch_bytes / self._mean)))

    async def fetch(self, wanted: Sequence[Wanted]) -> list[Document]:
        """The revisions. One that was edited meanwhile comes as what became of it (`latest`); one that is gone without a
        successor was purged, and is no loss. One that can't be read is named in the report, and keeps no other back."""
        try:
            found = await self._persist(lambda: self._source.bulk_get(wanted, latest=True))
        except Corrupt as error:
            if len(wanted) > 1:
                half = len(wanted) // 2
                return await self.fetch(wanted[:half]) + await self.fetch(wanted[half:])
            self._report.refuse(Refusal(*wanted[0], error.error, error.reason))
            return []
        documents = {(one.id, one.rev): one for answer in found for one in answer if isinstance(one, Document)}
        self._report.docs_read += len(documents)
        self._learn(documents.values())
        return list(documents.values())

    def _learn(self, documents: Collection[Document]) -> None:
        """The next fetch goes by the mean size of the last one, but grows no faster than fourfold."""
        if documents:
            mean = sum(len(document.body) for document in documents) / len(documents)
            self._mean = max(mean, self._mean / 4, 1.0)
