"""What a document weighs. The first look is before it is taken apart: a few bytes of JSON can be many of memory."""

import math
import re

import msgspec

from sync.documents import UNREADABLE, Document
from sync.errors import BadRequest, SyncError, TooLarge
from sync.protocol.settings import Settings

# Commas in the list of a document's attachments, whose bytes do not count: no document has that many.
_MOST_COMMAS = 10_000
_OPENING = b"[{"
# The least whole number that is no double has 309 digits. Those of more than 4,300 can't be read here either.
_VAST = b"0" * 309
_AS_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
_WHOLE_NUMBER = re.compile(rb"[\[:,\s]-?([0-9]{309,4300})(?=[\],}\s])")


class Heavy(msgspec.Struct, frozen=True):
    """A document that is too large to be looked into: what it calls itself, as far as that can be told."""

    id: str
    rev: str
    error: SyncError


class _Members(msgspec.Struct):
    id: msgspec.Raw = msgspec.field(name="_id", default=msgspec.Raw(b'""'))
    rev: msgspec.Raw = msgspec.field(name="_rev", default=msgspec.Raw(b'""'))
    attachments: msgspec.Raw = msgspec.field(name="_attachments", default=msgspec.Raw(b""))


_members = msgspec.json.Decoder(_Members)  # passes over everything else, and makes nothing of it
_string = msgspec.json.Decoder(str)


def weighed(raw: bytes | msgspec.Raw, limit: int) -> Heavy | None:
    """None for a document that may be read: of at most `limit` bytes without its attachments. Raises BadRequest for no JSON."""
    text = memoryview(raw)
    if len(text) <= limit:
        return None
    try:
        members = _members.decode(raw)
    except msgspec.ValidationError:
        raise BadRequest("Document must be a JSON object") from None
    except UNREADABLE:
        raise BadRequest("invalid UTF-8 JSON") from None
    attachments = bytes(members.attachments)
    if len(text) - len(attachments) <= limit and attachments.count(b",") <= _MOST_COMMAS:
        return None
    doc_id = _text(members.id)
    return Heavy(doc_id, _text(members.rev), TooLarge(doc_id))


def _text(raw: msgspec.Raw) -> str:
    try:
        return _string.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


def over_limit(document: Document, settings: Settings) -> SyncError | None:
    """The error for a document past a limit: in size, in depth, in a number, or in an attachment."""
    body = document.body
    if len(body) > settings.max_document_size:
        return TooLarge(document.id)
    if body.count(b"[") + body.count(b"{") > settings.max_depth and _depth(body) > settings.max_depth:
        return BadRequest(f"{document.id} is nested deeper than {settings.max_depth} levels")
    if _VAST in body.translate(_AS_ZEROS) and _holds_vast_number(body):
        return BadRequest(f"{document.id} holds a number that is too great for other clients and servers")
    for name, attachment in (document.attachments or {}).items():
        if max(attachment.length, len(attachment.data or b"")) > settings.max_attachment_size:
            return TooLarge(name, error="attachment_too_large")
    return None


def _holds_vast_number(body: bytes) -> bool:
    """Whether a whole number is past every double: JavaScript would make infinity of it, and CouchDB fails on it.

    The same digits in a text, between the same signs, are taken for one: nobody writes them, and looking closer costs seconds.
    """
    return any(math.isinf(float(digits)) for digits in _WHOLE_NUMBER.findall(body))


def _depth(body: bytes) -> int:
    """How deep the JSON nests; brackets within strings don't count."""
    depth = deepest = 0
    in_string = escaped = False
    for byte in body:
        if in_string:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                in_string = False
        elif byte == 0x22:
            in_string = True
        elif byte in _OPENING:
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest
