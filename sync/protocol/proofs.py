"""Our own additions to the API: `_digest` proves that two databases hold the same, `_snapshot` is a first sync in one go."""

from collections.abc import AsyncGenerator

import msgspec

from sync.databases.contract import NOW, START
from sync.documents import Document
from sync.errors import BadRequest
from sync.protocol.call import Call
from sync.protocol.parameters import boolean
from sync.protocol.rendering import Shown
from sync.protocol.replies import Reply, Stream, encode, json
from sync.protocol.rows import Framing, Pace, framed, row_of

_MAX_PREFIXES = 1024
_LINES = Framing(after=lambda seq: b"\n")
_NDJSON = ((b"cache-control", b"no-store"), (b"content-type", b"application/x-ndjson"))


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
    """All leaf revisions with their ancestry as lines of JSON, and the sequence to replicate on from.

    The first line is `{"snapshot": 1, "db_name", "epoch", "seq"}`, then a document a line, then `{"last_seq", "docs"}`:
    without that last line the snapshot is not whole. What is written meanwhile may be in it or not; it comes after `seq`.
    """
    info = await call.database.info()
    seq = (await call.database.changes(NOW)).last_seq
    shown = Shown(revisions=True, attachments=boolean(call.query.get("attachments", "false")))
    head = encode({"snapshot": 1, "db_name": info.name, "epoch": info.epoch, "seq": seq})

    async def lines() -> AsyncGenerator[bytes, None]:
        yield head + b"\n"
        count, since, pace = 0, START, Pace()
        while True:
            size = pace.size
            page = await call.database.changes(since, limit=size, all_leaves=True)
            found = await call.database.bulk_get([(row.id, rev) for row in page.rows for rev in row.revs])
            documents = [one for result in found for one in result if isinstance(one, Document)]
            count += len(documents)
            rows = [row_of(call.database, one, shown) for one in documents]
            pace.saw(rows)
            async for chunk in framed(rows, _LINES):
                yield chunk
            since = page.last_seq
            if len(page.rows) < size:
                break
        yield encode({"last_seq": seq, "docs": count}) + b"\n"

    return Stream(lines(), headers=_NDJSON, compress=True)
