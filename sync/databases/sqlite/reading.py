"""Reading documents and the feed: each function answers the contract's question of its name on one reading transaction."""

# ruff: noqa: S608 - the statements are put together from constants of this module; values are always bound.
import sqlite3
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from sync import revisions, sequences
from sync.databases.contract import (
    NOW,
    Change,
    Changes,
    Difference,
    Leaf,
    Missing,
    Range,
    RevisionStatus,
    Row,
    Rows,
)
from sync.databases.sqlite.editing import find
from sync.databases.sqlite.rows import Columns, among, checked, unpack_attachments, unpack_tree
from sync.databases.sqlite.writer import State, read_state
from sync.documents import Document, Local
from sync.errors import NotFound
from sync.revisions import Branch, Tree

# Further behind than this, `pending` is an upper bound: counting rows would cost more than reading them.
_EXACT = 20_000

_COLUMNS = "d.seq, d.id, d.rev, d.deleted, d.tree, d.crc, d.attachments, d.body"
_BRIEF = "d.seq, d.id, d.rev, d.deleted, d.tree"
_ONE = f"SELECT {_COLUMNS} FROM documents AS d WHERE id = ?"
_REVISION = "SELECT deleted, crc, attachments, body FROM revisions WHERE id = ? AND rev = ?"
_REVISIONS = "SELECT rev, deleted FROM revisions WHERE id = ?"
_FOLLOWING = "SELECT count(*) FROM documents WHERE seq > ?"


class Found(msgspec.Struct, gc=False):
    """A document's row, whole: its winner and its tree."""

    document: Document
    tree: Tree


def _found(row: Columns) -> Found:
    _, doc_id, rev, deleted, packed, _, _, _ = row
    tree = unpack_tree(doc_id, packed, rev, deleted)
    return Found(_winner(row, tree[0].ids), tree)


def _winner(row: Columns, ancestry: tuple[str, ...] = ()) -> Document:
    _, doc_id, rev, deleted, _, crc, attachments, body = row
    return Document(
        id=doc_id,
        rev=rev,
        body=checked(doc_id, rev, body, crc),
        deleted=deleted == 1,
        ancestry=ancestry,
        attachments=None if attachments is None else unpack_attachments(doc_id, attachments),
    )


def _load(connection: sqlite3.Connection, doc_id: str) -> Found | None:
    row = connection.execute(_ONE, (doc_id,)).fetchone()
    return None if row is None else _found(row)


def _load_many(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Found]:
    return {row[1]: _found(row) for row in among(connection, _COLUMNS, ids)}


def _revision(connection: sqlite3.Connection, found: Found, branch: Branch) -> Document | None:
    """The document at the tip of `branch`; None when its body was compacted away."""
    doc_id, rev = found.document.id, branch.rev
    if rev == found.document.rev:
        return found.document
    row = connection.execute(_REVISION, (doc_id, rev)).fetchone()
    if row is None:
        return None
    deleted, crc, attachments, body = row
    return Document(
        id=doc_id,
        rev=rev,
        body=checked(doc_id, rev, body, crc),
        deleted=deleted == 1,
        ancestry=branch.ids,
        attachments=unpack_attachments(doc_id, attachments),
    )


def _look_up(
    connection: sqlite3.Connection, doc_id: str, found: Found | None, rev: str | None, latest: bool
) -> Document | Missing:
    if found is None:
        return Missing(doc_id, rev or "")
    if rev is None or rev == found.document.rev:
        return found.document
    branch = (revisions.latest if latest else revisions.find)(found.tree, rev)
    document = None if branch is None else _revision(connection, found, branch)
    return document or Missing(doc_id, rev)


def get(connection: sqlite3.Connection, doc_id: str, rev: str | None, latest: bool) -> Document:
    found = _load(connection, doc_id)
    if rev is None and found is not None and found.document.deleted:
        raise NotFound("deleted")
    document = _look_up(connection, doc_id, found, rev, latest)
    if isinstance(document, Missing):
        raise NotFound(document.reason)
    return document


def open_revs(
    connection: sqlite3.Connection, doc_id: str, revs: Sequence[str] | None, latest: bool
) -> list[Document | Missing]:
    found = _load(connection, doc_id)
    if revs is None:
        revs = [leaf.rev for leaf in found.tree] if found else []
    return [_look_up(connection, doc_id, found, rev, latest) for rev in revs]


def bulk_get(
    connection: sqlite3.Connection, wanted: Sequence[tuple[str, str | None]], latest: bool
) -> list[list[Document | Missing]]:
    found = _load_many(connection, [doc_id for doc_id, _ in wanted])
    return [[_look_up(connection, doc_id, found.get(doc_id), rev, latest)] for doc_id, rev in wanted]


def _tree(connection: sqlite3.Connection, doc_id: str) -> Tree:
    held = find(connection, [doc_id])
    if not held:
        raise NotFound("missing")
    return held[doc_id].tree


def leaves(connection: sqlite3.Connection, doc_id: str) -> list[Leaf]:
    return [Leaf(leaf.rev, leaf.deleted) for leaf in _tree(connection, doc_id)]


def revs_info(connection: sqlite3.Connection, doc_id: str, rev: str | None) -> list[RevisionStatus]:
    tree = _tree(connection, doc_id)
    branch = tree[0] if rev is None else revisions.find(tree, rev)
    if branch is None:
        raise NotFound("missing")
    held = dict(connection.execute(_REVISIONS, (doc_id,)).fetchall())
    held[tree[0].rev] = int(tree[0].deleted)
    words = {None: "missing", 0: "available", 1: "deleted"}
    return [RevisionStatus(known, words[held.get(known)]) for known in branch.revs()]


def revs_diff(connection: sqlite3.Connection, revs: Mapping[str, Sequence[str]]) -> dict[str, Difference]:
    held = find(connection, list(revs))
    found = {}
    for doc_id, wanted in revs.items():
        tree = held[doc_id].tree if doc_id in held else ()
        if absent := revisions.missing(tree, wanted):
            found[doc_id] = Difference(absent, revisions.possible_ancestors(tree, absent))
    return found


# -- _all_docs


def all_docs(connection: sqlite3.Connection, ids: Range | Sequence[str], include_docs: bool, conflicts: bool) -> Rows:
    total = read_state(connection).live
    if not isinstance(ids, Range):
        return Rows(_rows_of_keys(connection, ids, include_docs, conflicts), total, None)
    where, values = _bounds(ids)
    order = "DESC" if ids.descending else "ASC"
    columns = _COLUMNS if include_docs else _BRIEF
    query = f"SELECT {columns} FROM documents AS d WHERE deleted = 0{where} ORDER BY id {order} LIMIT ? OFFSET ?"
    rows = connection.execute(query, (*values, -1 if ids.limit is None else ids.limit, ids.skip)).fetchall()
    offset = ids.skip + _before(connection, ids)
    return Rows([_row(row, include_docs, conflicts) for row in rows], total, min(offset, total))


def _bounds(ids: Range) -> tuple[str, list[str]]:
    after, before = ("<=", ">") if ids.descending else (">=", "<")
    clauses, values = "", []
    if ids.start is not None:
        clauses += f" AND id {after} ?"
        values.append(ids.start)
    if ids.end is not None:
        clauses += f" AND id {before}{'=' if ids.inclusive_end else ''} ?"
        values.append(ids.end)
    return clauses, values


def _before(connection: sqlite3.Connection, ids: Range) -> int:
    if ids.start is None:
        return 0
    beyond = ">" if ids.descending else "<"
    query = f"SELECT count(*) FROM documents INDEXED BY documents_by_id WHERE deleted = 0 AND id {beyond} ?"
    count: int = connection.execute(query, (ids.start,)).fetchone()[0]
    return count


def _rows_of_keys(
    connection: sqlite3.Connection, keys: Sequence[str], include_docs: bool, conflicts: bool
) -> list[Row]:
    found = {row[1]: row for row in among(connection, _COLUMNS if include_docs else _BRIEF, keys)}
    return [_row(found[key], include_docs, conflicts) if key in found else Row(key, "") for key in keys]


def _row(row: Columns, include_docs: bool, conflicts: bool) -> Row:
    deleted = row[3] == 1
    document = _winner(row) if include_docs and not deleted else None
    return Row(row[1], row[2], deleted, document, _conflicts(row) if conflicts else ())


def _conflicts(row: Columns) -> tuple[str, ...]:
    _, doc_id, rev, deleted, packed, *_ = row
    if packed is None:
        return ()
    return tuple(leaf.rev for leaf in unpack_tree(doc_id, packed, rev, deleted)[1:] if not leaf.deleted)


# -- the feed


def changes(
    connection: sqlite3.Connection,
    since: str,
    limit: int | None,
    descending: bool,
    all_leaves: bool,
    include_docs: bool,
    conflicts: bool,
    doc_ids: Sequence[str] | None,
) -> Changes:
    state = read_state(connection)
    after = state.seq if since == NOW else sequences.parse(since, state.epoch)
    columns = _COLUMNS if include_docs else _BRIEF
    if doc_ids is None:
        order = "DESC" if descending else "ASC"
        query = f"SELECT {columns} FROM documents AS d WHERE seq > ? ORDER BY seq {order} LIMIT ?"
        rows = connection.execute(query, (after, -1 if limit is None else limit)).fetchall()
        left = None
    else:
        found = sorted(row for row in among(connection, columns, set(doc_ids)) if row[0] > after)
        rows = found[:: -1 if descending else 1][:limit]
        left = len(found) - len(rows)
    whole = limit is None or len(rows) < limit
    last = state.seq if whole and not descending else rows[-1][0] if rows else after
    if left is None:
        left = 0 if whole else _pending(connection, state, after, last, len(rows), descending)
    return Changes(
        list(_changes(rows, "-" + state.epoch, all_leaves, include_docs, conflicts)),
        sequences.render(last, state.epoch),
        left,
    )


def _changes(
    rows: Sequence[Columns], tail: str, all_leaves: bool, include_docs: bool, conflicts: bool
) -> Iterator[Change]:
    for row in rows:
        seq, doc_id, rev, deleted, packed = row[:5]
        revs: tuple[str, ...] = (rev,)
        if all_leaves and packed is not None:
            revs = tuple(leaf.rev for leaf in unpack_tree(doc_id, packed, rev, deleted))
        yield Change(
            f"{seq}{tail}",
            doc_id,
            revs,
            deleted == 1,
            _winner(row) if include_docs else None,
            _conflicts(row) if conflicts else (),
        )


def _pending(connection: sqlite3.Connection, state: State, after: int, last: int, given: int, descending: bool) -> int:
    if not descending:
        after, given = last, 0
    bound = min(state.seq - after, state.live + state.dead) - given
    if bound > _EXACT:
        return bound
    count: int = connection.execute(_FOLLOWING, (after,)).fetchone()[0]
    return count - given


# -- snapshots

_PAGE = f"SELECT {_COLUMNS} FROM documents AS d WHERE seq > ? ORDER BY seq LIMIT ?"


def page(connection: sqlite3.Connection, after: int, limit: int) -> tuple[int, list[Document]]:
    """Every leaf of the `limit` documents after a number with its ancestry, and the number to go on from."""
    rows = connection.execute(_PAGE, (after, limit)).fetchall()
    found = [_found(row) for row in rows]
    documents = (_revision(connection, one, leaf) for one in found for leaf in one.tree)
    return (rows[-1][0] if rows else after), [document for document in documents if document is not None]


# -- local documents


def local(connection: sqlite3.Connection, doc_id: str) -> Local:
    row = connection.execute("SELECT number, body FROM locals WHERE id = ?", (doc_id,)).fetchone()
    if row is None:
        raise NotFound("missing")
    return Local(id=doc_id, rev=f"0-{row[0]}", body=row[1])


def locals_of(connection: sqlite3.Connection, ids: Range | Sequence[str]) -> list[Local]:
    if not isinstance(ids, Range):
        found = (
            connection.execute("SELECT id, number, body FROM locals WHERE id = ?", (key,)).fetchone() for key in ids
        )
        return [Local(id=row[0], rev=f"0-{row[1]}", body=row[2]) for row in found if row]
    where, values = _bounds(ids)
    order = "DESC" if ids.descending else "ASC"
    query = f"SELECT id, number, body FROM locals WHERE 1{where} ORDER BY id {order} LIMIT ? OFFSET ?"
    rows = connection.execute(query, (*values, -1 if ids.limit is None else ids.limit, ids.skip)).fetchall()
    return [Local(id=row[0], rev=f"0-{row[1]}", body=row[2]) for row in rows]
