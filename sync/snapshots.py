"""A whole database as one stream, for a first sync that costs one request.

    {"seq": "42-…", "epoch": "…", "count": 2}
    {"_id": "a", "_rev": "2-c", "_revisions": {"start": 2, "ids": ["c", "b"]}, "n": 1}      as for `new_edits: false`
    {"_id": "a", "_rev": "2-d", …}                                                          every leaf is a line
    {"end": true, "lines": 2}                                                               its absence tells a cut stream

`count` is the number of documents, of which each has a line for every leaf. Whoever has read it goes on by ordinary
replication from `seq`. Attachments are stubs: their bytes come by ordinary replication too.
"""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import aclosing
from typing import TypeVar

import msgspec

from sync.databases.contract import Database
from sync.documents import Document, parse, render
from sync.errors import BadRequest, SyncError

_T = TypeVar("_T")
MEDIA_TYPE = "application/x-ndjson"
_BATCH = 500


class Header(msgspec.Struct, frozen=True):
    """The first line."""

    seq: str
    epoch: str
    count: int


class _Trailer(msgspec.Struct, frozen=True):
    end: bool
    lines: int


class Loaded(msgspec.Struct, frozen=True):
    """What `load` did. `refused` has to be fetched by replication (by id) before `seq` may serve as a checkpoint."""

    seq: str
    epoch: str
    lines: int
    refused: dict[str, SyncError]


async def snapshot(database: Database) -> AsyncGenerator[bytes, None]:
    """The stream, in pieces of many lines. Raises what reading the database raises; then the last line is missing."""
    taken = await database.snapshot()
    lines = 0
    async with aclosing(taken.pages) as pages:
        yield msgspec.json.encode(Header(taken.seq, taken.epoch, taken.count)) + b"\n"
        async for page in pages:
            lines += len(page)
            yield b"".join(render(document, revisions=True) + b"\n" for document in page)
    yield msgspec.json.encode(_Trailer(True, lines)) + b"\n"


async def load(chunks: AsyncIterable[bytes], database: Database) -> Loaded:
    """Writes a stream, cut anywhere into pieces, into a database. Documents that are there already are no change.

    Raises BadRequest when the stream is cut short or is none. What came before is stored: loading again goes on.
    """
    lines = split_lines(chunks)
    header = _decode(await anext(lines, b""), Header)
    refused: dict[str, SyncError] = {}
    batch: list[Document] = []
    count = 0
    async for line in lines:
        if line.startswith(b'{"end"'):
            trailer = _decode(line, _Trailer)
            if trailer.lines != count:
                raise BadRequest("The snapshot is incomplete.")
            refused |= await _write(database, batch)
            return Loaded(header.seq, header.epoch, count, refused)
        batch.append(parse(line))
        count += 1
        if len(batch) == _BATCH:
            refused |= await _write(database, batch)
            batch = []
    await _write(database, batch)
    raise BadRequest("The snapshot is incomplete.")


async def _write(database: Database, batch: list[Document]) -> dict[str, SyncError]:
    outcomes = await database.write(batch, new_edits=False) if batch else []
    return {outcome.id: outcome.error for outcome in outcomes if outcome.error is not None}


async def split_lines(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Whole lines without their ends; a last one without an end is left out, since it was cut."""
    rest = b""
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if line:
                yield line


def _decode(line: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(line, type=kind)
    except msgspec.DecodeError:
        raise BadRequest("This is no snapshot.") from None
