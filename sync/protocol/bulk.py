"""Many documents in one request: `_bulk_docs`, `_revs_diff`, `_missing_revs` (CouchDB API, "Bulk Document APIs")."""

import msgspec

from sync.databases.contract import Outcome
from sync.documents import UNREADABLE, Document, check_readable, from_members, generation
from sync.errors import BadRequest, TooLarge
from sync.protocol.call import Call
from sync.protocol.errors import told
from sync.protocol.replies import Json, Reply, encode
from sync.protocol.settings import Settings
from sync.protocol.weighing import Heavy, weighed
from sync.protocol.writing import require_revision, write


class _Batch(msgspec.Struct):
    docs: list[msgspec.Raw]
    new_edits: bool = True


class _Entry:
    """Stands for a document while a batch is looked through."""


class _Looked(msgspec.Struct):
    docs: list[_Entry]
    new_edits: bool = True


class _Shape(msgspec.Struct):
    docs: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    new_edits: msgspec.Raw = msgspec.Raw(b"true")


_ENTRY = _Entry()
_batch = msgspec.json.Decoder(_Batch)
_shape = msgspec.json.Decoder(_Shape)
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_revs = msgspec.json.Decoder(dict[str, list[str]])


async def bulk_docs(call: Call) -> Reply:
    """Stores each document or says why not; the answer lists all with `new_edits`, else the refused ones only."""
    call.require_json()
    batch = _read(await call.body(call.settings.max_request_size), call.settings)
    documents = [
        weighed(raw, call.settings.max_document_size) or from_members(_members.decode(raw)) for raw in batch.docs
    ]
    for document in documents:
        if document.rev:
            generation(document.rev)
        elif not batch.new_edits and isinstance(document, Document):
            require_revision(document)
    outcomes = await write(call, documents, new_edits=batch.new_edits)
    rows = [_row(outcome, document, batch.new_edits) for outcome, document in zip(outcomes, documents, strict=True)]
    return Json(b"[" + b",".join(filter(None, rows)) + b"]", 201)


def _row(outcome: Outcome, document: Document | Heavy, new_edits: bool) -> bytes:
    """What is said of one document: nothing where it was replicated and stored."""
    if outcome.error is None:
        return b'{"ok":true,"id":%b,"rev":"%b"}' % (encode(outcome.id), outcome.rev.encode()) if new_edits else b""
    row = {"id": outcome.id, **told(outcome.error)}
    return encode(row if new_edits else {**row, "rev": document.rev})


def _read(body: bytes, settings: Settings) -> _Batch:
    """The batch. Raises BadRequest saying which part of it is wrong, TooLarge past `max_batch` documents."""
    if len(body) <= settings.max_document_size:
        _look_through(body, settings.max_batch)
        return _batch.decode(body)
    _count(body, settings.max_batch)
    batch = _batch.decode(body)
    for raw in batch.docs:
        if weighed(raw, settings.max_document_size) is None:
            check_readable(raw)
    return batch


def _count(body: bytes, most: int) -> None:
    """Counts the documents of a batch and passes over all that is in them: one of them may be too large to be read."""
    left = most

    def count(_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise _too_many(most)

    passed = msgspec.defstruct("Passed", (), namespace={"__post_init__": count})
    counted = msgspec.defstruct("Counted", [("docs", list[passed]), ("new_edits", bool, True)])  # type: ignore[valid-type]
    try:
        msgspec.json.decode(body, type=counted)
    except msgspec.ValidationError:
        raise _complaint(body) from None
    except UNREADABLE:
        raise BadRequest("invalid UTF-8 JSON") from None


def _too_many(most: int) -> TooLarge:
    return TooLarge(f"A batch may hold {most} documents", error="too_large")


def _look_through(body: bytes, most: int) -> None:
    """Reads every document of a batch to its end, and holds one at a time: a few bytes of JSON can be many of memory."""
    left = most

    def look(_: type, document: object) -> _Entry:
        nonlocal left
        left -= 1
        if left < 0:
            raise _too_many(most)
        if not isinstance(document, dict):
            raise BadRequest("Document must be a JSON object")
        return _ENTRY

    try:
        msgspec.json.decode(body, type=_Looked, dec_hook=look)
    except msgspec.ValidationError:
        raise _complaint(body) from None
    except UNREADABLE:
        raise BadRequest("invalid UTF-8 JSON") from None


def _complaint(body: bytes) -> BadRequest:
    """What is wrong with a batch: its shape, a number in it, or that it ends to be JSON behind what was looked at."""
    try:
        shape = _shape.decode(body)
    except msgspec.ValidationError:
        return BadRequest("Request body must be a JSON object")
    except UNREADABLE:
        return BadRequest("invalid UTF-8 JSON")
    if shape.docs is msgspec.UNSET:
        return BadRequest("POST body must include `docs` parameter.")
    if bytes(memoryview(shape.docs)[:1]) != b"[":
        return BadRequest("`docs` parameter must be an array.")
    if bytes(shape.new_edits) not in (b"true", b"false"):
        return BadRequest("`new_edits` parameter must be a boolean.")
    return BadRequest("invalid UTF-8 JSON")


async def _differences(call: Call) -> dict[str, dict[str, tuple[str, ...]]]:
    call.require_json()
    revs: dict[str, list[str]] = await call.json(_revs, "Request body must be an object of arrays of revisions")
    for listed in revs.values():
        for rev in listed:
            generation(rev)
    found = await call.database.revs_diff(revs)
    return {
        doc_id: {"missing": difference.missing, "possible_ancestors": difference.possible_ancestors}
        if difference.possible_ancestors
        else {"missing": difference.missing}
        for doc_id, difference in found.items()
    }


async def revs_diff(call: Call) -> Reply:
    """Which of the named revisions are not here, and which leaves here may be their ancestors."""
    return Json(encode(await _differences(call)))


async def missing_revs(call: Call) -> Reply:
    """The older, shorter form of `_revs_diff`."""
    missing = {doc_id: difference["missing"] for doc_id, difference in (await _differences(call)).items()}
    return Json(encode({"missing_revs": missing}))
