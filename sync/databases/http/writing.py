"""Documents to a peer: `_bulk_docs`, and one multipart/related PUT for each document that brings attachment bytes."""

import base64
from collections.abc import Mapping, Sequence
from http import HTTPStatus

import anyio
import msgspec

from sync import multipart
from sync.databases.contract import Outcome
from sync.databases.http import answers
from sync.databases.http.peer import Peer, decode, document_path
from sync.databases.http.spool import Spool
from sync.documents import Attachment, Document, generation, render
from sync.errors import (
    BadRequest,
    IllegalName,
    InvalidDocument,
    PreconditionFailed,
    SyncError,
    TooLarge,
    Unauthorized,
    Unavailable,
)
from sync.multipart import Piece, header_value
from sync.protocol.errors import from_wire

# CouchDB before 3.0 acknowledged before it wrote, unless it was asked not to.
_DURABLE = {"accept": "application/json", "content-type": "application/json", "x-couch-full-commit": "true"}
_PUTS_AT_ONCE = 4
# What a cluster that has lost its quorum accepts (202) may not stay, and two writers may both be told so of one new document.
_UNPROMISED = "It is stored on fewer nodes than a quorum, and may not stay"
# A batch refused with one of these was not stored at all, and most of it would be welcome.
_ABOUT_ONE = (BadRequest, InvalidDocument, IllegalName, PreconditionFailed, TooLarge)


class Writer:
    """Writes the documents of one database below `path`; attachment bytes come out of `spool`."""

    def __init__(self, peer: Peer, path: str, spool: Spool) -> None:
        self._peer = peer
        self._path = path
        self._spool = spool

    async def write(self, documents: Sequence[Document], *, new_edits: bool) -> list[Outcome]:
        """As the contract's `write`. A document sent alone that fails is an Outcome, whatever the error."""
        alone = [number for number, document in enumerate(documents) if _brings_bytes(document)]
        if not alone and documents:
            return await self._together(documents, new_edits=new_edits)
        outcomes: dict[int, Outcome] = {}
        apart = set(alone)
        together = [number for number in range(len(documents)) if number not in apart]
        if together:
            answered = await self._together([documents[number] for number in together], new_edits=new_edits)
            outcomes.update(zip(together, answered, strict=True))
        limiter = anyio.CapacityLimiter(_PUTS_AT_ONCE)

        async def put(number: int) -> None:
            async with limiter:
                outcomes[number] = await self._put(documents[number], new_edits=new_edits)

        async with anyio.create_task_group() as tasks:
            for number in alone:
                tasks.start_soon(put, number)
        return [outcomes[number] for number in range(len(documents))]

    async def _together(self, documents: Sequence[Document], *, new_edits: bool) -> list[Outcome]:
        """CouchDB refuses a whole batch for one missing stub or one document too large: halve it until that one is alone."""
        try:
            return await self._bulk_docs(documents, new_edits=new_edits)
        except _ABOUT_ONE as error:
            if len(documents) == 1:
                return [Outcome(documents[0].id, error=error)]
        half = len(documents) // 2
        first = await self._together(documents[:half], new_edits=new_edits)
        return first + await self._together(documents[half:], new_edits=new_edits)

    async def _bulk_docs(self, documents: Sequence[Document], *, new_edits: bool) -> list[Outcome]:
        rendered = [
            render(document, revisions=bool(document.ancestry), attachments=_inline(document, new_edits))
            for document in documents
        ]
        body = b'{"new_edits":%s,"docs":[%s]}' % (b"true" if new_edits else b"false", b",".join(rendered))
        async with self._peer.stream("POST", self._path + "/_bulk_docs", content=body, headers=_DURABLE) as answer:
            rows = decode(answers.written, await answer.read(), self._peer.url)
        if not new_edits:
            # Which of them a cluster only accepted it does not say then, so none is promised.
            if answer.status == HTTPStatus.ACCEPTED:
                raise Unavailable(_UNPROMISED)
            return _match(documents, rows)
        if len(rows) != len(documents):
            raise Unavailable(f"{self._peer} answered {len(rows)} rows for {len(documents)} documents")
        return [_outcome(document, row) for document, row in zip(documents, rows, strict=True)]

    async def _put(self, document: Document, *, new_edits: bool) -> Outcome:
        try:
            outcome = await self._put_related(document, new_edits=new_edits)
        except SyncError as error:
            outcome = Outcome(document.id, error=error)
        if not isinstance(outcome.error, Unavailable | Unauthorized):  # after those the caller may try again
            for entry in (document.attachments or {}).values():
                await self._spool.release(entry.digest)
        return outcome

    async def _put_related(self, document: Document, *, new_edits: bool) -> Outcome:
        boundary = multipart.new_boundary()
        entries = document.attachments or {}
        added = _added(document, new_edits)
        listed = {name: self._listed(entry, added) for name, entry in entries.items()}
        json = render(document, revisions=bool(document.ancestry), attachments=listed)
        pieces = [Piece({"Content-Type": "application/json"}, json, len(json))]
        pieces += [self._piece(name, entry) for name, entry in entries.items() if not entry.stub]
        headers = _DURABLE | {
            "content-type": f'multipart/related; boundary="{boundary}"',
            "content-length": str(multipart.length(pieces, boundary)),
        }
        query = None if new_edits else {"new_edits": False}
        path = self._path + document_path(document.id)
        content = multipart.write(pieces, boundary)
        async with self._peer.stream("PUT", path, query, content=content, headers=headers) as answer:
            row = decode(answers.one_written, await answer.read(), self._peer.url)
        if answer.status == HTTPStatus.ACCEPTED:
            raise Unavailable(_UNPROMISED)
        if isinstance(row, list):
            return _match([document], row)[0]
        return Outcome(document.id, row.rev or document.rev)

    def _piece(self, name: str, entry: Attachment) -> Piece:
        headers = {
            "Content-Type": header_value(entry.content_type),
            "Content-Disposition": f'attachment; filename="{header_value(name)}"',
        }
        if entry.encoding is not None:
            headers["Content-Encoding"] = entry.encoding
        if entry.data is not None:
            return Piece(headers, entry.data, len(entry.data))
        return Piece(headers, self._spool.read(entry.digest), self._stored_length(entry))

    def _listed(self, entry: Attachment, added: int) -> object:
        """The entry in the JSON part. A replicated one keeps its digest, which CouchDB then checks the bytes against."""
        if entry.stub:
            return msgspec.structs.replace(entry, data=None)
        stored = self._stored_length(entry)
        listed: dict[str, object] = {"content_type": entry.content_type, "follows": True}
        if entry.encoding is None:
            listed["length"] = stored
        else:
            listed |= {"length": entry.length, "encoding": entry.encoding, "encoded_length": stored}
        if added and entry.digest:
            listed["digest"] = entry.digest
        return listed | _revpos(entry, added)

    def _stored_length(self, entry: Attachment) -> int:
        return len(entry.data) if entry.data is not None else self._spool.length(entry.digest)


def _brings_bytes(document: Document) -> bool:
    """Whether an attachment's bytes can't go into JSON: staged ones, and compressed ones (CouchDB ignores that)."""
    return document.attachments is not None and any(
        not entry.stub and (entry.data is None or entry.encoding is not None) for entry in document.attachments.values()
    )


def _added(document: Document, new_edits: bool) -> int:
    """The `revpos` of attachments that name none: this generation. 0 where the peer makes the revision, and says it itself."""
    return 0 if new_edits else generation(document.rev)


def _inline(document: Document, new_edits: bool) -> Mapping[str, object] | None:
    if document.attachments is None:
        return None
    added = _added(document, new_edits)
    return {
        name: entry
        if entry.data is None
        else {"content_type": entry.content_type, "data": base64.b64encode(entry.data).decode()} | _revpos(entry, added)
        for name, entry in document.attachments.items()
    }


def _revpos(entry: Attachment, added: int) -> dict[str, object]:
    return {"revpos": entry.revpos or added} if added else {}


def _outcome(document: Document, row: answers.Fault) -> Outcome:
    if row.error:
        return Outcome(document.id, error=from_wire(0, row))
    if row.accepted:
        return Outcome(document.id, error=Unavailable(_UNPROMISED))
    return Outcome(document.id, row.rev)


def _match(documents: Sequence[Document], rows: Sequence[answers.Fault]) -> list[Outcome]:
    """Outcomes with `new_edits: false`, where a peer answers errors only; some leave out the revision."""
    faults = {(row.id, row.rev): row for row in rows if row.error}
    if not faults:
        return [Outcome(document.id, document.rev) for document in documents]
    return [
        Outcome(document.id, document.rev)
        if (fault := faults.get((document.id, document.rev)) or faults.get((document.id, ""))) is None
        else Outcome(document.id, error=from_wire(0, fault))
        for document in documents
    ]
