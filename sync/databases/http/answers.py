"""The JSON a CouchDB peer answers, as types. Bodies of documents stay raw; unknown members are ignored."""

import msgspec

from sync.databases.contract import Change, Changes, Info, Row, Rows
from sync.documents import UNREADABLE, Document, Local, parse
from sync.errors import Unavailable
from sync.protocol.errors import Told

Raw = msgspec.Raw
_NOTHING = Raw(b"null")
_encode = msgspec.json.encode


class Sizes(msgspec.Struct):
    """CouchDB's `sizes` of a database, in bytes."""

    file: int = 0
    external: int = 0
    active: int = 0


class DatabaseInfo(msgspec.Struct):
    """`GET /{db}`. `epoch` is our own server's; CouchDB 1 and pouchdb-server give sequences as numbers."""

    doc_count: int = 0
    doc_del_count: int = 0
    update_seq: Raw = Raw(b"0")
    purge_seq: Raw = Raw(b"0")
    epoch: str = ""
    instance_start_time: str | int = "0"
    sizes: Sizes = msgspec.field(default_factory=Sizes)
    compact_running: bool = False


class Revision(msgspec.Struct, gc=False):
    """A revision named in a row."""

    rev: str
    deleted: bool = False


class ChangeRow(msgspec.Struct, gc=False):
    """A row of `_changes`."""

    id: str
    changes: list[Revision]
    seq: Raw = Raw(b"0")
    deleted: bool = False
    doc: Raw = _NOTHING


class ChangesPage(msgspec.Struct):
    """A page of `_changes`; CouchDB 1 and pouchdb-server know no `pending`."""

    results: list[ChangeRow]
    last_seq: Raw
    pending: int | None = None


class DocsRow(msgspec.Struct, gc=False):
    """A row of `_all_docs`; a key that is not there has an `error` and no `id`."""

    key: str
    id: str = ""
    value: Revision | None = None
    doc: Raw = _NOTHING


class DocsPage(msgspec.Struct):
    """A page of `_all_docs` or `_local_docs`."""

    rows: list[DocsRow]
    total_rows: int | None = 0
    offset: int | None = None


class Fault(Told):
    """What is said of one revision that can't be given, or one document that was not written.

    `accepted` is a cluster's word for a document that was written, but on fewer nodes than a quorum.
    """

    id: str = ""
    rev: str = ""
    accepted: bool = False


class Found(msgspec.Struct):
    """One revision of `_bulk_get`."""

    ok: Raw = _NOTHING
    error: Fault | None = None


class FoundFor(msgspec.Struct):
    """What `_bulk_get` says of one id."""

    id: str
    docs: list[Found]


class BulkGot(msgspec.Struct):
    """The answer of `_bulk_get`."""

    results: list[FoundFor]


class Opened(msgspec.Struct):
    """One element of `?open_revs=`."""

    ok: Raw = _NOTHING
    missing: str = ""


class Absent(msgspec.Struct):
    """One id of `_revs_diff`."""

    missing: tuple[str, ...] = ()
    possible_ancestors: tuple[str, ...] = ()


class WithConflicts(msgspec.Struct):
    """A document asked for with `conflicts=true`."""

    conflicts: tuple[str, ...] = msgspec.field(name="_conflicts", default=())


class Purged(msgspec.Struct):
    """The answer of `_purge`."""

    purged: dict[str, tuple[str, ...]]


class Updated(msgspec.Struct):
    """A row of `_db_updates`."""

    db_name: str


class Updates(msgspec.Struct):
    """A page of `_db_updates`."""

    results: list[Updated]
    last_seq: Raw


info = msgspec.json.Decoder(DatabaseInfo)
changes = msgspec.json.Decoder(ChangesPage)
docs = msgspec.json.Decoder(DocsPage)
bulk_got = msgspec.json.Decoder(BulkGot)
opened = msgspec.json.Decoder(list[Opened])
written = msgspec.json.Decoder(list[Fault])
local_written = msgspec.json.Decoder(Fault)
# pouchdb-server answers a PUT with `new_edits=false` as a batch.
one_written = msgspec.json.Decoder(Fault | list[Fault])
differences = msgspec.json.Decoder(dict[str, Absent])
purged = msgspec.json.Decoder(Purged)
names = msgspec.json.Decoder(list[str])
updates = msgspec.json.Decoder(Updates)
number = msgspec.json.Decoder(int)
conflicts = msgspec.json.Decoder(WithConflicts)
members = msgspec.json.Decoder(dict[str, Raw])
_string = msgspec.json.Decoder(str)


def sequence(raw: Raw) -> str:
    """A sequence is opaque: a string's text, or whatever else a peer uses as it stands (numbers, CouchDB 2.0's arrays)."""
    text = bytes(raw)
    return _string.decode(text) if text.startswith(b'"') else text.decode()


def to_info(name: str, answer: DatabaseInfo) -> Info:
    """The figures as the contract has them."""
    return Info(
        name=name,
        doc_count=answer.doc_count,
        doc_del_count=answer.doc_del_count,
        update_seq=sequence(answer.update_seq),
        epoch=answer.epoch,
        instance_start_time=str(answer.instance_start_time),
        file_size=answer.sizes.file,
        external_size=answer.sizes.external,
        active_size=answer.sizes.active,
        purge_seq=sequence(answer.purge_seq),
        compact_running=answer.compact_running,
    )


def to_changes(page: ChangesPage) -> Changes:
    """A page as the contract has it."""
    rows = [
        Change(
            sequence(row.seq),
            row.id,
            tuple(change.rev for change in row.changes),
            row.deleted,
            document(row.doc),
            _conflicts(row.doc),
        )
        for row in page.results
    ]
    return Changes(rows, sequence(page.last_seq), -1 if page.pending is None else page.pending)


def to_rows(page: DocsPage) -> Rows:
    """A page as the contract has it."""
    rows = [
        Row(
            row.id or row.key,
            row.value.rev if row.value else "",
            row.value is not None and row.value.deleted,
            document(row.doc),
            _conflicts(row.doc),
        )
        for row in page.rows
    ]
    return Rows(rows, page.total_rows or 0, page.offset)


def document(raw: Raw) -> Document | None:
    """The document in a member, if there is one."""
    data = bytes(raw)
    return None if data == b"null" else parse(data)


def local(found: dict[str, Raw]) -> Local:
    """A `_local` document from its members. Its revision is "0-<n>", which no other document may have.

    Raises Unavailable for what is none.
    """
    try:
        doc_id, rev = _string.decode(found.pop("_id")), _string.decode(found.pop("_rev"))
    except (KeyError, *UNREADABLE):
        raise Unavailable("The peer gave a local document that can't be understood") from None
    return Local(id=doc_id, rev=rev, body=_encode(found))


def _conflicts(raw: Raw) -> tuple[str, ...]:
    data = bytes(raw)
    return conflicts.decode(data).conflicts if b'"_conflicts"' in data else ()
