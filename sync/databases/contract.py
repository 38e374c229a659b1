"""The one contract every database keeps: SQLite, memory, any CouchDB peer over HTTP.

`replicate()`, the HTTP API and the application know only this class. Everything is async: a backend that blocks
(SQLite) hands the call to its own threads. One test suite, `tests/contract`, runs on every backend.

Sequences are opaque strings, "0" before the first change; only equality and "give me what came after" mean
anything. A backend that keeps an `epoch` puts it into its sequences ("42-<epoch>") and treats a sequence of
another epoch as "0", so a reader that comes back after a restore is offered everything again.
"""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence

import msgspec

from sync.documents import Attachment, Document, Local
from sync.errors import SyncError

START = "0"
NOW = "now"
SNAPSHOT_PAGE = 500


class Info(msgspec.Struct, frozen=True, kw_only=True):
    """Figures of `GET /{db}`. Sizes in bytes: `file` on disk, `external` the live bodies as JSON, `active` live in the file.

    `epoch` is "" where the peer keeps none. `instance_start_time` is CouchDB's: microseconds since 1970 as a string;
    it changes with the epoch.
    """

    name: str
    doc_count: int
    doc_del_count: int
    update_seq: str
    epoch: str = ""
    instance_start_time: str = "0"
    file_size: int = 0
    external_size: int = 0
    active_size: int = 0
    purge_seq: str = "0"
    compact_running: bool = False


class Leaf(msgspec.Struct, frozen=True):
    """A leaf of a revision tree."""

    rev: str
    deleted: bool = False


class RevisionStatus(msgspec.Struct, frozen=True):
    """One row of `_revs_info`: status is "available", "missing" (its body was compacted away) or "deleted"."""

    rev: str
    status: str


class Missing(msgspec.Struct, frozen=True):
    """A revision that was asked for and is not here; `reason` is "missing" or "deleted"."""

    id: str
    rev: str
    reason: str = "missing"


class Outcome(msgspec.Struct, frozen=True):
    """What became of one written document: `rev` as stored, or the error that refused it (never both)."""

    id: str
    rev: str = ""
    error: SyncError | None = None


class Difference(msgspec.Struct, frozen=True):
    """One row of `_revs_diff`: revisions not here, and leaves here that may be their ancestors."""

    missing: tuple[str, ...]
    possible_ancestors: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True, gc=False):
    """One row of `_changes`. `revs` holds the winner ("main_only") or every leaf, winner first ("all_docs").

    `document` is the winner where `include_docs` asked for it; `conflicts` its other live leaves where asked for.
    """

    seq: str
    id: str
    revs: tuple[str, ...]
    deleted: bool = False
    document: Document | None = None
    conflicts: tuple[str, ...] = ()


class Changes(msgspec.Struct, frozen=True):
    """One page of the feed. Ask again with `since=last_seq`; `pending` counts what still follows (-1: unknown).

    Where very much follows, `pending` may be an upper bound; it is 0 only when nothing does.
    """

    rows: list[Change]
    last_seq: str
    pending: int = -1


class Row(msgspec.Struct, frozen=True, gc=False):
    """One row of `_all_docs`. For `keys`: a key that is not here has `rev` "" and `deleted` False."""

    id: str
    rev: str
    deleted: bool = False
    document: Document | None = None
    conflicts: tuple[str, ...] = ()


class Rows(msgspec.Struct, frozen=True):
    """A page of `_all_docs`; `total` counts live documents, `offset` those before the first row (None for keys)."""

    rows: list[Row]
    total: int
    offset: int | None = 0


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """Which ids of `_all_docs`, in CouchDB's raw byte order of ids (codepoint order here). None is open-ended."""

    start: str | None = None
    end: str | None = None
    inclusive_end: bool = True
    descending: bool = False
    skip: int = 0
    limit: int | None = None


class Upload(msgspec.Struct, frozen=True):
    """Attachment bytes that are staged: name `digest` in a written document's Attachment and they belong to it."""

    digest: str
    length: int


class Node(msgspec.Struct, frozen=True):
    """One node of the digest tree: `count` leaf revisions below `prefix` and the hash over them.

    `prefix` is a string of hex digits: the path in a tree over SHA-256 of the document id (16 children a node). An
    empty tree has count 0 and 64 zeros. `hash` is hex and incremental to keep (see `sync/digests.py`).
    """

    prefix: str
    count: int
    hash: str


class Snapshot(msgspec.Struct, frozen=True):
    """Every document as it stood at `seq`, all leaf revisions of it with ancestry, page by page.

    `count` is the number of documents. Read `pages` to the end or close it: it may hold a reading transaction.
    """

    seq: str
    epoch: str
    count: int
    pages: AsyncGenerator[list[Document], None]


class Database(ABC):
    """One database of documents with revision trees. Methods raise the errors of `sync/errors.py` and no others."""

    name: str

    # -- the whole database

    @abstractmethod
    async def info(self) -> Info:
        """`GET /{db}`. Raises NotFound when the database does not exist."""

    @abstractmethod
    async def revs_limit(self) -> int:
        """How many revisions of a branch are remembered (CouchDB's default is 1000)."""

    @abstractmethod
    async def set_revs_limit(self, limit: int) -> None:
        """Raises BadRequest unless limit is a positive integer."""

    @abstractmethod
    async def security(self) -> bytes:
        """The `_security` object as JSON; `{}` at first."""

    @abstractmethod
    async def set_security(self, security: bytes) -> None:
        """Raises BadRequest unless it is a JSON object."""

    @abstractmethod
    async def compact(self) -> None:
        """Drops bodies of non-leaf revisions, attachment bytes nothing refers to, and free pages. Returns when done."""

    @abstractmethod
    async def purge(self, revs: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
        """Forgets leaf revisions without a trace (`_purge`); answers those that were removed."""

    @abstractmethod
    async def close(self) -> None:
        """Lets go of threads, connections and files. Calls in flight end first."""

    # -- reading documents

    @abstractmethod
    async def get(self, doc_id: str, rev: str | None = None, *, latest: bool = False) -> Document:
        """One revision, with its ancestry; the winner without `rev`. With `latest`, the leaf that grew from `rev`.

        Raises NotFound with reason "missing", or "deleted" when the winner is a deletion and no rev was named.
        """

    @abstractmethod
    async def open_revs(
        self, doc_id: str, revs: Sequence[str] | None, *, latest: bool = False
    ) -> list[Document | Missing]:
        """The named revisions, or every leaf with None (`?open_revs=`), with ancestry, in the order asked."""

    @abstractmethod
    async def bulk_get(
        self, wanted: Sequence[tuple[str, str | None]], *, latest: bool = False
    ) -> list[list[Document | Missing]]:
        """For each (id, rev or None for the winner) what `open_revs` would say, with ancestry, in order (`_bulk_get`)."""

    @abstractmethod
    async def leaves(self, doc_id: str) -> list[Leaf]:
        """Every leaf, winner first, then as CouchDB orders them. Raises NotFound when there is no such tree."""

    @abstractmethod
    async def revs_info(self, doc_id: str, rev: str | None = None) -> list[RevisionStatus]:
        """The branch of `rev` (or of the winner), newest first."""

    @abstractmethod
    async def all_docs(
        self, ids: Range | Sequence[str], *, include_docs: bool = False, conflicts: bool = False
    ) -> Rows:
        """`_all_docs`: winners in id order for a Range, or a row for each key in the order of keys."""

    # -- writing

    @abstractmethod
    async def write(self, documents: Sequence[Document], *, new_edits: bool = True) -> list[Outcome]:
        """`_bulk_docs`: an outcome per document, in order; a refused one never blocks the others.

        With `new_edits`, `rev` names the parent leaf ("" for a new document, or to revive a deleted one) and the new revision
        id is made here; otherwise rev and ancestry are stored as they are (replication). An attachment entry carries `data`, or
        a digest staged by `upload`, or is a `stub` of the parent's. Everything accepted is on the disk before this returns.
        Raises OutOfSpace when nothing could be stored.
        """

    @abstractmethod
    async def revs_diff(self, revs: Mapping[str, Sequence[str]]) -> dict[str, Difference]:
        """Which of these revisions are not here (`_revs_diff`). Ids with nothing missing are left out."""

    # -- the feed

    @abstractmethod
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
        """One page of `_changes` (feed=normal) after `since`, at once. Each document stands once, at its last change.

        `since` may be NOW: no rows, and where the feed stands.
        """

    @abstractmethod
    async def wait(self, since: str) -> None:
        """Returns once something may have changed after `since`: woken by the commit, holding no thread. Cancel to give up.

        Spurious returns are allowed; a missed change is not. Raises NotFound when the database is deleted meanwhile.
        """

    async def snapshot(self) -> Snapshot:
        """All leaf revisions, for a first sync in one go that then continues from `Snapshot.seq`.

        A backend with transactions shows one moment. Here, what changes while the pages are read may be missing in them or be
        newer: it comes after `seq` in the feed in any case.
        """
        info = await self.info()
        count = info.doc_count + info.doc_del_count
        return Snapshot(info.update_seq, info.epoch, count, self._snapshot_pages())

    async def _snapshot_pages(self) -> AsyncGenerator[list[Document], None]:
        since, more = START, True
        while more:
            page = await self.changes(since, limit=SNAPSHOT_PAGE, all_leaves=True)
            wanted = [(row.id, rev) for row in page.rows for rev in row.revs]
            found = await self.bulk_get(wanted)
            yield [document for documents in found for document in documents if isinstance(document, Document)]
            since, more = page.last_seq, len(page.rows) == SNAPSHOT_PAGE

    # -- local documents

    @abstractmethod
    async def get_local(self, doc_id: str) -> Local:
        """`_local/<id>` (the id is given with its prefix). Raises NotFound."""

    @abstractmethod
    async def put_local(self, doc_id: str, body: bytes, rev: str = "") -> str:
        """Stores it durably and returns the new rev "0-<n>". Raises Conflict when `rev` is not the stored one."""

    @abstractmethod
    async def delete_local(self, doc_id: str, rev: str = "") -> None:
        """Raises NotFound, or Conflict when `rev` is given and is not the stored one."""

    @abstractmethod
    async def local_docs(self, ids: Range | Sequence[str]) -> list[Local]:
        """`_local_docs` in id order, or those of the given ids that exist."""

    # -- attachments

    @abstractmethod
    async def upload(self, chunks: AsyncIterator[bytes]) -> Upload:
        """Stages bytes as they come, in memory bounded by a chunk; bytes no document names are collected by `compact`."""

    @abstractmethod
    async def attachment(self, doc_id: str, name: str, rev: str | None = None) -> tuple[Document, Attachment]:
        """What the revision says about one attachment. Raises NotFound."""

    @abstractmethod
    def download(
        self, document: Document, name: str, *, start: int = 0, stop: int | None = None
    ) -> AsyncIterator[bytes]:
        """The stored (maybe gzip-encoded) bytes [start, stop) of an attachment, chunk by chunk."""

    # -- proof of equality

    @abstractmethod
    async def digest(self, prefixes: Sequence[str] = ("",)) -> list[Node]:
        """For each prefix its node and then its 16 children. Equal roots exactly when both sides hold the same leaves."""

    @abstractmethod
    async def digest_leaves(self, prefix: str) -> dict[str, tuple[str, ...]]:
        """Leaf revisions (sorted) of every id below a prefix; used once the narrowing has few ids left."""


class Catalog(ABC):
    """Named databases: a folder of SQLite files, a memory, a CouchDB server."""

    @abstractmethod
    async def open(self, name: str) -> Database:
        """The same object for the same name while open. Raises NotFound("Database does not exist.") or IllegalName."""

    @abstractmethod
    async def create(self, name: str) -> Database:
        """Raises AlreadyExists, IllegalName."""

    @abstractmethod
    async def delete(self, name: str) -> None:
        """Raises NotFound."""

    @abstractmethod
    async def names(self) -> list[str]:
        """Sorted (`_all_dbs`)."""

    @abstractmethod
    async def wait(self, since: str) -> tuple[str, frozenset[str]]:
        """Waits until databases change and names them, with the mark to wait from next (`_db_updates`).

        Start with "0": answers at once with every name. Spurious names are allowed; a missed change is not.
        """

    @abstractmethod
    async def close(self) -> None:
        """Closes every open database."""
