"""2.4.2.5.3 Upload Document with Attachments: bytes flow from source to target a chunk at a time.

Each attachment is read by itself, not as the multipart/related of a whole document: so any Database can be the source, a
broken transfer goes on at the byte where it broke, and what the target has already is not read at all.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial

import msgspec

from sync.databases.contract import Database, Difference
from sync.documents import Attachment, Document, generation
from sync.errors import Corrupt, NotFound, SyncError, Unavailable
from sync.replication.backoff import Persistence
from sync.replication.options import Options, Refusal, Report
from sync.replication.parallel import in_parallel

_READINGS = 3  # of bytes that come damaged, before they are given up


class AttachmentCopier:
    """Stages the bytes of documents' attachments at the target."""

    def __init__(
        self, source: Database, target: Database, options: Options, report: Report, persist: Persistence
    ) -> None:
        self._source = source
        self._target = target
        self._options = options
        self._report = report
        self._persist = persist

    async def stage(self, documents: Sequence[Document], missing: Mapping[str, Difference]) -> list[Document]:
        """The documents as they are to be written, a few at once. One whose bytes can't be had is named in the report."""
        staged = await in_parallel(
            self._options.attachments_in_flight,
            [partial(self._stage, document, missing) for document in documents],
        )
        return [document for document in staged if document is not None]

    async def _stage(self, document: Document, missing: Mapping[str, Difference]) -> Document | None:
        known = _known_generation(document, missing.get(document.id))
        entries = dict(document.attachments or {})
        try:
            for name, entry in entries.items():
                if 0 < entry.revpos <= known:
                    entries[name] = msgspec.structs.replace(entry, stub=True)
                else:
                    entries[name] = await self._copy(document, name, entry)
        except NotFound as error:
            return await self._stage_successor(document, missing, error)
        except Corrupt as error:
            self._refuse(document, error)
            return None
        return msgspec.structs.replace(document, attachments=entries)

    async def _stage_successor(
        self, document: Document, missing: Mapping[str, Difference], error: NotFound
    ) -> Document | None:
        """The revision was edited and compacted away under our hands, or its bytes are lost."""
        wanted = [(document.id, document.rev)]
        for found in (await self._persist(lambda: self._source.bulk_get(wanted, latest=True)))[0]:
            if isinstance(found, Document):
                if found.rev != document.rev:
                    return await self._stage(found, missing)
                self._refuse(document, error)
        return None

    def _refuse(self, document: Document, error: SyncError) -> None:
        self._report.refuse(Refusal(document.id, document.rev, error.error, error.reason))

    async def _copy(self, document: Document, name: str, entry: Attachment) -> Attachment:
        """The entry with the digest under which the target staged the bytes. Raises Corrupt when they are others."""
        for _ in range(_READINGS):
            upload = await self._persist(lambda: self._target.upload(self._read(document, name)))
            if upload.digest == entry.digest or not entry.digest.startswith("md5-"):
                self._report.attachments += 1
                return msgspec.structs.replace(entry, digest=upload.digest, stub=False)
        raise Corrupt(f"The bytes of attachment {name} don't match their digest")

    async def _read(self, document: Document, name: str) -> AsyncIterator[bytes]:
        """The bytes. A reading that broke off goes on where it did, as long as each brings something."""
        place = 0
        while True:
            resumed = place
            try:
                async for chunk in self._source.download(document, name, start=place):
                    place += len(chunk)
                    self._report.attachment_bytes += len(chunk)
                    self._persist.progress()
                    yield chunk
            except Unavailable as error:
                if place == resumed:
                    raise
                await self._persist.after(error, 1)
            else:
                return


def _known_generation(document: Document, difference: Difference | None) -> int:
    """Attachments added up to this generation are at the target, which has that ancestor of the document; 0 for none."""
    if difference is None:
        return 0
    start = generation(document.rev)
    ancestry = {f"{start - age}-{ident}" for age, ident in enumerate(document.ancestry)}
    return max((generation(rev) for rev in difference.possible_ancestors if rev in ancestry), default=0)
