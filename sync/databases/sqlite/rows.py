"""What the columns hold: trees, attachments and bodies between SQLite and the engine's words."""

import sqlite3
import zlib
from collections.abc import Collection
from typing import Any

import msgspec

from sync.documents import Attachment
from sync.errors import Corrupt
from sync.revisions import Branch, Tree

_encode_tree = msgspec.msgpack.Encoder().encode
_decode_tree = msgspec.msgpack.Decoder(tuple[Branch, ...]).decode
_encode_attachments = msgspec.json.Encoder().encode
_decode_attachments = msgspec.json.Decoder(dict[str, Attachment]).decode

_encode_ids = msgspec.json.Encoder().encode

Columns = tuple[Any, ...]
crc = zlib.crc32


def among(connection: sqlite3.Connection, columns: str, ids: Collection[str]) -> list[Columns]:
    """The columns of `documents AS d` for those of `ids` that exist, in no order; an id that is given twice may come twice.

    CROSS JOIN: one probe of the index for each id, where IN would sort the list first.
    """
    encoded = _encode_ids(ids)
    if b"\\u0000" in encoded:  # SQLite's JSON ends a string at NUL, which is a character like any other in an id
        one = f"SELECT {columns} FROM documents AS d WHERE d.id = ?"  # noqa: S608 - columns are constants of ours
        return [row for doc_id in ids for row in connection.execute(one, (doc_id,))]
    every = f"SELECT {columns} FROM json_each(?) AS wanted CROSS JOIN documents AS d ON d.id = wanted.value"  # noqa: S608
    return connection.execute(every, (encoded,)).fetchall()


def pack_tree(tree: Tree) -> bytes | None:
    """The column `tree`: None where winner and deletion say all there is."""
    if len(tree) == 1 and len(tree[0].ids) == 1:
        return None
    return _encode_tree(tree)


def unpack_tree(doc_id: str, packed: bytes | None, rev: str, deleted: int) -> Tree:
    """Raises Corrupt, naming the document."""
    if packed is None:  # nearly every document: no validation, it was valid when it was written
        start, _, ident = rev.partition("-")
        return (Branch(int(start), (ident,), deleted == 1),)
    try:
        return _decode_tree(packed)
    except msgspec.DecodeError:
        raise Corrupt(f"The revision tree of document {doc_id!r} is damaged.") from None


def pack_attachments(attachments: dict[str, Attachment] | None) -> bytes | None:
    """The entries as a column keeps them; None where there are none."""
    return _encode_attachments(attachments) if attachments else None


def unpack_attachments(doc_id: str, packed: bytes | None) -> dict[str, Attachment] | None:
    """Raises Corrupt, naming the document."""
    if packed is None:
        return None
    try:
        return _decode_attachments(packed)
    except msgspec.DecodeError:
        raise Corrupt(f"The attachments of document {doc_id!r} are damaged.") from None


def checked(doc_id: str, rev: str, body: bytes, expected: int) -> bytes:
    """The body. Raises Corrupt, naming the document, when it is not what was written."""
    if type(body) is not bytes or crc(body) != expected:
        raise Corrupt(f"The body of document {doc_id!r}, revision {rev}, is damaged.")
    return body
