"""What a document weighs, told before it is taken apart: a few bytes of JSON can be many of memory."""

import msgspec

from sync.errors import BadRequest, SyncError, TooLarge

# Commas in the list of a document's attachments, whose bytes do not count: no document has that many.
_MOST_COMMAS = 10_000


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
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
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
