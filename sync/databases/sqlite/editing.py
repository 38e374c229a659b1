"""Writing documents: `_bulk_docs` inside one transaction.

A batch costs one look-up of all its ids and a few statements for all its rows; nothing is done document by document in
SQL unless a document occurs twice, or a leaf that did not win before wins now.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from itertools import chain

import msgspec

from sync import edits, revisions
from sync.databases.contract import Outcome
from sync.databases.sqlite import blobs
from sync.databases.sqlite.rows import among, crc, pack_attachments, pack_tree, unpack_attachments, unpack_tree
from sync.databases.sqlite.writer import State, Transaction
from sync.documents import Attachment, Document
from sync.errors import Conflict, SyncError
from sync.revisions import Branch, Tree

_FOUND = "d.id, d.rev, d.deleted, d.tree, length(d.body)"
# Many rows to a statement: every step of one lets go of the interpreter's lock, and a busy event loop is slow to
# give it back.
_ROWS = 100
_INSERT = "INSERT INTO documents (seq, id, rev, deleted, tree, attachments, crc, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_MANY = _INSERT + ", (?, ?, ?, ?, ?, ?, ?, ?)" * (_ROWS - 1)
# The winner that is about to be replaced moves to the other revisions; compaction drops it there.
_ARCHIVE = """
    INSERT OR REPLACE INTO revisions (id, rev, deleted, attachments, crc, body)
    SELECT id, rev, deleted, attachments, crc, body FROM documents WHERE id = ?
"""
_REPLACE = """
    UPDATE documents SET seq = ?, rev = ?, deleted = ?, tree = ?, attachments = ?, crc = ?, body = ? WHERE id = ?
"""
_ADD = "INSERT OR REPLACE INTO revisions (id, rev, deleted, attachments, crc, body) VALUES (?, ?, ?, ?, ?, ?)"
_MOVE = "UPDATE documents SET seq = ?, tree = ? WHERE id = ?"
_PROMOTE = """
    UPDATE documents SET (seq, rev, deleted, tree, attachments, crc, body) =
        (SELECT ?, rev, deleted, ?, attachments, crc, body FROM revisions WHERE id = ? AND rev = ?)
    WHERE id = ?
"""
_DEMOTE = "DELETE FROM revisions WHERE id = ? AND rev = ?"
_SIZE = "SELECT length(body) FROM documents WHERE id = ?"
_INHERITED = """
    SELECT attachments FROM documents WHERE id = ? AND rev = ?
    UNION ALL SELECT attachments FROM revisions WHERE id = ? AND rev = ?
"""


class Held(msgspec.Struct, gc=False):
    """What is known of a stored document while a batch is written: its tree and the size of its winner's body."""

    tree: Tree
    size: int


def find(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Held]:
    """The documents among `ids` that exist."""
    rows = among(connection, _FOUND, ids)
    return {
        doc_id: Held(unpack_tree(doc_id, packed, rev, deleted), size) for doc_id, rev, deleted, packed, size in rows
    }


class Batch:
    """One `_bulk_docs`. Rows are gathered by kind of statement and sent together by `flush`."""

    def __init__(self, transaction: Transaction, new_edits: bool) -> None:
        self._connection = transaction.connection
        self._state = transaction.state
        self._new_edits = new_edits
        self._held: dict[str, Held] = {}
        self._written: set[str] = set()
        self._clear()

    def _clear(self) -> None:
        self._inserted: list[tuple[object, ...]] = []
        self._archived: list[tuple[object, ...]] = []
        self._replaced: list[tuple[object, ...]] = []
        self._added: list[tuple[object, ...]] = []
        self._moved: list[tuple[object, ...]] = []

    def write(self, documents: Sequence[Document]) -> list[Outcome]:
        """An outcome for each document, in order."""
        self._held = find(self._connection, [document.id for document in documents])
        outcomes = [self._outcome(document) for document in documents]
        self.flush()
        return outcomes

    def flush(self) -> None:
        inserted = self._inserted
        whole = len(inserted) - len(inserted) % _ROWS
        for first in range(0, whole, _ROWS):
            self._connection.execute(_INSERT_MANY, list(chain.from_iterable(inserted[first : first + _ROWS])))
        for statement, rows in (
            (_INSERT, inserted[whole:]),
            (_ARCHIVE, self._archived),
            (_REPLACE, self._replaced),
            (_ADD, self._added),
            (_MOVE, self._moved),
        ):
            if rows:
                self._connection.executemany(statement, rows)
        self._clear()

    def _outcome(self, document: Document) -> Outcome:
        try:
            return Outcome(document.id, self._write(document))
        except SyncError as error:
            return Outcome(document.id, error=error)

    def _write(self, document: Document) -> str:
        doc_id = document.id
        if doc_id in self._written:
            # An edit can't name a revision made in its own batch, so it is too late; a replicated one builds on it.
            if self._new_edits:
                raise Conflict
            self.flush()
            self._held |= find(self._connection, [doc_id])
        held = self._held.get(doc_id)
        tree = None if held is None else held.tree
        if self._new_edits:
            parent = edits.grow(tree, document)
            attachments = self._attachments(document, parent.start + 1 if parent else 1, parent)
            new = edits.edited(parent, document, attachments)
        else:
            brought = edits.replicated(tree, document)
            if brought is None:
                return document.rev
            new = brought
            attachments = self._attachments(document, new.start, new)
        self._written.add(doc_id)
        self._state.seq += 1
        rev = new.rev
        if held is None:
            self._insert(document, new, rev, attachments)
        else:
            self._update(document, new, rev, attachments, held)
        return rev

    def _insert(self, document: Document, new: Branch, rev: str, attachments: dict[str, Attachment] | None) -> None:
        body, deleted, state = document.body, new.deleted, self._state
        self._inserted.append(
            (
                state.seq,
                document.id,
                rev,
                deleted,
                None if len(new.ids) == 1 else pack_tree(revisions.stem((new,), state.revs_limit)),
                pack_attachments(attachments) if attachments else None,
                crc(body),
                body,
            )
        )
        count(state, deleted, len(body), 1)

    def _update(
        self, document: Document, new: Branch, rev: str, attachments: dict[str, Attachment] | None, held: Held
    ) -> None:
        body, before = document.body, held.tree[0]
        tree = revisions.merge(held.tree, new, self._state.revs_limit)
        packed = pack_tree(tree)
        row = (rev, new.deleted, pack_attachments(attachments), crc(body), body)
        size = held.size
        if tree[0].rev == rev:
            self._archived.append((document.id,))
            self._replaced.append((self._state.seq, *row[:2], packed, *row[2:], document.id))
            size = len(body)
        elif tree[0].rev == before.rev:
            self._added.append((document.id, *row))
            self._moved.append((self._state.seq, packed, document.id))
        else:
            self._added.append((document.id, *row))
            self._archived.append((document.id,))
            self.flush()
            size = promote(self._connection, self._state.seq, document.id, tree)
        count(self._state, before.deleted, held.size, -1)
        count(self._state, tree[0].deleted, size, 1)

    def _attachments(self, document: Document, start: int, line: Branch | None) -> dict[str, Attachment] | None:
        if not document.attachments:
            return None

        def inherited() -> Mapping[str, Attachment]:
            self.flush()
            for rev in line.revs() if line else ():
                row = self._connection.execute(_INHERITED, (document.id, rev) * 2).fetchone()
                if row is not None:
                    return unpack_attachments(document.id, row[0]) or {}
            return {}

        return edits.resolve(
            document,
            start,
            inherited,
            lambda digest: blobs.claim(self._connection, digest),
            lambda digest, content: blobs.keep(self._connection, digest, content),
        )


def promote(connection: sqlite3.Connection, seq: int, doc_id: str, tree: Tree) -> int:
    """Makes the leaf that wins now, whose body is among the other revisions, the document's row. The size of its body."""
    rev = tree[0].rev
    connection.execute(_PROMOTE, (seq, pack_tree(tree), doc_id, rev, doc_id))
    connection.execute(_DEMOTE, (doc_id, rev))
    size: int = connection.execute(_SIZE, (doc_id,)).fetchone()[0]
    return size


def count(state: State, deleted: bool, size: int, sign: int) -> None:
    """Adds (sign 1) or takes off (-1) a document from the figures of `info`."""
    if deleted:
        state.dead += sign
    else:
        state.live += sign
    state.external += sign * size
