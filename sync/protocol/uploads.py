"""Attachment bytes on their way in, streamed into the store's staging: their size and digest are checked as they pass."""

import base64
import binascii
import zlib
from collections.abc import AsyncIterator

import msgspec

from sync import multipart
from sync.databases.contract import Upload
from sync.documents import Attachment, Document, check_content_type
from sync.errors import BadContentType, BadRequest, TooLarge
from sync.protocol import bodies
from sync.protocol.call import Call


async def receive_document(call: Call, boundary: str) -> Document:
    """The document of a multipart/related body; the parts behind it are staged in the store.

    Parts belong to the attachments that say `"follows": true`, in their order, as in CouchDB: what a part calls itself may
    not be all of the name. Raises BadRequest when parts are missing or are not what the document says of them.
    """
    parts = multipart.read(bodies.chunks(call.receive), boundary)
    first = await anext(parts, None)
    if first is None:
        raise BadRequest("The multipart body has no parts")
    document = call.read(await first.read(call.settings.max_request_size))
    entries = dict(document.attachments or {})
    awaited = iter([name for name, entry in entries.items() if entry.follows])
    async for part in parts:
        name = next(awaited, None)
        if name is not None:
            entries[name] = _checked(name, entries[name], await stage(call, name, aiter(part)))
    if (lacking := next(awaited, None)) is not None:
        raise BadRequest(f"The multipart body lacks the attachment {lacking}")
    return msgspec.structs.replace(document, attachments=entries or None)


def _checked(name: str, entry: Attachment, staged: Upload) -> Attachment:
    """The entry with what arrived. CouchDB's digest is over the bytes as they are stored, and so is ours."""
    declared = entry.length if entry.encoding is None else entry.encoded_length
    if declared and declared != staged.length:
        raise BadRequest(f"The attachment {name} has {staged.length} bytes where {declared} were announced")
    if entry.digest.startswith("md5-") and entry.digest != staged.digest:
        raise corrupted()
    return msgspec.structs.replace(
        entry,
        follows=False,
        digest=staged.digest,
        length=staged.length if entry.encoding is None else entry.length,
        encoded_length=None if entry.encoding is None else staged.length,
    )


async def stage(call: Call, name: str, chunks: AsyncIterator[bytes]) -> Upload:
    """Bytes into the store. Raises TooLarge past `max_attachment_size`."""
    return await call.database.upload(_bounded(chunks, name, call.settings.max_attachment_size))


async def _bounded(chunks: AsyncIterator[bytes], name: str, limit: int) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLarge(name, error="attachment_too_large")
        yield chunk


async def receive_attachment(call: Call, name: str) -> Attachment:
    """The whole body as one attachment. Raises BadRequest when it isn't what Content-MD5 says, InvalidDocument for its type."""
    encoding = (call.header(b"content-encoding") or "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise BadContentType("Only gzip and identity content-encodings are supported")
    content_type = (call.header(b"content-type") or "application/octet-stream").replace("\t", " ")
    check_content_type(name, content_type)
    if encoding == "identity":
        staged = await stage(call, name, bodies.chunks(call.receive))
        _check_md5(call, staged)
        return Attachment(content_type=content_type, digest=staged.digest, length=staged.length)
    measure = _Measure()
    staged = await stage(call, name, measure.passing(bodies.chunks(call.receive)))
    _check_md5(call, staged)
    return Attachment(
        content_type=content_type,
        digest=staged.digest,
        length=measure.length,
        encoding="gzip",
        encoded_length=staged.length,
    )


def _check_md5(call: Call, staged: Upload) -> None:
    declared = call.header(b"content-md5")
    if declared is None:
        return
    try:
        base64.b64decode(declared.encode("latin-1"), validate=True)
    except binascii.Error:
        raise BadRequest("Content-MD5 is not base64") from None
    if f"md5-{declared}" != staged.digest:
        raise corrupted()


def corrupted() -> BadRequest:
    """The bytes that came are not those that were sent."""
    return BadRequest("Possible message corruption.", error="content_md5_mismatch")


class _Measure:
    """Counts the plain bytes of a gzip stream that passes by, in bounded memory."""

    def __init__(self) -> None:
        self.length = 0
        self._stream = zlib.decompressobj(16 + zlib.MAX_WBITS)

    async def passing(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for chunk in chunks:
            self._count(chunk)
            yield chunk
        if not self._stream.eof:
            raise BadRequest("Request body is not properly gzipped.")

    def _count(self, chunk: bytes) -> None:
        rest = chunk
        try:
            while rest and not self._stream.eof:
                self.length += len(self._stream.decompress(rest, 256 * 1024))
                rest = self._stream.unconsumed_tail
        except zlib.error:
            raise BadRequest("Request body is not properly gzipped.") from None
