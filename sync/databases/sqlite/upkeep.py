"""What keeps a file in order: compaction, purging, the small settings. Jobs for the writing thread, in short slices."""

import sqlite3
from collections.abc import Mapping, Sequence

from sync import revisions, sequences
from sync.databases.contract import Info
from sync.databases.rules import next_local_rev
from sync.databases.sqlite import blobs, folding
from sync.databases.sqlite.editing import count, find, promote
from sync.databases.sqlite.rows import pack_tree, unpack_attachments, unpack_tree
from sync.databases.sqlite.writer import Transaction, read_state
from sync.errors import Conflict, NotFound

SLICE = 2_000
PAGES = 2_000

_OTHERS = """
    SELECT r.number, r.id, r.rev, d.rev, d.deleted, d.tree FROM revisions r LEFT JOIN documents d ON d.id = r.id
    WHERE r.number > ? ORDER BY r.number LIMIT ?
"""
_DROP_OTHER = "DELETE FROM revisions WHERE number = ?"
_NAMED = """
    SELECT id, attachments FROM documents WHERE attachments IS NOT NULL AND seq > :after
    UNION ALL SELECT r.id, r.attachments FROM revisions r JOIN documents d ON d.id = r.id
    WHERE r.attachments IS NOT NULL AND d.seq > :after
"""
_MOVE = "UPDATE documents SET seq = ?, tree = ? WHERE id = ?"
_DROP = "DELETE FROM documents WHERE id = ?"
_DROP_BODY = "DELETE FROM revisions WHERE id = ? AND rev = ?"
_DROP_BODIES = "DELETE FROM revisions WHERE id = ?"


def info(connection: sqlite3.Connection, name: str, file_size: int) -> Info:
    """Everything but `compact_running`."""
    state = read_state(connection)
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    return Info(
        name=name,
        doc_count=state.live,
        doc_del_count=state.dead,
        update_seq=sequences.render(state.seq, state.epoch),
        epoch=state.epoch,
        instance_start_time=str(state.began),
        file_size=file_size,
        external_size=state.external,
        active_size=(pages - free) * size,
        purge_seq=str(state.purges),
    )


def drop_old_bodies(transaction: Transaction, after: int) -> int | None:
    """Drops bodies of revisions that are no leaves, looking at SLICE rows after a number. Where to go on, or None."""
    connection = transaction.connection
    rows = connection.execute(_OTHERS, (after, SLICE)).fetchall()
    gone = []
    for number, doc_id, rev, winner, deleted, packed in rows:
        tree = unpack_tree(doc_id, packed, winner, deleted) if winner is not None else ()
        if all(leaf.rev != rev for leaf in tree[1:]):
            gone.append((number,))
    connection.executemany(_DROP_OTHER, gone)
    return rows[-1][0] if len(rows) == SLICE else None


def named_digests(connection: sqlite3.Connection, after: int = 0) -> tuple[int, set[str]]:
    """The sequence now, and the digests that documents changed after `after` name."""
    named: set[str] = set()
    for doc_id, packed in connection.execute(_NAMED, {"after": after}):
        named.update(entry.digest for entry in (unpack_attachments(doc_id, packed) or {}).values())
    return read_state(connection).seq, named


def drop_unused_blobs(transaction: Transaction, seq: int, named: set[str], grace: float) -> None:
    """Drops the bytes that no document names. `named` was read at `seq`; what came since is read here."""
    _, since = named_digests(transaction.connection, seq)
    for number in blobs.unused(transaction.connection, named | since, grace):
        blobs.drop(transaction.connection, number)


def free_pages(transaction: Transaction) -> bool:
    """Gives PAGES free pages back to the disk. Whether more are left."""
    connection = transaction.connection
    connection.execute(f"PRAGMA incremental_vacuum({PAGES})").fetchall()
    left: int = connection.execute("PRAGMA freelist_count").fetchone()[0]
    return left > 0


def purge(transaction: Transaction, revs: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Forgets leaves; a document without leaves is gone. A document that keeps some is a change in the feed."""
    held = find(transaction.connection, list(revs))
    purged = {}
    for doc_id, wanted in revs.items():
        tree = held[doc_id].tree if doc_id in held else ()
        purged[doc_id] = tuple(leaf.rev for leaf in tree if leaf.rev in wanted)
        if purged[doc_id]:
            _purge(transaction, doc_id, tree, held[doc_id].size, purged[doc_id])
    if any(purged.values()):
        transaction.state.purges += 1
    return purged


def _purge(transaction: Transaction, doc_id: str, before: revisions.Tree, size: int, gone: tuple[str, ...]) -> None:
    connection, state = transaction.connection, transaction.state
    after = before
    for rev in gone:
        after = revisions.without(after, rev)
    state.seq += 1
    count(state, before[0].deleted, size, -1)
    connection.executemany(_DROP_BODY, [(doc_id, rev) for rev in gone])
    if not after:
        connection.execute(_DROP, (doc_id,))
        connection.execute(_DROP_BODIES, (doc_id,))
        folding.purged(connection, doc_id)
        return
    if after[0].rev == before[0].rev:
        connection.execute(_MOVE, (state.seq, pack_tree(after), doc_id))
    else:
        size = promote(connection, state.seq, doc_id, after)
    count(state, after[0].deleted, size, 1)


# -- settings and local documents


def revs_limit(connection: sqlite3.Connection) -> int:
    """How many revisions of a branch are remembered."""
    return read_state(connection).revs_limit


def security(connection: sqlite3.Connection) -> bytes:
    """The security object as JSON."""
    read_state(connection)
    stored: bytes | str = connection.execute("SELECT security FROM state").fetchone()[0]
    return stored.encode() if isinstance(stored, str) else stored


def set_security(transaction: Transaction, value: bytes) -> None:
    """Keeps a security object."""
    transaction.connection.execute("UPDATE state SET security = ?", (value,))


def put_local(transaction: Transaction, doc_id: str, body: bytes, rev: str) -> str:
    """Raises Conflict."""
    connection = transaction.connection
    row = connection.execute("SELECT number FROM locals WHERE id = ?", (doc_id,)).fetchone()
    new = next_local_rev(f"0-{row[0]}" if row else None, rev)
    connection.execute("INSERT OR REPLACE INTO locals VALUES (?, ?, ?)", (doc_id, int(new[2:]), body))
    return new


def delete_local(transaction: Transaction, doc_id: str, rev: str) -> None:
    """Raises NotFound, Conflict."""
    connection = transaction.connection
    row = connection.execute("SELECT number FROM locals WHERE id = ?", (doc_id,)).fetchone()
    if row is None:
        raise NotFound("missing")
    if rev and rev != f"0-{row[0]}":
        raise Conflict
    connection.execute("DELETE FROM locals WHERE id = ?", (doc_id,))
