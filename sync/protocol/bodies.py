"""Request bodies: taken from the connection whole, with a bound, or chunk by chunk."""

import zlib
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from sync.errors import BadContentType, BadRequest, TooLarge

_GZIP = 16 + zlib.MAX_WBITS


async def chunks(receive: Receive) -> AsyncIterator[bytes]:
    """The body as it comes. Raises ClientDisconnect when the client goes away before its end."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        if body := message.get("body", b""):
            yield body
        if not message.get("more_body", False):
            return


def check_size(size: int, limit: int) -> None:
    """Raises TooLarge for a body of more than `limit` bytes."""
    if size > limit:
        raise TooLarge("the request entity is too large", error="too_large")


async def read(receive: Receive, limit: int) -> bytes:
    """The whole body. Raises TooLarge as soon as more than `limit` bytes have come."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        body: bytes = message.get("body", b"")
        check_size(len(body), limit)
        return body
    parts: list[bytes] = []
    size = 0
    while True:
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        check_size(size, limit)
        if not message.get("more_body", False):
            return b"".join(parts)
        message = await receive()


def decoded(body: bytes, encoding: str | None, limit: int) -> bytes:
    """The body without its Content-Encoding, never more than `limit` bytes of it."""
    match (encoding or "identity").strip().lower():
        case "identity":
            return body
        case "gzip":
            return _gunzip(body, limit)
        case other:
            raise BadContentType(f"{other} is not a supported content encoding.")


def _gunzip(body: bytes, limit: int) -> bytes:
    stream = zlib.decompressobj(_GZIP)
    try:
        plain = stream.decompress(body, limit + 1)
    except zlib.error:
        raise BadRequest("Request body is not properly gzipped.") from None
    check_size(len(plain), limit)
    if not stream.eof:
        raise BadRequest("Request body is not properly gzipped.")
    return plain


async def gunzipped(source: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The plain bytes of a gzip stream, in pieces of bounded size whatever it expands to."""
    stream = zlib.decompressobj(_GZIP)
    async for chunk in source:
        rest = chunk
        while rest and not stream.eof:
            if plain := stream.decompress(rest, 256 * 1024):
                yield plain
            rest = stream.unconsumed_tail
    if plain := stream.flush():
        yield plain
