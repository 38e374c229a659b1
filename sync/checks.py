"""Is a database file sound? Every page, every document, every attachment, and that they agree with each other.

Blocks; reads the file as it stands at one moment, also while it is in use.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from sync.databases.sqlite import blobs, files, folding
from sync.databases.sqlite.rows import checked, unpack_attachments, unpack_tree
from sync.databases.sqlite.writer import read_state
from sync.digests import DigestTree
from sync.errors import NotFound, SyncError

_MESSAGES = 100  # of SQLite's own check: a damaged file has thousands
_IDS = "SELECT id, seq FROM documents INDEXED BY documents_by_id ORDER BY id"
_SEQS = "SELECT seq FROM documents ORDER BY seq"
_DOCUMENT = "SELECT id, rev, deleted, tree, attachments, crc, body FROM documents WHERE seq = ?"
_OTHERS = "SELECT rev, deleted, attachments, crc, body FROM revisions WHERE id = ?"
_LOST = "SELECT DISTINCT id FROM revisions WHERE id NOT IN (SELECT id FROM documents)"
_BLOBS = "SELECT number, digest, length FROM blobs WHERE digest IS NOT NULL"


class Finding(msgspec.Struct, frozen=True):
    """Something that is wrong. `document` is the id it concerns, or "" for the file as a whole."""

    message: str
    document: str = ""


def check(path: Path) -> list[Finding]:
    """Everything that is wrong with a database file; an empty list for a sound one. Raises NotFound where there is none."""
    try:
        with closing(files.connect(path, read_only=True)) as connection, files.translated(path.name):
            connection.execute("BEGIN")
            return list(_Check(connection).findings())
    except NotFound:
        raise
    except SyncError as error:
        return [Finding(error.reason)]


class _Check:
    """One pass over a file. Each part stands for itself: where one can't be read the others still are."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._digests = DigestTree()
        self._named: dict[str, str] = {}  # digest → a document that names it
        self._live = self._dead = self._external = 0
        self._broken = False

    def findings(self) -> Iterator[Finding]:
        for part in (self._pages, self._documents, self._figures, self._revisions, self._attachments, self._trie):
            try:
                yield from part()
            except (SyncError, sqlite3.Error) as error:
                self._broken = True
                yield Finding(str(error))

    def _pages(self) -> Iterator[Finding]:
        for (message,) in self._connection.execute(f"PRAGMA integrity_check({_MESSAGES})"):
            if message != "ok":
                self._broken = True
                yield Finding(message)

    def _documents(self) -> Iterator[Finding]:
        previous = None
        for doc_id, seq in self._rows():
            if doc_id == previous:
                yield Finding("stands twice in the feed", doc_id)
            previous = doc_id
            try:
                yield from self._document(seq, doc_id)
            except (SyncError, sqlite3.Error) as error:
                self._broken = True
                yield Finding(str(error), doc_id)

    def _rows(self) -> list[tuple[str, int]]:
        """Ids from the index, since it names a document whose row can't be read."""
        try:
            return self._connection.execute(_IDS).fetchall()
        except sqlite3.Error:
            return [("", seq) for (seq,) in self._connection.execute(_SEQS)]

    def _document(self, seq: int, expected: str) -> Iterator[Finding]:
        row = self._connection.execute(_DOCUMENT, (seq,)).fetchone()
        if row is None:
            yield Finding(f"is in the index at sequence {seq}, but not in the feed", expected)
            return
        doc_id, rev, deleted, packed, attachments, crc, body = row
        if expected and doc_id != expected:
            yield Finding(f"is in the index at the sequence of {doc_id!r}", expected)
        tree = unpack_tree(doc_id, packed, rev, deleted)
        self._digests.put(doc_id, (leaf.rev for leaf in tree))
        self._count(deleted, len(body))
        if (tree[0].rev, tree[0].deleted) != (rev, bool(deleted)):
            yield Finding(f"shows {rev} as its winner where its tree says {tree[0].rev}", doc_id)
        if list(tree) != sorted(tree, key=lambda leaf: leaf.rank, reverse=True):
            yield Finding("has a tree whose leaves are out of order", doc_id)
        yield from self._content(doc_id, rev, body, crc, attachments)
        others = {other[0]: other for other in self._connection.execute(_OTHERS, (doc_id,))}
        for leaf in tree[1:]:
            if leaf.rev not in others:
                yield Finding(f"lacks the body of its leaf {leaf.rev}", doc_id)
        for other_rev, _, other_attachments, other_crc, other_body in others.values():
            yield from self._content(doc_id, other_rev, other_body, other_crc, other_attachments)

    def _content(self, doc_id: str, rev: str, body: bytes, crc: int, packed: bytes | None) -> Iterator[Finding]:
        try:
            checked(doc_id, rev, body, crc)
        except SyncError as error:
            yield Finding(error.reason, doc_id)
        for entry in (unpack_attachments(doc_id, packed) or {}).values():
            self._named.setdefault(entry.digest, doc_id)

    def _count(self, deleted: int, size: int) -> None:
        self._dead += deleted
        self._live += 1 - deleted
        self._external += size

    def _figures(self) -> Iterator[Finding]:
        state = read_state(self._connection)
        last = self._connection.execute("SELECT coalesce(max(seq), 0) FROM documents").fetchone()[0]
        if last > state.seq:
            yield Finding(f"The last sequence is {last}, later than the {state.seq} that was given out")
        counted, kept = (self._live, self._dead, self._external), (state.live, state.dead, state.external)
        if counted != kept and not self._broken:
            yield Finding(f"Live, deleted and bytes are {counted}, but kept as {kept}")

    def _revisions(self) -> Iterator[Finding]:
        for (doc_id,) in self._connection.execute(_LOST):
            yield Finding("has bodies of revisions, but is not in the feed", doc_id)

    def _attachments(self) -> Iterator[Finding]:
        stored = self._connection.execute(_BLOBS).fetchall()
        for digest in self._named.keys() - {digest for _, digest, _ in stored}:
            yield Finding(f"names the attachment bytes {digest}, which are not here", self._named[digest])
        for number, digest, length in stored:
            if blobs.md5_of(self._connection, number, length) != digest:
                yield Finding(f"The attachment bytes {digest} are damaged", self._named.get(digest, ""))

    def _trie(self) -> Iterator[Finding]:
        if self._broken:
            return
        (kept, *_) = folding.answer(self._connection, [""]).nodes
        (counted, *_) = self._digests.nodes([""])
        if kept != counted:
            yield Finding(f"The kept digest {kept.hash} is not the {counted.hash} of the leaves")
