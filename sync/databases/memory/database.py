"""One database in memory.

documents   id → Stored(seq, tree, revisions: rev → Revision(body, deleted, attachments))
feed        the ids sorted by Stored.seq, made when asked for
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sync import edits, revisions, sequences
from sync.databases.contract import (
    NOW,
    START,
    Change,
    Changes,
    Database,
    Difference,
    Info,
    Leaf,
    Missing,
    Node,
    Outcome,
    Range,
    RevisionStatus,
    Row,
    Rows,
    Upload,
)
from sync.databases.ranges import slice_ids
from sync.databases.rules import check_limit, check_object, entry_of, next_local_rev
from sync.databases.waiters import Waiters
from sync.digests import DigestTree
from sync.documents import Attachment, Document, Local
from sync.errors import Conflict, NotFound, SyncError
from sync.revisions import Branch, Tree

CHUNK = 1 << 16


@dataclass
class Revision:
    """What is held of one revision."""

    body: bytes
    deleted: bool
    attachments: Mapping[str, Attachment] | None


@dataclass
class Stored:
    """A document: its place in the feed, its tree, and the revisions whose bodies are held."""

    seq: int
    tree: Tree
    revisions: dict[str, Revision] = field(default_factory=dict)

    @property
    def winner(self) -> Branch:
        return self.tree[0]

    def conflicts(self) -> tuple[str, ...]:
        return tuple(leaf.rev for leaf in self.tree[1:] if not leaf.deleted)


class MemoryDatabase(Database):
    """A database that is gone with the process. For one event loop; nothing in it blocks."""

    def __init__(self, name: str, committed: Callable[[str], None] = lambda name: None) -> None:
        self.name = name
        self.epoch = sequences.new_epoch()
        self._began = sequences.now_in_microseconds()
        self._committed = committed
        self._seq = 0
        self._purges = 0
        self._limit = edits.DEFAULT_REVS_LIMIT
        self._security = b"{}"
        self._documents: dict[str, Stored] = {}
        self._locals: dict[str, Local] = {}
        self._blobs: dict[str, bytes] = {}
        self._waiters = Waiters()
        self._deleted = False

    # -- the whole database

    async def info(self) -> Info:
        self._check_exists()
        winners = [stored.winner for stored in self._documents.values()]
        size = sum(len(stored.revisions[stored.winner.rev].body) for stored in self._documents.values())
        bytes_stored = sum(map(len, self._blobs.values()))
        return Info(
            name=self.name,
            doc_count=sum(not winner.deleted for winner in winners),
            doc_del_count=sum(winner.deleted for winner in winners),
            update_seq=self._sequence(self._seq),
            epoch=self.epoch,
            instance_start_time=str(self._began),
            file_size=size + bytes_stored,
            external_size=size,
            active_size=size + bytes_stored,
            purge_seq=str(self._purges),
        )

    async def revs_limit(self) -> int:
        return self._limit

    async def set_revs_limit(self, limit: int) -> None:
        check_limit(limit)
        self._limit = limit

    async def security(self) -> bytes:
        return self._security

    async def set_security(self, security: bytes) -> None:
        check_object(security, "Security")
        self._security = security

    async def compact(self) -> None:
        used = set()
        for stored in self._documents.values():
            leaves = {leaf.rev for leaf in stored.tree}
            stored.revisions = {rev: held for rev, held in stored.revisions.items() if rev in leaves}
            used |= {entry.digest for held in stored.revisions.values() for entry in (held.attachments or {}).values()}
        self._blobs = {digest: content for digest, content in self._blobs.items() if digest in used}

    async def purge(self, revs: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
        purged = {doc_id: self._purge(doc_id, wanted) for doc_id, wanted in revs.items()}
        if any(purged.values()):
            self._purges += 1
            self._wake()
        return purged

    def _purge(self, doc_id: str, wanted: Sequence[str]) -> tuple[str, ...]:
        stored = self._documents.get(doc_id)
        if stored is None:
            return ()
        removed = tuple(leaf.rev for leaf in stored.tree if leaf.rev in wanted)
        for rev in removed:
            stored.tree = revisions.without(stored.tree, rev)
            stored.revisions.pop(rev, None)
        if not stored.tree:
            del self._documents[doc_id]
        if removed:
            self._seq += 1
            stored.seq = self._seq
        return removed

    async def close(self) -> None:
        return None

    def delete(self) -> None:
        """What the catalog calls when the database is deleted: readers that wait are told."""
        self._deleted = True
        self._wake()

    def _check_exists(self) -> None:
        if self._deleted:
            raise NotFound("Database does not exist.")

    # -- reading documents

    async def get(self, doc_id: str, rev: str | None = None, *, latest: bool = False) -> Document:
        stored = self._stored(doc_id)
        if rev is None and stored.winner.deleted:
            raise NotFound("deleted")
        found = self._read(doc_id, rev or stored.winner.rev, latest=latest)
        if isinstance(found, Missing):
            raise NotFound(found.reason)
        return found

    async def open_revs(
        self, doc_id: str, revs: Sequence[str] | None, *, latest: bool = False
    ) -> list[Document | Missing]:
        if revs is None:
            revs = [leaf.rev for leaf in self._documents[doc_id].tree] if doc_id in self._documents else []
        return [self._read(doc_id, rev, latest=latest) for rev in revs]

    async def bulk_get(
        self, wanted: Sequence[tuple[str, str | None]], *, latest: bool = False
    ) -> list[list[Document | Missing]]:
        return [[self._read(doc_id, rev, latest=latest)] for doc_id, rev in wanted]

    async def leaves(self, doc_id: str) -> list[Leaf]:
        return [Leaf(leaf.rev, leaf.deleted) for leaf in self._stored(doc_id).tree]

    async def revs_info(self, doc_id: str, rev: str | None = None) -> list[RevisionStatus]:
        stored = self._stored(doc_id)
        branch = stored.winner if rev is None else revisions.find(stored.tree, rev)
        if branch is None:
            raise NotFound("missing")
        return [RevisionStatus(known, _status(stored.revisions.get(known))) for known in branch.revs()]

    async def all_docs(
        self, ids: Range | Sequence[str], *, include_docs: bool = False, conflicts: bool = False
    ) -> Rows:
        live = sorted(doc_id for doc_id, stored in self._documents.items() if not stored.winner.deleted)
        if not isinstance(ids, Range):
            return Rows([self._row(doc_id, include_docs, conflicts) for doc_id in ids], len(live), None)
        chosen, offset = slice_ids(live, ids)
        return Rows([self._row(doc_id, include_docs, conflicts) for doc_id in chosen], len(live), offset)

    def _row(self, doc_id: str, include_docs: bool, conflicts: bool) -> Row:
        stored = self._documents.get(doc_id)
        if stored is None:
            return Row(doc_id, "")
        winner = stored.winner
        document = self._document(doc_id, winner) if include_docs and not winner.deleted else None
        return Row(doc_id, winner.rev, winner.deleted, document, stored.conflicts() if conflicts else ())

    def _stored(self, doc_id: str) -> Stored:
        self._check_exists()
        if doc_id not in self._documents:
            raise NotFound("missing")
        return self._documents[doc_id]

    def _read(self, doc_id: str, rev: str | None, *, latest: bool) -> Document | Missing:
        stored = self._documents.get(doc_id)
        if stored is None:
            return Missing(doc_id, rev or "")
        if rev is None:
            return self._document(doc_id, stored.winner, ancestry=True)
        branch = (revisions.latest if latest else revisions.find)(stored.tree, rev)
        if branch is None or branch.rev not in stored.revisions:
            return Missing(doc_id, rev)
        return self._document(doc_id, branch, ancestry=True)

    def _document(self, doc_id: str, branch: Branch, *, ancestry: bool = False) -> Document:
        held = self._documents[doc_id].revisions[branch.rev]
        return Document(
            id=doc_id,
            rev=branch.rev,
            body=held.body,
            deleted=held.deleted,
            ancestry=branch.ids if ancestry else (),
            attachments=held.attachments,
        )

    # -- writing

    async def write(self, documents: Sequence[Document], *, new_edits: bool = True) -> list[Outcome]:
        self._check_exists()
        before = self._seq
        written: set[str] = set()
        outcomes = []
        for document in documents:
            try:
                if new_edits and document.id in written:
                    raise Conflict
                outcomes.append(Outcome(document.id, self._write(document, new_edits)))
                written.add(document.id)
            except SyncError as error:
                outcomes.append(Outcome(document.id, error=error))
        if self._seq != before:
            self._wake()
        return outcomes

    def _write(self, document: Document, new_edits: bool) -> str:
        stored = self._documents.get(document.id)
        tree = stored.tree if stored else None
        if new_edits:
            parent = edits.grow(tree, document)
            start = parent.start + 1 if parent else 1
            attachments = self._attachments(document, start, parent)
            branch = edits.edited(parent, document, attachments)
        else:
            brought = edits.replicated(tree, document)
            if brought is None:
                return document.rev
            branch = brought
            attachments = self._attachments(document, branch.start, branch)
        self._seq += 1
        if stored is None:
            stored = self._documents[document.id] = Stored(self._seq, revisions.stem((branch,), self._limit))
        else:
            stored.tree = revisions.merge(stored.tree, branch, self._limit)
            stored.seq = self._seq
        stored.revisions[branch.rev] = Revision(document.body, document.deleted, attachments)
        return branch.rev

    def _attachments(self, document: Document, start: int, line: Branch | None) -> dict[str, Attachment] | None:
        def inherited() -> Mapping[str, Attachment]:
            held = self._documents[document.id].revisions if document.id in self._documents else {}
            nearest = next((held[rev] for rev in (line.revs() if line else ()) if rev in held), None)
            return (nearest.attachments if nearest else None) or {}

        def length(digest: str) -> int | None:
            return len(self._blobs[digest]) if digest in self._blobs else None

        return edits.resolve(document, start, inherited, length, self._blobs.__setitem__)

    async def revs_diff(self, revs: Mapping[str, Sequence[str]]) -> dict[str, Difference]:
        found = {}
        for doc_id, wanted in revs.items():
            tree = self._documents[doc_id].tree if doc_id in self._documents else ()
            if absent := revisions.missing(tree, wanted):
                found[doc_id] = Difference(absent, revisions.possible_ancestors(tree, absent))
        return found

    # -- the feed

    async def changes(
        self,
        since: str = START,
        *,
        limit: int | None = None,
        descending: bool = False,
        all_leaves: bool = False,
        include_docs: bool = False,
        conflicts: bool = False,
        doc_ids: Sequence[str] | None = None,
    ) -> Changes:
        self._check_exists()
        after = self._seq if since == NOW else sequences.parse(since, self.epoch)
        ids = self._documents if doc_ids is None else [doc_id for doc_id in set(doc_ids) if doc_id in self._documents]
        rows = sorted((self._documents[doc_id].seq, doc_id) for doc_id in ids)
        rows = [row for row in rows if row[0] > after][:: -1 if descending else 1]
        page = rows[:limit]
        whole = len(page) == len(rows) and not descending
        last = self._seq if whole else page[-1][0] if page else after
        return Changes(
            [self._change(doc_id, all_leaves, include_docs, conflicts) for _, doc_id in page],
            self._sequence(last),
            len(rows) - len(page),
        )

    def _change(self, doc_id: str, all_leaves: bool, include_docs: bool, conflicts: bool) -> Change:
        stored = self._documents[doc_id]
        return Change(
            self._sequence(stored.seq),
            doc_id,
            tuple(leaf.rev for leaf in (stored.tree if all_leaves else stored.tree[:1])),
            stored.winner.deleted,
            self._document(doc_id, stored.winner) if include_docs else None,
            stored.conflicts() if conflicts else (),
        )

    async def wait(self, since: str) -> None:
        while not self._deleted and sequences.parse(since, self.epoch) == self._seq:
            with self._waiters.joined() as woken:
                await woken
        self._check_exists()

    def _wake(self) -> None:
        self._waiters.wake()
        self._committed(self.name)

    def _sequence(self, number: int) -> str:
        return sequences.render(number, self.epoch)

    # -- local documents

    async def get_local(self, doc_id: str) -> Local:
        if doc_id not in self._locals:
            raise NotFound("missing")
        return self._locals[doc_id]

    async def put_local(self, doc_id: str, body: bytes, rev: str = "") -> str:
        stored = self._locals.get(doc_id)
        new = next_local_rev(stored.rev if stored else None, rev)
        self._locals[doc_id] = Local(id=doc_id, rev=new, body=body)
        return new

    async def delete_local(self, doc_id: str, rev: str = "") -> None:
        stored = await self.get_local(doc_id)
        if rev and rev != stored.rev:
            raise Conflict
        del self._locals[doc_id]

    async def local_docs(self, ids: Range | Sequence[str]) -> list[Local]:
        if isinstance(ids, Range):
            ids, _ = slice_ids(sorted(self._locals), ids)
        return [self._locals[doc_id] for doc_id in ids if doc_id in self._locals]

    # -- attachments

    async def upload(self, chunks: AsyncIterator[bytes]) -> Upload:
        content = b"".join([chunk async for chunk in chunks])
        digest = edits.digest_of(content)
        self._blobs[digest] = content
        return Upload(digest, len(content))

    async def attachment(self, doc_id: str, name: str, rev: str | None = None) -> tuple[Document, Attachment]:
        document = await self.get(doc_id, rev)
        return document, entry_of(document, name)

    async def download(
        self, document: Document, name: str, *, start: int = 0, stop: int | None = None
    ) -> AsyncIterator[bytes]:
        digest = entry_of(document, name).digest
        if digest not in self._blobs:
            raise NotFound("Document is missing attachment")
        content = self._blobs[digest][start:stop]
        for offset in range(0, len(content), CHUNK):
            yield content[offset : offset + CHUNK]

    # -- proof of equality

    async def digest(self, prefixes: Sequence[str] = ("",)) -> list[Node]:
        return self._digests().nodes(prefixes)

    async def digest_leaves(self, prefix: str) -> dict[str, tuple[str, ...]]:
        return self._digests().leaves(prefix)

    def _digests(self) -> DigestTree:
        tree = DigestTree()
        for doc_id, stored in self._documents.items():
            tree.put(doc_id, (leaf.rev for leaf in stored.tree))
        return tree


def _status(held: Revision | None) -> str:
    if held is None:
        return "missing"
    return "deleted" if held.deleted else "available"
