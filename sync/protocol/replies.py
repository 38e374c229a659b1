"""What goes back: JSON in one piece, or a stream that ends when the client goes away."""

import asyncio
import random
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Sequence
from contextlib import aclosing

import msgspec
from starlette.types import Receive, Send

from sync.errors import SyncError, Unavailable
from sync.protocol.call import Call
from sync.protocol.errors import MethodNotAllowed, status, told

Headers = Sequence[tuple[bytes, bytes]]

encode = msgspec.json.Encoder().encode
_JSON = (b"content-type", b"application/json")
_VALIDATE = (b"cache-control", b"must-revalidate")
_VARY = (b"vary", b"accept-encoding")
_RETRY_SECONDS = b"5"
_GZIP_LEVEL = 1  # a slow phone network gains most of it; higher levels cost more time than they save


def _request_id() -> tuple[bytes, bytes]:
    """CouchDB names every request, so that a client can quote it and nothing else, in a report."""
    return (b"x-couch-request-id", b"%010x" % random.getrandbits(40))


class Reply:
    """An answer. `extra` is added by the dispatcher (CORS)."""

    extra: Headers = ()

    async def send(self, call: Call, send: Send) -> None:
        raise NotImplementedError


class Json(Reply):
    """A JSON value in one piece; CouchDB ends it with a newline, and so do we."""

    caching = b"must-revalidate"

    def __init__(self, body: bytes, status: int = 200, headers: Headers = ()) -> None:
        self.body = body
        self.status = status
        self.headers = headers

    async def send(self, call: Call, send: Send) -> None:
        body = self.body + b"\n"
        headers = [(b"cache-control", self.caching), _JSON, *self.headers, *self.extra, _request_id()]
        threshold = call.settings.compress_from
        if threshold is not None and len(body) >= threshold:
            headers.append(_VARY)
            if call.accepts_gzip():
                body = await _gzipped(body)
                headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if call.method == "HEAD" else body})


class Empty(Reply):
    """No body at all: 304 and 204."""

    def __init__(self, status: int, headers: Headers = ()) -> None:
        self.status = status
        self.headers = headers

    async def send(self, call: Call, send: Send) -> None:
        headers = [*self.headers, *self.extra, _request_id()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


class Stream(Reply):
    """Chunks as they come about. When the client goes away the source is closed, wherever it waits.

    Nothing is sent before the first chunk is there, so an error until then is told as an error.
    With `length` the size is announced, otherwise the transfer is chunked. `compress` gzips for a client that takes it.
    """

    def __init__(
        self,
        chunks: AsyncGenerator[bytes, None],
        *,
        status: int = 200,
        headers: Headers = (_VALIDATE, _JSON),
        length: int | None = None,
        compress: bool = False,
    ) -> None:
        self.chunks = chunks
        self.status = status
        self.headers = headers
        self.length = length
        self.compress = compress

    async def send(self, call: Call, send: Send) -> None:
        headers = [*self.headers, *self.extra, _request_id()]
        if self.length is not None:
            headers.append((b"content-length", b"%d" % self.length))
        chunks = self.chunks
        if self.compress and call.settings.compress_from is not None:
            headers.append(_VARY)
            if call.accepts_gzip():
                headers.append((b"content-encoding", b"gzip"))
                chunks = _gzip_stream(chunks)
        async with aclosing(chunks):
            first = await anext(chunks, b"")
            await send({"type": "http.response.start", "status": self.status, "headers": headers})
            if call.method != "HEAD":
                await unless_gone(call.receive, _pour(first, chunks, send))
        await send({"type": "http.response.body", "body": b""})


async def _pour(first: bytes, chunks: AsyncIterator[bytes], send: Send) -> None:
    if first:
        await send({"type": "http.response.body", "body": first, "more_body": True})
    async for chunk in chunks:
        if chunk:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def unless_gone(receive: Receive, work: Coroutine[object, object, None]) -> None:
    """Does the work, and gives it up when the client goes away."""
    working = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait((working, gone), return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()
        if not working.done():
            working.cancel()
        await asyncio.gather(working, gone, return_exceptions=True)
    if not working.cancelled():
        working.result()


async def _gzipped(body: bytes) -> bytes:
    if len(body) < 64 * 1024:
        return _compress(body)
    return await asyncio.to_thread(_compress, body)


def _compress(body: bytes) -> bytes:
    return zlib.compress(body, _GZIP_LEVEL, wbits=31)


async def _gzip_stream(chunks: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    packer = zlib.compressobj(_GZIP_LEVEL, wbits=31)
    async with aclosing(chunks):
        async for chunk in chunks:
            yield packer.compress(chunk)
    yield packer.flush()


def json(value: object, status: int = 200, headers: Headers = ()) -> Json:
    """A JSON answer from a plain value."""
    return Json(encode(value), status, headers)


OK = b'{"ok":true}'


def refusal(error: SyncError) -> Json:
    """The answer that tells of an error, as CouchDB words it."""
    headers: Headers = ()
    if isinstance(error, MethodNotAllowed):
        headers = ((b"allow", error.allowed.encode()),)
    elif isinstance(error, Unavailable):
        headers = ((b"retry-after", _RETRY_SECONDS),)
    return Json(encode(told(error)), status(error), headers)


def etag(value: str) -> tuple[bytes, bytes]:
    """The header that names what an answer holds: `ETag: "value"`."""
    return (b"etag", f'"{value}"'.encode())


def is_fresh(call: Call, value: str) -> bool:
    """Whether the client's copy (If-None-Match) is the one with this tag: then 304 is all it needs."""
    known = call.header(b"if-none-match")
    return known is not None and any(tag.strip().removeprefix("W/") in (f'"{value}"', "*") for tag in known.split(","))


def not_modified(value: str) -> Empty:
    """304: the client has what this tag names."""
    return Empty(304, (etag(value),))
