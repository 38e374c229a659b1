"""Documents with their attachments as multipart bodies (CouchDB API, "Attachments", "Multiple Attachments").

The stored bytes travel as they are: a gzip-encoded attachment stays encoded, and its part says so.
"""

from collections.abc import AsyncGenerator, Iterable, Sequence

from sync import documents, multipart
from sync.databases.contract import Database, Missing
from sync.documents import Document
from sync.protocol.rendering import Shown, entries
from sync.protocol.replies import Headers, Stream, encode

_JSON_PART = b"\r\nContent-Type: application/json\r\n\r\n"
# A revision and how it is to be shown, or an error told in its place.
Entry = tuple[Document, Shown] | dict[str, object]

_ERROR_PART = b'\r\nContent-Type: application/json; error="true"\r\n\r\n'


def pieces(
    database: Database, document: Document, shown: Shown, wanted: Iterable[str], extra: bytes = b""
) -> list[multipart.Piece]:
    """The document first, then its wanted attachments in the order it names them."""
    follow = frozenset(wanted)
    head = _head(document, shown, follow, extra)
    parts = [multipart.Piece({"Content-Type": "application/json"}, head, len(head))]
    for name, attachment in (document.attachments or {}).items():
        if name not in follow:
            continue
        stored = attachment.length if attachment.encoding is None else attachment.encoded_length or 0
        headers = {
            "Content-Disposition": f'attachment; filename="{multipart.header_value(name)}"',
            "Content-Type": attachment.content_type,
            "Content-Length": str(stored),
        }
        if attachment.encoding is not None:
            headers["Content-Encoding"] = attachment.encoding
        parts.append(multipart.Piece(headers, database.download(document, name), stored))
    return parts


def _head(document: Document, shown: Shown, follow: frozenset[str], extra: bytes = b"") -> bytes:
    told = entries(document, follow, encoding_info=True)
    return documents.render(document, revisions=shown.revisions, attachments=told, extra=extra)


def document(database: Database, found: Document, shown: Shown, extra: bytes, headers: Headers) -> Stream:
    """`?attachments=true` with `Accept: multipart/related`: its length is known before it is sent."""
    boundary = multipart.new_boundary()
    parts = pieces(database, found, shown, shown.wanted(found), extra)
    content_type = (b"content-type", f'multipart/related; boundary="{boundary}"'.encode())
    return Stream(_written(parts, boundary), headers=(content_type, *headers), length=multipart.length(parts, boundary))


def revisions(database: Database, found: Sequence[Document | Missing], shown: Shown) -> Stream:
    """`?open_revs=` with `Accept: multipart/mixed`: a part a revision; all attachments unless the client knows them."""
    outer = multipart.new_boundary()

    async def chunks() -> AsyncGenerator[bytes, None]:
        delimiter = f"\r\n--{outer}".encode()
        yield delimiter[2:]
        for one in found:
            if isinstance(one, Missing):
                yield _ERROR_PART + encode({"missing": one.rev})
            else:
                async for chunk in _revision(database, one, shown):
                    yield chunk
            yield delimiter
        yield b"--"

    return Stream(chunks(), headers=((b"content-type", f'multipart/mixed; boundary="{outer}"'.encode()),))


def following(document: Document, shown: Shown) -> frozenset[str]:
    """Multipart answers carry all bytes but those of revisions the client says it knows."""
    return Shown(attachments=True, known=shown.known).wanted(document)


async def _revision(database: Database, found: Document, shown: Shown, head: str = "") -> AsyncGenerator[bytes, None]:
    """A revision as a part; one with attachments has the headers `head` too, each after a line's end."""
    wanted = following(found, shown)
    if not wanted:
        yield _JSON_PART + _head(found, shown, wanted)
        return
    inner = multipart.new_boundary()
    yield f'{head}\r\nContent-Type: multipart/related; boundary="{inner}"\r\n\r\n'.encode()
    async for chunk in multipart.write(pieces(database, found, shown, wanted), inner):
        yield chunk


async def _written(parts: Sequence[multipart.Piece], boundary: str) -> AsyncGenerator[bytes, None]:
    async for chunk in multipart.write(parts, boundary):
        yield chunk


async def bulk(database: Database, entries: AsyncGenerator[Entry, None], outer: str) -> AsyncGenerator[bytes, None]:
    """`_bulk_get` as multipart: a part for every revision, and for every error."""
    delimiter = f"\r\n--{outer}".encode()
    any_sent = False
    async for one in entries:
        any_sent = True
        yield delimiter
        if isinstance(one, dict):
            yield _ERROR_PART + encode(one)
            continue
        found, shown = one
        head = f"\r\nX-Doc-Id: {multipart.header_value(found.id)}\r\nX-Rev-Id: {found.rev}"
        async for chunk in _revision(database, found, shown, head):
            yield chunk
    if any_sent:
        yield delimiter + b"--\r\n"
