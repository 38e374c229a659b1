"""Many documents in one request: `_bulk_docs`, `_revs_diff`, `_missing_revs` (CouchDB API, "Bulk Document APIs")."""

import msgspec

from sync.databases.contract import Outcome
from sync.documents import Document, check_readable, from_members, generation
from sync.errors import BadRequest, TooLarge
from sync.protocol.call import Call
from sync.protocol.replies import Json, Reply, encode
from sync.protocol.writing import require_revision, write


class _Batch(msgspec.Struct):
    docs: list[dict[str, msgspec.Raw]]
    new_edits: bool = True


_batch = msgspec.json.Decoder(_Batch)
_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_array = msgspec.json.Decoder(list[msgspec.Raw])
_boolean = msgspec.json.Decoder(bool)
_revs = msgspec.json.Decoder(dict[str, list[str]])


async def bulk_docs(call: Call) -> Reply:
    """Stores each document or says why not; the answer lists all with `new_edits`, else the refused ones only."""
    call.require_json()
    batch = _read(await call.body())
    if len(batch.docs) > call.settings.max_batch:
        raise TooLarge(f"A batch may hold {call.settings.max_batch} documents", error="too_large")
    documents = [from_members(members) for members in batch.docs]
    for document in documents:
        if document.rev:
            generation(document.rev)
        elif not batch.new_edits:
            require_revision(document)
    outcomes = await write(call, documents, new_edits=batch.new_edits)
    rows = [_row(outcome, document, batch.new_edits) for outcome, document in zip(outcomes, documents, strict=True)]
    return Json(b"[" + b",".join(filter(None, rows)) + b"]", 201)


def _row(outcome: Outcome, document: Document, new_edits: bool) -> bytes:
    """What is said of one document: nothing where it was replicated and stored."""
    if outcome.error is None:
        return b'{"ok":true,"id":%b,"rev":"%b"}' % (encode(outcome.id), outcome.rev.encode()) if new_edits else b""
    row = {"id": outcome.id, "error": outcome.error.error, "reason": outcome.error.reason}
    return encode(row if new_edits else {**row, "rev": document.rev})


def _read(body: bytes) -> _Batch:
    """The batch. Raises BadRequest saying which part of it can't be read or has the wrong shape."""
    check_readable(body)
    try:
        return _batch.decode(body)
    except msgspec.ValidationError:
        raise _complaint(body) from None


def _complaint(body: bytes) -> BadRequest:
    try:
        members = _object.decode(body)
    except msgspec.ValidationError:
        return BadRequest("Request body must be a JSON object")
    if "docs" not in members:
        return BadRequest("POST body must include `docs` parameter.")
    try:
        _array.decode(members["docs"])
    except msgspec.ValidationError:
        return BadRequest("`docs` parameter must be an array.")
    try:
        _boolean.decode(members.get("new_edits", msgspec.Raw(b"true")))
    except msgspec.ValidationError:
        return BadRequest("`new_edits` parameter must be a boolean.")
    return BadRequest("Document must be a JSON object")


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
