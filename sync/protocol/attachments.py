"""`/{db}/{docid}/{attachment}`: bytes by themselves (CouchDB API, "Attachments")."""

import re
from collections.abc import AsyncGenerator

import msgspec

from sync import multipart
from sync.documents import Attachment, Document, check_id
from sync.errors import BadRange, BadRequest, Conflict, NotFound
from sync.protocol.call import Call
from sync.protocol.edits import given_revision
from sync.protocol.rendering import plain_bytes
from sync.protocol.replies import Headers, Reply, Stream, etag, is_fresh, json, not_modified
from sync.protocol.uploads import receive_attachment
from sync.protocol.writing import write_one

_MISSING = "Document is missing attachment"
_MAX_RANGES = 10  # as in CouchDB: who asks for more pieces gets the whole
_RANGE = re.compile(r"(\d*)-(\d*)$", re.ASCII)


async def get(call: Call, doc_id: str, name: str) -> Reply:
    """The bytes; encoded ones go out as they are stored to a client that takes them so."""
    document, attachment = await call.database.attachment(doc_id, name, call.query.get("rev"))
    tag = attachment.digest.removeprefix("md5-")
    if is_fresh(call, tag):
        return not_modified(tag)
    headers = (
        etag(tag),
        (b"cache-control", b"must-revalidate"),
        (b"content-type", attachment.content_type.encode("latin-1", "replace")),
        # A stored page must not run scripts in our origin.
        (b"content-security-policy", b"sandbox"),
        (b"accept-ranges", b"none" if attachment.encoding else b"bytes"),
    )
    if attachment.encoding is not None:
        return _encoded(call, document, name, attachment, headers)
    return _identity(call, document, name, attachment, headers)


def _encoded(call: Call, document: Document, name: str, attachment: Attachment, headers: Headers) -> Reply:
    if call.accepts_gzip():
        chunks = _chunks(call, document, name, 0, attachment.encoded_length)
        encoded = (*headers, (b"content-encoding", b"gzip"))
        return Stream(chunks, headers=encoded, length=attachment.encoded_length)
    return Stream(_plain(call, document, name, attachment), headers=headers, length=attachment.length)


def _identity(call: Call, document: Document, name: str, attachment: Attachment, headers: Headers) -> Reply:
    size = attachment.length
    asked = call.header(b"range") if _is_same(call, attachment) else None
    ranges = requested_ranges(asked, size)
    if len(ranges) == 1:
        first, last = ranges[0]
        span = (*headers, (b"content-range", b"bytes %d-%d/%d" % (first, last, size)))
        return Stream(_chunks(call, document, name, first, last + 1), status=206, headers=span, length=last - first + 1)
    if 1 < len(ranges) < _MAX_RANGES:
        return _byteranges(call, document, name, attachment, ranges)
    return Stream(_chunks(call, document, name, 0, size), headers=headers, length=size)


def _is_same(call: Call, attachment: Attachment) -> bool:
    """Whether a piece would continue what the client has (If-Range, RFC 9110, 13.1.5): else it is sent the whole.

    CouchDB passes over the header, and so lets the halves of two revisions be put together.
    """
    known = call.header(b"if-range")
    return known is None or known == etag(attachment.digest.removeprefix("md5-"))[1].decode()


def requested_ranges(header: str | None, size: int) -> list[tuple[int, int]]:
    """The (first, last) bytes of a Range header; empty where the whole is meant. Raises BadRange."""
    if header is None or not header.startswith("bytes=") or not size:
        return []
    ranges: list[tuple[int, int]] = []
    for spec in header.removeprefix("bytes=").split(","):
        found = _RANGE.match(spec.strip())
        if found is None or found.group() in ("-", "0-"):
            return []  # no range, or all of it
        start, end = found.groups()
        first = max(size - int(end), 0) if not start else int(start)
        last = min(int(end), size - 1) if start and end else size - 1
        if last < first:
            raise BadRange("Requested range not satisfiable")
        ranges.append((first, last))
    return ranges


def _byteranges(
    call: Call, document: Document, name: str, attachment: Attachment, ranges: list[tuple[int, int]]
) -> Reply:
    boundary = multipart.new_boundary()
    pieces = [
        multipart.Piece(
            {
                "Content-Type": attachment.content_type,
                "Content-Range": f"bytes {first}-{last}/{attachment.length}",
            },
            _chunks(call, document, name, first, last + 1),
            last - first + 1,
        )
        for first, last in ranges
    ]

    async def chunks() -> AsyncGenerator[bytes, None]:
        async for chunk in multipart.write(pieces, boundary):
            yield chunk

    content_type = (b"content-type", f'multipart/byteranges; boundary="{boundary}"'.encode())
    return Stream(chunks(), status=206, headers=(content_type,))


async def _chunks(
    call: Call, document: Document, name: str, start: int, stop: int | None
) -> AsyncGenerator[bytes, None]:
    async for chunk in call.database.download(document, name, start=start, stop=stop):
        yield chunk


async def _plain(call: Call, document: Document, name: str, attachment: Attachment) -> AsyncGenerator[bytes, None]:
    async for chunk in plain_bytes(call.database, document, name, attachment):
        yield chunk


async def put(call: Call, doc_id: str, name: str) -> Reply:
    """Adds or replaces one attachment; without `rev` it makes a new document."""
    _check_name(name)
    check_id(doc_id)
    base = await _base(call, doc_id)
    attachment = await receive_attachment(call, name)
    rev = await _rewrite(call, base, {name: attachment, **_others(base, name)})
    headers = ((b"location", call.location(call.path[0], doc_id, name).encode()),)
    return json({"ok": True, "id": doc_id, "rev": rev}, 201, headers)


async def delete(call: Call, doc_id: str, name: str) -> Reply:
    """Takes one attachment away. Raises NotFound where there is none of this name."""
    base = await _base(call, doc_id)
    held = base if base.rev else await call.database.get(doc_id)
    if name not in (held.attachments or {}):
        raise NotFound(_MISSING)
    rev = await _rewrite(call, base, _others(base, name))
    return json({"ok": True, "id": doc_id, "rev": rev})


async def _base(call: Call, doc_id: str) -> Document:
    """The revision the edit starts from. Raises Conflict for one that is not here (CouchDB answers 409, not 404)."""
    rev = given_revision(call)
    if not rev:
        return Document(id=doc_id)
    try:
        return await call.database.get(doc_id, rev)
    except NotFound:
        conflict = Conflict("missing_rev")
        conflict.error = "not_found"
        raise conflict from None


def _others(base: Document, name: str) -> dict[str, Attachment]:
    return {
        other: msgspec.structs.replace(entry, stub=True)
        for other, entry in (base.attachments or {}).items()
        if other != name
    }


async def _rewrite(call: Call, base: Document, entries: dict[str, Attachment]) -> str:
    return await write_one(call, msgspec.structs.replace(base, ancestry=(), attachments=entries or None))


def _check_name(name: str) -> None:
    if name.startswith("_"):
        raise BadRequest(f"Attachment name '{name}' starts with prohibited character '_'")
