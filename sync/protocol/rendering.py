"""Documents on their way out: which members are shown, and how attachments are told of.

stub      {"content_type", "revpos", "digest", "length", "stub": true}
inline    the same with "data": base64 of the plain bytes
follows   the same with "follows": true; the stored bytes come as parts of a multipart body
"""

import base64
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping

import msgspec

from sync import documents
from sync.databases.contract import Database
from sync.documents import Attachment, Document, generation
from sync.protocol.bodies import gunzipped
from sync.protocol.replies import encode


class Shown(msgspec.Struct, frozen=True):
    """What of a document is asked for (CouchDB API, `GET /{db}/{docid}`).

    `known` holds the revisions a client has already (`atts_since`): attachments no newer than those stay stubs.
    """

    revisions: bool = False
    attachments: bool = False
    encoding_info: bool = False
    known: tuple[str, ...] = ()

    def wanted(self, document: Document) -> frozenset[str]:
        """Names of the attachments whose bytes are asked for."""
        if not document.attachments or not (self.attachments or self.known):
            return frozenset()
        since = newest_known(document, self.known)
        return frozenset(name for name, entry in document.attachments.items() if entry.revpos > since or not since)


PLAIN = Shown()


def newest_known(document: Document, known: Collection[str]) -> int:
    """The highest generation of the document's branch that is among the known revisions; 0 for none."""
    start = generation(document.rev)
    return max(
        (start - back for back, ident in enumerate(document.ancestry) if f"{start - back}-{ident}" in known), default=0
    )


def entry(attachment: Attachment, how: str, *, encoding_info: bool) -> dict[str, object]:
    """One member of `_attachments`; `how` is "stub", "follows" or "data" (whose value the caller adds)."""
    told: dict[str, object] = {
        "content_type": attachment.content_type,
        "revpos": attachment.revpos,
        "digest": attachment.digest,
    }
    if how != "data":
        told["length"] = attachment.length
        told[how] = True
    if encoding_info and attachment.encoding is not None:
        told["encoding"] = attachment.encoding
        told["encoded_length"] = attachment.encoded_length
    return told


def entries(document: Document, follow: Collection[str] = (), *, encoding_info: bool) -> Mapping[str, object] | None:
    """`_attachments` with those in `follow` as "follows" and the others as stubs; None where there are none."""
    if not document.attachments:
        return None
    return {
        name: entry(attachment, "follows" if name in follow else "stub", encoding_info=encoding_info)
        for name, attachment in document.attachments.items()
    }


def render(document: Document, shown: Shown = PLAIN, extra: bytes = b"") -> bytes:
    """The document with stubs."""
    return documents.render(
        document,
        revisions=shown.revisions,
        attachments=entries(document, encoding_info=shown.encoding_info) if document.attachments else None,
        extra=extra,
    )


async def inline(
    database: Database, document: Document, shown: Shown, extra: bytes = b""
) -> AsyncGenerator[bytes, None]:
    """The document with the attachments that are asked for, piece by piece: base64 of any size, without holding it."""
    wanted = shown.wanted(document)
    bare = msgspec.structs.replace(document, attachments=None)
    whole = documents.render(bare, revisions=shown.revisions, extra=extra)
    yield whole[:-1] + b',"_attachments":{'
    for number, (name, attachment) in enumerate((document.attachments or {}).items()):
        how = "data" if name in wanted else "stub"
        told = encode(entry(attachment, how, encoding_info=shown.encoding_info))
        yield (b"," if number else b"") + encode(name) + b":"
        if how == "stub":
            yield told
            continue
        yield told[:-1] + b',"data":"'
        async for piece in _base64(plain_bytes(database, document, name, attachment)):
            yield piece
        yield b'"}'
    yield b"}}"


def plain_bytes(database: Database, document: Document, name: str, attachment: Attachment) -> AsyncIterator[bytes]:
    """An attachment's bytes without the encoding they are stored in."""
    stored = database.download(document, name)
    return stored if attachment.encoding is None else gunzipped(stored)


async def _base64(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    left = b""
    async for chunk in chunks:
        whole = left + chunk
        cut = len(whole) - len(whole) % 3
        yield base64.b64encode(whole[:cut])
        left = whole[cut:]
    yield base64.b64encode(left)
