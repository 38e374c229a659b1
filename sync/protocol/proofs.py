"""Our own additions to the API: `_digest` proves that two databases hold the same, `_snapshot` is a first sync in one go."""

import msgspec

from sync import snapshots
from sync.errors import BadRequest
from sync.protocol.call import Call
from sync.protocol.replies import Reply, Stream, json

_MAX_PREFIXES = 1024
_NDJSON = ((b"cache-control", b"no-store"), (b"content-type", snapshots.MEDIA_TYPE.encode()))


class _Question(msgspec.Struct):
    prefixes: list[str] | None = None
    leaves: str | None = None


_question = msgspec.json.Decoder(_Question)


async def digest(call: Call) -> Reply:
    """The root and its children; `{"prefixes": […]}` those nodes and theirs; `{"leaves": prefix}` ids with their leaves."""
    question = _Question()
    if call.method == "POST":
        call.require_json()
        question = await call.json(_question, "`prefixes` must be an array of strings, `leaves` a string")
    if question.leaves is not None:
        return json({"leaves": await call.database.digest_leaves(question.leaves)})
    prefixes = [""] if question.prefixes is None else question.prefixes
    if len(prefixes) > _MAX_PREFIXES:
        raise BadRequest(f"No more than {_MAX_PREFIXES} prefixes in one request")
    return json({"nodes": await call.database.digest(prefixes)})


async def snapshot(call: Call) -> Reply:
    """All leaf revisions as lines of JSON, and the sequence to replicate on from (`sync/snapshots.py` says how)."""
    return Stream(snapshots.snapshot(call.database), headers=_NDJSON, compress=True)
