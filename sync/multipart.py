"""Multipart bodies, read and written as streams (RFC 2046; CouchDB API, "Attachments", "Multiple attachments").

    multipart/mixed              what `?open_revs=` and `_bulk_get` answer: one part a revision
    ├── application/json         a revision without attachments (or `; error="true"`: a missing one)
    └── multipart/related        a revision with attachments
        ├── application/json     the document; its attachments say `"follows": true`
        ├── image/png            their bytes, in the order in which the document names them
        └── …

Nothing is held but one chunk and a delimiter's length, so a part may be larger than memory. A part whose type is
multipart again is read by passing its chunks to `read` once more.
"""

import secrets
from collections.abc import AsyncIterator, Iterable, Mapping
from email.message import Message

import msgspec

from sync.errors import BadContentType, BadRequest

MAX_HEAD = 16 * 1024  # bytes of headers a part may have
_CRLF = b"\r\n"


class Part:
    """One part as it is read: `headers` by lower-case name, and its bytes by iterating over it, once.

    The next part starts where this one ends: what was not read of it is skipped.
    """

    def __init__(self, headers: Mapping[str, str], chunks: AsyncIterator[bytes]) -> None:
        self.headers = headers
        self._chunks = chunks

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._chunks

    async def read(self, limit: int) -> bytes:
        """The whole part. Raises BadRequest when it is longer than `limit` bytes."""
        data = bytearray()
        async for chunk in self._chunks:
            data += chunk
            if len(data) > limit:
                raise BadRequest(f"A part of the multipart body is longer than {limit} bytes")
        return bytes(data)


class Piece(msgspec.Struct, frozen=True):
    """One part to be written: headers in the order given, and a body of `length` bytes."""

    headers: Mapping[str, str]
    body: bytes | AsyncIterator[bytes]
    length: int


def boundary_of(content_type: str) -> str:
    """The boundary a multipart Content-Type names. Raises BadContentType when it names none."""
    message = Message()
    message["content-type"] = content_type.replace("\r", " ").replace("\n", " ")
    boundary = message.get_param("boundary")
    if not content_type.lower().lstrip().startswith("multipart/") or not isinstance(boundary, str) or not boundary:
        raise BadContentType("Content-Type must be multipart with a boundary")
    return boundary


def new_boundary() -> str:
    """A boundary that no content holds by chance."""
    return secrets.token_hex(16)


def header_value(text: str) -> str:
    """A text as it may stand in a part's header, in quotes or without: what would end the line or the quotes is left out.

    Nothing is lost by it: attachments are matched by their order, and the document has their names and types.
    """
    return "".join(char for char in text if char.isprintable() and char not in '"\\')


async def read(chunks: AsyncIterator[bytes], boundary: str) -> AsyncIterator[Part]:
    """The parts of a body, as they come. Raises BadRequest when it is not multipart or ends before its last delimiter."""
    source = _Source(chunks, b"\r\n--" + boundary.encode("latin-1", "replace"))
    async for _ in source.until_delimiter():
        pass  # the preamble
    while not await source.at_end():
        part = Part(await source.head(), source.until_delimiter())
        yield part
        async for _ in part:
            pass


async def write(pieces: Iterable[Piece], boundary: str) -> AsyncIterator[bytes]:
    """The body these pieces make, chunk by chunk."""
    for number, piece in enumerate(pieces):
        yield _head(piece, boundary, first=number == 0)
        if isinstance(piece.body, bytes):
            yield piece.body
        else:
            async for chunk in piece.body:
                yield chunk
    yield _tail(boundary)


def length(pieces: Iterable[Piece], boundary: str) -> int:
    """The Content-Length of what `write` makes; CouchDB takes no multipart request without it."""
    heads = sum(len(_head(piece, boundary, first=number == 0)) + piece.length for number, piece in enumerate(pieces))
    return heads + len(_tail(boundary))


def _head(piece: Piece, boundary: str, *, first: bool) -> bytes:
    lines = [f"--{boundary}", *(f"{name}: {value}" for name, value in piece.headers.items())]
    head = "\r\n".join(lines).encode() + _CRLF + _CRLF
    return head if first else _CRLF + head


def _tail(boundary: str) -> bytes:
    return f"\r\n--{boundary}--".encode()


class _Source:
    """The bytes that came and were not yet passed on, and where the next delimiter may begin."""

    def __init__(self, chunks: AsyncIterator[bytes], delimiter: bytes) -> None:
        self._chunks = chunks
        self._delimiter = delimiter
        self._buffer = bytearray(_CRLF)  # the first delimiter may open the body, without a line before it

    async def _more(self) -> None:
        try:
            self._buffer += await anext(self._chunks)
        except StopAsyncIteration:
            raise BadRequest("The multipart body ended before its last delimiter") from None

    async def until_delimiter(self) -> AsyncIterator[bytes]:
        """The bytes before the next delimiter, which is taken away with them."""
        keep = len(self._delimiter) - 1
        while (found := self._buffer.find(self._delimiter)) < 0:
            if len(self._buffer) > keep:
                chunk = bytes(self._buffer[:-keep])
                del self._buffer[:-keep]
                yield chunk
            await self._more()
        chunk = bytes(self._buffer[:found])
        del self._buffer[: found + len(self._delimiter)]
        if chunk:
            yield chunk

    async def at_end(self) -> bool:
        """Whether the delimiter just passed was the closing one."""
        while len(self._buffer) < 2:
            await self._more()
        return self._buffer.startswith(b"--")

    async def head(self) -> dict[str, str]:
        """The headers after a delimiter; its line may carry padding, and there may be no headers at all."""
        while (end := self._buffer.find(_CRLF + _CRLF)) < 0:
            if len(self._buffer) > MAX_HEAD:
                raise BadRequest("The headers of a part are too long")
            await self._more()
        lines = bytes(self._buffer[:end]).split(_CRLF)[1:]
        del self._buffer[: end + 4]
        return dict(_header(line) for line in lines)


def _header(line: bytes) -> tuple[str, str]:
    """CouchDB writes attachment names into Content-Disposition as plain UTF-8."""
    name, colon, value = line.decode("utf-8", "replace").partition(":")
    if not colon:
        raise BadRequest("A part has a malformed header")
    return name.strip().lower(), value.strip()
