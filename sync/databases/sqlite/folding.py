"""The digest trie on SQLite: writers pay nothing for it, whoever asks brings it up to date.

    places, nodes     hold for the changes up to state.folded
    the rest          documents with seq > folded, laid over them in memory by `Overlay`

Reading is exact with any amount left unfolded, in one reading transaction, and never waits for writers. Folding
(`fold`, on the writing thread, in slices) only keeps that rest small.
"""

import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Sequence

import msgspec

from sync.databases.contract import Node
from sync.databases.sqlite.rows import among, unpack_tree
from sync.databases.sqlite.writer import Transaction, read_state
from sync.digests import DEPTH, Entry, Summary, check_prefix, entry, node, place, summarize, with_children

SLICE = 25_000

_CHANGED = "SELECT id, rev, deleted, tree FROM documents WHERE seq > ? AND seq <= ?"
_ADD_PLACE = "INSERT OR REPLACE INTO places (place, id, leaves, hash) VALUES (?, ?, ?, ?)"
_DROP_PLACE = "DELETE FROM places WHERE place = ? AND id = ?"
_DROP_NODES = "DELETE FROM nodes WHERE prefix IN (SELECT value FROM json_each(?))"
_PLACED = "SELECT place, id, leaves, hash FROM places WHERE place BETWEEN ? AND ? ORDER BY place, id LIMIT ?"
_KNOWN = "SELECT documents, leaves, hash FROM nodes WHERE prefix = ?"
_LEARN = "INSERT OR REPLACE INTO nodes (prefix, documents, leaves, hash) VALUES (?, ?, ?, ?)"
_DEEPEST = "SELECT max(length(prefix)) FROM nodes"
_LEAVES = "d.id, d.rev, d.deleted, d.tree"


class Mark(msgspec.Struct, frozen=True):
    """What summaries were computed on: they may be stored as long as this still holds."""

    folded: int
    purges: int


class Answer(msgspec.Struct, frozen=True):
    """What a reader answers, and what is worth storing of what it computed for it."""

    nodes: list[Node]
    mark: Mark
    learned: list[tuple[str, Summary]]


def answer(connection: sqlite3.Connection, prefixes: Sequence[str]) -> Answer:
    """`Database.digest`, on one reading transaction."""
    overlay = Overlay(connection)
    return Answer(overlay.nodes(prefixes), overlay.mark, overlay.worth_keeping())


def fold(transaction: Transaction) -> bool:
    """Folds in up to SLICE changes. Whether more are left."""
    state, connection = transaction.state, transaction.connection
    upto = min(state.seq, state.folded + SLICE)
    entries = sorted(_changed(connection, state.folded, upto))
    connection.executemany(_ADD_PLACE, [(int(each.place, 16), each.id, each.leaves, each.hash) for each in entries])
    _forget(connection, [each.place for each in entries])
    state.folded = upto
    return upto < state.seq


def purged(connection: sqlite3.Connection, doc_id: str) -> None:
    """Takes a document that is no longer there out of the trie."""
    at = place(doc_id)
    connection.execute(_DROP_PLACE, (int(at, 16), doc_id))
    _forget(connection, [at])


def learn(transaction: Transaction, mark: Mark, summaries: Sequence[tuple[str, Summary]]) -> None:
    """Stores what a reader computed, unless the trie was folded further meanwhile."""
    state = transaction.state
    if Mark(state.folded, state.purges) == mark:
        rows = [(prefix, *msgspec.structs.astuple(summary)) for prefix, summary in summaries]
        transaction.connection.executemany(_LEARN, rows)


def _changed(connection: sqlite3.Connection, after: int, upto: int) -> list[Entry]:
    rows = connection.execute(_CHANGED, (after, upto)).fetchall()
    return [entry(row[0], _leaves(*row)) for row in rows]


def _leaves(doc_id: str, rev: str, deleted: int, packed: bytes | None) -> list[str]:
    return [rev] if packed is None else [leaf.rev for leaf in unpack_tree(doc_id, packed, rev, deleted)]


def _forget(connection: sqlite3.Connection, places: Iterable[str]) -> None:
    """Drops the summaries of every node above these places."""
    deepest = connection.execute(_DEEPEST).fetchone()[0]
    if deepest is not None:
        prefixes = {at[:length] for at in places for length in range(deepest + 1)}
        connection.execute(_DROP_NODES, (msgspec.json.encode(sorted(prefixes)),))


class Overlay:
    """The trie as one reading transaction sees it: what is stored, and what is not folded yet laid over it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        state = read_state(connection)
        self._connection = connection
        self.mark = Mark(state.folded, state.purges)
        self._learned: dict[str, Summary] = {}
        self._recent = sorted(_changed(connection, state.folded, state.seq))
        self._changed_ids = {each.id for each in self._recent}
        self._places = [each.place for each in self._recent]

    def nodes(self, prefixes: Sequence[str]) -> list[Node]:
        return [node(path, self._summary(path)) for path in with_children(prefixes)]

    def leaves(self, prefix: str) -> dict[str, tuple[str, ...]]:
        check_prefix(prefix)
        ids = [each.id for each in self._below(prefix, -1)]
        rows = {row[0]: row for row in among(self._connection, _LEAVES, ids)}
        return {doc_id: tuple(sorted(_leaves(*rows[doc_id]))) for doc_id in ids}

    def worth_keeping(self) -> list[tuple[str, Summary]]:
        """What was computed on folded documents alone."""
        return [(prefix, summary) for prefix, summary in self._learned.items() if not self._recent_below(prefix)]

    def _summary(self, prefix: str) -> Summary:
        return summarize(prefix, self._below, self._known, self._learned.__setitem__)

    def _known(self, prefix: str) -> Summary | None:
        if prefix in self._learned:
            return self._learned[prefix]
        if self._recent_below(prefix):
            return None
        row = self._connection.execute(_KNOWN, (prefix,)).fetchone()
        return None if row is None else Summary(*row)

    def _below(self, prefix: str, limit: int) -> list[Entry]:
        """The first `limit` entries below a prefix, in the order of their places; all of them with -1."""
        recent = self._recent_below(prefix)
        # Each recent entry may hide one stored row.
        wanted = limit if limit < 0 else limit + len(recent)
        first, last = int(prefix.ljust(DEPTH, "0"), 16), int(prefix.ljust(DEPTH, "f"), 16)
        rows = self._connection.execute(_PLACED, (first, last, wanted)).fetchall()
        if not recent:
            return [Entry(f"{at:0{DEPTH}x}", doc_id, leaves, digest) for at, doc_id, leaves, digest in rows]
        stored = [
            Entry(f"{at:0{DEPTH}x}", doc_id, leaves, digest)
            for at, doc_id, leaves, digest in rows
            if doc_id not in self._changed_ids
        ]
        return sorted(stored + recent)[: None if limit < 0 else limit]

    def _recent_below(self, prefix: str) -> list[Entry]:
        first, last = bisect_left(self._places, prefix), bisect_left(self._places, prefix + "g")
        return self._recent[first:last]
