"""2.4.2.5.2 Upload Batch of Changed Documents: every document is stored or named in the report."""

from collections.abc import Iterator, Sequence

from sync.databases.contract import Database, Outcome
from sync.documents import Document
from sync.errors import OutOfSpace, PreconditionFailed, SyncError, Unauthorized, Unavailable
from sync.replication.backoff import Persistence, is_transient
from sync.replication.options import Options, Refusal, Report

# A peer that fails on the same batch so often may choke on one document in it: then each is tried alone …
_CHOKES = 5
# … so often, and when so many in a row fail it is the peer that is ill, and nobody's fault.
_ALONE = 8
_ILL = 3

Key = tuple[str, str]  # document id, revision


def batches(documents: Sequence[Document], options: Options) -> Iterator[list[Document]]:
    """The documents in order, no more than `batch_documents` and `batch_bytes` at once (one larger than that goes alone)."""
    batch: list[Document] = []
    size = 0
    for document in documents:
        weight = size_of(document)
        if batch and (size + weight > options.batch_bytes or len(batch) >= options.batch_documents):
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += weight
    if batch:
        yield batch


def size_of(document: Document) -> int:
    """Bytes of a document, with those of its attachments that may have to be sent."""
    entries = (document.attachments or {}).values()
    return len(document.body) + sum(entry.encoded_length or entry.length for entry in entries)


class Uploader:
    """Writes documents as they are (`new_edits: false`) and accounts for each."""

    def __init__(self, target: Database, report: Report, persist: Persistence) -> None:
        self._target = target
        self._report = report
        self._persist = persist

    async def write(self, documents: Sequence[Document]) -> frozenset[Key]:
        """Stores what the target takes; refusals go into the report. Answers those with stubs the target can't follow.

        Raises what makes going on senseless: no access, no database, or a failure that outlasts all attempts.
        """
        stubless: set[Key] = set()
        left = list(documents)
        failures = 0
        while left:
            number = len(left)
            left, error = await self._attempt(left, stubless)
            if error is None:
                continue
            failures = failures + 1 if len(left) == number else 1
            if failures % _CHOKES == 0 and _answered(error):
                left, error = await self._one_by_one(left, stubless, error)
            if left:
                await self._persist.after(error, failures)
        return frozenset(stubless)

    async def _attempt(self, documents: list[Document], stubless: set[Key]) -> tuple[list[Document], SyncError | None]:
        """The documents that should be tried again, and why."""
        try:
            outcomes = await self._target.write(documents, new_edits=False)
        except SyncError as error:
            if not is_transient(error):
                raise
            return documents, error
        again = [
            (document, outcome.error)
            for document, outcome in zip(documents, outcomes, strict=True)
            if not self._settle(document, outcome, stubless)
        ]
        if len(again) < len(documents):
            self._persist.progress()
        return [document for document, _ in again], again[0][1] if again else None

    def _settle(self, document: Document, outcome: Outcome, stubless: set[Key]) -> bool:
        """Accounts for a document; False when it should be tried again."""
        match outcome.error:
            case None:
                self._report.docs_written += 1
            case Unavailable() | OutOfSpace():
                return False
            case Unauthorized():
                raise outcome.error
            case PreconditionFailed() if _has_stubs(document):
                stubless.add((document.id, document.rev))
            case error:
                self.refuse(document, error)
        return True

    def refuse(self, document: Document, error: SyncError) -> None:
        """Names a document that was not copied."""
        self._report.refuse(Refusal(document.id, document.rev, error.error, error.reason))

    async def _one_by_one(
        self, documents: list[Document], stubless: set[Key], error: SyncError
    ) -> tuple[list[Document], SyncError]:
        """Finds the document on which the target chokes. Answers all that are left when it fails on everything."""
        faulty: list[tuple[Document, SyncError]] = []
        for number, document in enumerate(documents):
            fault = await self._alone(document, stubless)
            if fault is not None:
                faulty.append((document, fault))
            if len(faulty) == _ILL and number + 1 == _ILL:
                return documents, error
        if len(faulty) == len(documents):
            await self._target.info()  # it answers that, at least, or raises
        for document, fault in faulty:
            self.refuse(document, fault)
        return [], error

    async def _alone(self, document: Document, stubless: set[Key]) -> SyncError | None:
        error: SyncError | None = None
        for failures in range(1, _ALONE + 1):
            left, error = await self._attempt([document], stubless)
            if not left or error is None:
                return None
            if failures < _ALONE:
                await self._persist.after(error, failures)
        return error


def _answered(error: SyncError) -> bool:
    """Whether the peer answered with a failure of its own, rather than not at all or with a plain "try later"."""
    return isinstance(error, Unavailable) and error.error not in ("service_unavailable", "timeout")


def _has_stubs(document: Document) -> bool:
    return any(entry.stub for entry in (document.attachments or {}).values())
