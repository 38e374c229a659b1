"""Documents as the engine carries them: the body as raw JSON bytes, CouchDB's underscore members beside it.

    wire JSON  {"_id": "a", "_rev": "2-cd", "_revisions": {"start": 2, "ids": ["cd", "ab"]}, "n": 1}
    Document   id="a"  rev="2-cd"  ancestry=("cd", "ab")  body=b'{"n":1}'

What comes in is read once to know that whoever reads it later can, and once more for its top-level members, of which those with
an underscore are taken off; the values stay the bytes they were. On the way out a body is spliced, never parsed and dumped
again. Numbers, key order and unknown members therefore survive to the byte.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from sync.errors import BadRequest, IllegalName, InvalidDocument

EMPTY_BODY = b"{}"
# What decoding raises for bytes that are no JSON, no UTF-8 in a string, or nested too deeply. A wrong shape is among them.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
# No more digits than every client's numbers hold exactly.
_GENERATION = re.compile(r"0|[1-9][0-9]{0,15}")


class Attachment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a revision says about one attachment; the bytes live in the database under `digest`.

    `digest` is "md5-<base64>" over the stored (encoded) bytes, `length` the decoded length in bytes. `encoding` is
    "gzip" or None; with it `encoded_length` is the stored length. `revpos` is the generation that added it.
    `stub` is set on the way in when the writer sent no bytes and means those of the parent revision.
    `data` carries inline bytes (stored, not base64) between the wire and the database, and is None otherwise.
    """

    content_type: str
    digest: str = ""
    length: int = 0
    revpos: int = 0
    encoding: str | None = None
    encoded_length: int | None = None
    stub: bool = False
    follows: bool = False
    data: bytes | None = None


class Document(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One revision of one document.

    `rev` is "<generation>-<hash>"; empty on the way in for a new document. `ancestry` holds the hashes from this revision
    back towards the root, this one first (CouchDB's `_revisions.ids`); it may be empty on the way in with
    `new_edits`, and is only filled on the way out when asked for. `body` is a JSON object without underscore members.
    """

    id: str
    rev: str = ""
    body: bytes = EMPTY_BODY
    deleted: bool = False
    ancestry: tuple[str, ...] = ()
    attachments: Mapping[str, Attachment] | None = None


class Local(msgspec.Struct, frozen=True, kw_only=True):
    """A `_local` document: never replicated, no tree. `rev` is "0-<n>", `body` JSON without underscore members."""

    id: str
    rev: str
    body: bytes


def generation(rev: str) -> int:
    """The number before the dash; 0 for a `_local` document. Raises BadRequest for anything but "<integer>-<hash>".

    The hash may be empty, as CouchDB has it.
    """
    number, dash, _ = rev.partition("-")
    if not dash or _GENERATION.fullmatch(number) is None:
        raise BadRequest("Invalid rev format")
    return int(number)


class _Revisions(msgspec.Struct):
    start: int
    ids: list[str]


_T = TypeVar("_T")
_anything = msgspec.json.Decoder()
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_revisions = msgspec.json.Decoder(_Revisions)
_string = msgspec.json.Decoder(str)
_boolean = msgspec.json.Decoder(bool)
_attachments = msgspec.json.Decoder(dict[str, dict[str, object]])
_encode = msgspec.json.Encoder().encode

# Underscore members a server reports and a client may send back unchanged: they are dropped on the way in.
_REPORTED = frozenset(("_conflicts", "_deleted_conflicts", "_revs_info", "_local_seq", "_seq"))
# Members of the documents that steer CouchDB's replicator (and its access field): they belong to the body.
_KEPT = frozenset(
    (
        "_access",
        "_replication_id",
        "_replication_state",
        "_replication_state_reason",
        "_replication_state_time",
        "_replication_stats",
    )
)
_KNOWN = _REPORTED | {"_id", "_rev", "_deleted", "_revisions", "_attachments"}


def parse(raw: bytes | msgspec.Raw) -> Document:
    """A document from its wire JSON (CouchDB API, "Document structure").

    Raises BadRequest when the JSON is not an object or can't be read to its end, InvalidDocument for an underscore member
    CouchDB does not know or that has the wrong shape, IllegalName for an id it does not allow.
    """
    check_readable(raw)
    try:
        members = _members.decode(raw)
    except msgspec.ValidationError:
        raise BadRequest("Document must be a JSON object") from None
    return from_members(members)


def check_readable(raw: bytes | msgspec.Raw) -> None:
    """Raises BadRequest unless the whole of a JSON text can be read: its UTF-8, and every number in it.

    Bodies are kept and passed on unread, and whoever reads them later must be able to.
    """
    try:
        _anything.decode(raw)
    except UNREADABLE:
        raise BadRequest("invalid UTF-8 JSON") from None


def from_members(members: dict[str, msgspec.Raw]) -> Document:
    """The document whose top-level members these are. Takes the underscore members out of `members` itself."""
    taken = {name: members.pop(name) for name in list(members) if name.startswith("_") and name not in _KEPT}
    if not taken:
        return Document(id="", body=_encode(members))
    if not taken.keys() <= _KNOWN:
        unknown = next(name for name in taken if name not in _KNOWN)
        raise InvalidDocument(f"Bad special document member: {unknown}")
    doc_id = ""
    if "_id" in taken:
        doc_id = _id(taken["_id"])
    rev = _rev(taken["_rev"]) if "_rev" in taken else ""
    ancestry: tuple[str, ...] = ()
    if "_revisions" in taken:
        history = _member(_revisions, taken["_revisions"], "_revisions")
        if not history.ids or 0 < history.start < len(history.ids):  # those of _local documents start at 0
            raise InvalidDocument("Invalid _revisions")
        ancestry = tuple(history.ids)
        rev = rev or f"{history.start}-{ancestry[0]}"
    return Document(
        id=doc_id,
        rev=rev,
        body=_encode(members),
        deleted="_deleted" in taken and _member(_boolean, taken["_deleted"], "_deleted"),
        ancestry=ancestry,
        attachments=_parse_attachments(taken["_attachments"]) if "_attachments" in taken else None,
    )


def check_id(doc_id: str) -> None:
    """Raises IllegalName unless CouchDB allows this document id."""
    if not doc_id:
        raise IllegalName("Document id must not be empty", error="illegal_docid")
    if doc_id.startswith("_") and not doc_id.startswith(("_design/", "_local/")):
        raise IllegalName("Only reserved document ids may start with underscore.", error="illegal_docid")


def check_content_type(name: str, content_type: str) -> None:
    """Raises InvalidDocument for the type of an attachment that can't be a header: it is told in one."""
    if not content_type.isprintable():
        raise InvalidDocument(f"Invalid attachment {name}: content_type has characters that can't be printed")


def _id(raw: msgspec.Raw) -> str:
    try:
        doc_id = _string.decode(raw)
    except msgspec.DecodeError:
        raise IllegalName("Document id must be a string", error="illegal_docid") from None
    check_id(doc_id)
    return doc_id


def _rev(raw: msgspec.Raw) -> str:
    try:
        return _string.decode(raw)
    except msgspec.DecodeError:
        raise BadRequest("Invalid rev format") from None


def _member(decoder: msgspec.json.Decoder[_T], raw: msgspec.Raw, name: str) -> _T:
    try:
        return decoder.decode(raw)
    except msgspec.DecodeError:
        raise InvalidDocument(f"Bad special document member: {name}") from None


def _parse_attachments(raw: msgspec.Raw) -> dict[str, Attachment]:
    return {name: _parse_attachment(name, entry) for name, entry in _member(_attachments, raw, "_attachments").items()}


def _parse_attachment(name: str, entry: Mapping[str, object]) -> Attachment:
    if name.startswith("_"):
        raise BadRequest(f"Attachment name '{name}' starts with prohibited character '_'")
    encoding = entry.get("encoding")
    data = entry.get("data")
    try:
        attachment = msgspec.convert(
            {key: value for key, value in entry.items() if key not in ("data", "encoding")}
            | {
                "content_type": entry.get("content_type", "application/octet-stream"),
                "encoding": None if encoding == "identity" else encoding,
            },
            Attachment,
        )
        inline = None if data is None else _unwrapped(msgspec.convert(data, str))
    except msgspec.ValidationError as error:
        raise InvalidDocument(f"Invalid attachment {name}: {error}") from None
    except binascii.Error:
        raise BadRequest("Invalid attachment data for " + name) from None
    check_content_type(name, attachment.content_type)
    if inline is None:
        return attachment
    # CouchDB sends inline bytes plain even where it says they are stored gzip-encoded, and so it reads them.
    return msgspec.structs.replace(attachment, data=inline, length=len(inline), encoding=None, encoded_length=None)


def _unwrapped(data: str) -> bytes:
    """The bytes of a base64 text, whose lines some writers break. Raises binascii.Error."""
    return base64.b64decode("".join(data.split()).encode(), validate=True)


def render(
    document: Document,
    *,
    revisions: bool = False,
    attachments: Mapping[str, object] | None = None,
    extra: bytes = b"",
) -> bytes:
    """The wire JSON: underscore members first, then the body spliced in unparsed.

    `attachments` replaces the stubs that are written by default (pass the entries with `data` or `follows`).
    `extra` holds further members, each with its leading comma (b',"_conflicts":["1-a"]').
    """
    head = b'{"_id":' + _encode(document.id)
    if document.rev:
        head += b',"_rev":"' + document.rev.encode() + b'"'
    if document.deleted:
        head += b',"_deleted":true'
    if revisions:
        head += b',"_revisions":{"start":%d,"ids":%b}' % (generation(document.rev), _encode(document.ancestry))
    if document.attachments or attachments:
        head += b',"_attachments":' + _encode(attachments if attachments is not None else stubs(document))
    head += extra
    return head + (b"}" if document.body == EMPTY_BODY else b"," + document.body[1:])


def stubs(document: Document) -> dict[str, Attachment]:
    """The revision's attachments as CouchDB lists them when their bytes are not asked for."""
    entries = (document.attachments or {}).items()
    return {name: msgspec.structs.replace(entry, stub=True, follows=False, data=None) for name, entry in entries}
