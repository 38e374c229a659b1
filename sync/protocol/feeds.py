"""The feeds of `_changes` that wait: longpoll, continuous and eventsource (CouchDB API, "Changes Feeds").

A waiting feed is one suspended coroutine, woken by the commit; it holds no thread, and is gone when its client is.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from sync.databases.contract import Database
from sync.errors import BadRequest, NotFound
from sync.protocol.call import Call
from sync.protocol.changes import OPENING, Page, Query, Reader, closing, listed, normal, read_query
from sync.protocol.replies import Reply, Stream
from sync.protocol.rows import Framing, framed

_LINES = Framing(after=lambda seq: b"\n")
_EVENTS = Framing(before=b"data: ", after=lambda seq: b'\nid: "%b"\n\n' % seq.encode())
_EVENT_STREAM = ((b"cache-control", b"no-cache"), (b"content-type", b"text/event-stream"))


async def changes(call: Call) -> Reply:
    """`GET` or `POST /{db}/_changes`. Raises BadRequest for a feed that does not exist."""
    query = await read_query(call)
    match query.feed:
        case "normal":
            return await normal(call, query)
        case "longpoll":
            return Stream(_longpoll(call, query))
        case "continuous":
            return Stream(_endless(call, query, _LINES, b"\n", _last_line))
        case "eventsource":
            heartbeat = b"event: heartbeat\ndata: \n\n"
            return Stream(_endless(call, query, _EVENTS, heartbeat, lambda page: b""), headers=_EVENT_STREAM)
    raise BadRequest("Supported `feed` types: normal, continuous, live, longpoll, eventsource")


async def _longpoll(call: Call, query: Query) -> AsyncGenerator[bytes, None]:
    """What there is, or else the first that comes; then it ends."""
    reader = Reader(call, query)
    page = await reader.page()
    yield OPENING
    while True:
        async for chunk in listed(page):
            yield chunk
        if page.last and (page.told or reader.exhausted):
            break
        if not page.last:
            page = await reader.page()
            continue
        try:
            async with aclosing(_beats(call.database, reader.since, query)) as beats:
                async for _ in beats:
                    yield b"\n"
        except (TimeoutError, NotFound):
            break
        await call.admit_again()
        page = await reader.page()
    yield closing(page)


async def _endless(
    call: Call, query: Query, framing: Framing, heartbeat: bytes, ending: Callable[[Page], bytes]
) -> AsyncGenerator[bytes, None]:
    """Everything there is and then all that comes, until the limit, the timeout or the end of the database."""
    reader = Reader(call, query)
    while True:
        page = await reader.page()
        yield b""  # the first page is read: the client may be told that all is well
        async for chunk in framed(page.rows, framing, page.seqs):
            yield chunk
        if not page.last:
            continue
        if reader.exhausted:
            break
        try:
            async with aclosing(_beats(call.database, reader.since, query)) as beats:
                async for _ in beats:
                    yield heartbeat
        except (TimeoutError, NotFound):
            break
        await call.admit_again()
    yield ending(page)


async def _beats(database: Database, since: str, query: Query) -> AsyncGenerator[None, None]:
    """Yields at every heartbeat and ends once something may have changed. Raises TimeoutError where there is no heartbeat."""
    waiting = asyncio.ensure_future(database.wait(since))
    seconds = (query.heartbeat or query.timeout) / 1000
    try:
        while not (await asyncio.wait((waiting,), timeout=seconds))[0]:
            if query.heartbeat is None:
                raise TimeoutError
            yield
        waiting.result()
    finally:
        waiting.cancel()


def _last_line(page: Page) -> bytes:
    return b'{"last_seq":"%b","pending":%d}\n' % (page.since.encode(), max(page.pending, 0))
