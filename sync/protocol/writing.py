"""The one way to the store for documents: limits, ids and the application's rules first, then one `write`."""

from collections.abc import Mapping, Sequence

import msgspec

from sync.databases.contract import Outcome
from sync.documents import Attachment, Document
from sync.errors import BadRequest, SyncError
from sync.protocol import places
from sync.protocol.call import Call
from sync.protocol.uuids import new_uuid
from sync.protocol.weighing import Heavy, over_limit


async def write(call: Call, documents: Sequence[Document | Heavy], *, new_edits: bool = True) -> list[Outcome]:
    """Stores what the limits and the policy allow; an outcome per document, in order, as `Database.write` gives them."""
    settled = {
        position: Outcome(one.id, one.rev, one.error)
        for position, one in enumerate(documents)
        if isinstance(one, Heavy)
    }
    named = {position: _named(one, new_edits) for position, one in enumerate(documents) if isinstance(one, Document)}
    for position, document in named.items():
        if (error := over_limit(document, call.settings)) is not None:
            settled[position] = Outcome(document.id, document.rev, error)
        elif document.id.startswith("_local/"):
            settled[position] = await _write_local(call, document)
    asked = [document for position, document in named.items() if position not in settled]
    written = iter(await _write_allowed(call, asked, new_edits))
    return [settled[position] if position in settled else next(written) for position in range(len(documents))]


async def _write_allowed(call: Call, documents: Sequence[Document], new_edits: bool) -> list[Outcome]:
    """Asks the policy first. A document it refuses is told so, and does not hold up the others."""
    await call.admit_still()
    verdicts = await call.service.policy.validate(call.identity, call.database, documents)
    if not any(verdicts):
        return await call.database.write(documents, new_edits=new_edits) if documents else []
    allowed = [document for document, verdict in zip(documents, verdicts, strict=True) if verdict is None]
    written = iter(await call.database.write(allowed, new_edits=new_edits) if allowed else ())
    return [
        next(written) if verdict is None else Outcome(document.id, document.rev, verdict)
        for document, verdict in zip(documents, verdicts, strict=True)
    ]


async def _write_local(call: Call, document: Document) -> Outcome:
    """A `_local` document in a batch: it has no tree, and no rule of the application speaks of it."""
    try:
        return Outcome(document.id, await places.write(call, document, document.rev))
    except SyncError as error:
        return Outcome(document.id, document.rev, error)


def _named(document: Document, new_edits: bool) -> Document:
    if not document.id:
        document = msgspec.structs.replace(document, id=new_uuid())
    if new_edits and document.attachments:
        return msgspec.structs.replace(document, attachments=_brought(document.attachments))
    return document


def _brought(entries: Mapping[str, Attachment]) -> dict[str, Attachment]:
    """Bytes that come with an edit belong to its generation, whatever `revpos` the editor read and sent back."""
    return {name: entry if entry.stub else msgspec.structs.replace(entry, revpos=0) for name, entry in entries.items()}


async def write_one(call: Call, document: Document, *, new_edits: bool = True) -> str:
    """Stores one document and answers its new revision. Raises the error that refused it."""
    (outcome,) = await write(call, (document,), new_edits=new_edits)
    if outcome.error is not None:
        raise outcome.error
    return outcome.rev


def require_revision(document: Document) -> None:
    """A replicated document must say where in its tree it belongs. Raises BadRequest."""
    if not document.rev:
        raise BadRequest("When `new_edits: false`, the document needs `_rev` or `_revisions` specified")
