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
from sync.databases.sqlite.editing import find
from sync.databases.sqlite.rows import unpack_tree
from sync.databases.sqlite.writer import Transaction, read_state
from sync.digests import Entry, Summary, check_prefix, entry, node, place, summarize, with_children

SLICE = 10_000
_DIGITS = 15  # of a place that fit into SQLite's signed 64 bits

_CHANGED = "SELECT id FROM documents WHERE seq > ? AND seq <= ?"
_ADD_PLACES = "INSERT OR IGNORE INTO places (place, id) VALUES (?, ?)"
_DROP_PLACE = "DELETE FROM places WHERE place = ? AND id = ?"
_DROP_NODES = "DELETE FROM nodes WHERE prefix IN (SELECT value FROM json_each(?))"
_PLACED = """
    SELECT d.id, d.rev, d.deleted, d.tree FROM places AS p CROSS JOIN documents AS d ON d.id = p.id
    WHERE p.place BETWEEN ? AND ? ORDER BY p.place, p.id LIMIT ?
"""
_KNOWN = "SELECT documents, leaves, hash FROM nodes WHERE prefix = ?"
_LEARN = "INSERT OR REPLACE INTO nodes (prefix, documents, leaves, hash) VALUES (?, ?, ?, ?)"
_DEEPEST = "SELECT coalesce(max(length(prefix)), 0) FROM nodes"


class Mark(msgspec.Struct, frozen=True):
    """What summaries were computed on: they may be stored as long as this still holds."""

    folded: int
    purges: int


def number(prefix: str, fill: str = "0") -> int:
    """The first place with that prefix as it is stored, or with fill "f" the last."""
    return int(prefix[:_DIGITS].ljust(_DIGITS, fill), 16)


def fold(transaction: Transaction) -> bool:
    """Folds in up to SLICE changes. Whether more are left."""
    state, connection = transaction.state, transaction.connection
    upto = min(state.seq, state.folded + SLICE)
    ids = [row[0] for row in connection.execute(_CHANGED, (state.folded, upto))]
    places = [place(doc_id) for doc_id in ids]
    connection.executemany(_ADD_PLACES, sorted((number(at), doc_id) for at, doc_id in zip(places, ids, strict=True)))
    forget(connection, places)
    state.folded = upto
    return upto < state.seq


def forget(connection: sqlite3.Connection, places: Iterable[str]) -> None:
    """Drops the summaries of every node above these places."""
    deepest = connection.execute(_DEEPEST).fetchone()[0]
    prefixes = {at[:length] for at in places for length in range(deepest + 1)}
    connection.execute(_DROP_NODES, (msgspec.json.encode(sorted(prefixes)),))


def purged(connection: sqlite3.Connection, doc_id: str) -> None:
    """Takes a document that is no longer there out of the trie."""
    at = place(doc_id)
    connection.execute(_DROP_PLACE, (number(at), doc_id))
    forget(connection, [at])


def learn(transaction: Transaction, mark: Mark, summaries: Sequence[tuple[str, Summary]]) -> None:
    """Stores what a reader computed, unless the trie was folded further meanwhile."""
    state = transaction.state
    if Mark(state.folded, state.purges) == mark:
        transaction.connection.executemany(_LEARN, ((prefix, *msgspec.structs.astuple(s)) for prefix, s in summaries))


class Answer(msgspec.Struct, frozen=True):
    """What a reader answers, and what is worth storing of what it computed for it."""

    nodes: list[Node]
    mark: Mark
    learned: list[tuple[str, Summary]]


def answer(connection: sqlite3.Connection, prefixes: Sequence[str]) -> Answer:
    """`Database.digest`, on one reading transaction."""
    overlay = Overlay(connection)
    return Answer(overlay.nodes(prefixes), overlay.mark, overlay.worth_keeping())


class Overlay:
    """The trie as one reading transaction sees it: what is stored, and what is not folded yet laid over it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        state = read_state(connection)
        self._connection = connection
        self.mark = Mark(state.folded, state.purges)
        self.learned: dict[str, Summary] = {}
        recent = [row[0] for row in connection.execute(_CHANGED, (state.folded, state.seq))]
        self._recent = sorted((place(doc_id), doc_id) for doc_id in recent)

    def nodes(self, prefixes: Sequence[str]) -> list[Node]:
        return [node(path, self._summary(path)) for path in with_children(prefixes)]

    def leaves(self, prefix: str) -> dict[str, tuple[str, ...]]:
        check_prefix(prefix)
        return {found.id: found.leaves for found in self._below(prefix, -1)}

    def worth_keeping(self) -> list[tuple[str, Summary]]:
        """What was computed on folded documents alone."""
        return [(prefix, summary) for prefix, summary in self.learned.items() if not self._is_recent(prefix)]

    def _summary(self, prefix: str) -> Summary:
        return summarize(prefix, self._below, self._known, self.learned.__setitem__)

    def _known(self, prefix: str) -> Summary | None:
        if prefix in self.learned:
            return self.learned[prefix]
        if self._is_recent(prefix):
            return None
        row = self._connection.execute(_KNOWN, (prefix,)).fetchone()
        return None if row is None else Summary(*row)

    def _is_recent(self, prefix: str) -> bool:
        first = bisect_left(self._recent, (prefix, ""))
        return first < len(self._recent) and self._recent[first][0].startswith(prefix)

    def _below(self, prefix: str, limit: int) -> list[Entry]:
        """The first `limit` entries below a prefix, in the order of their places; all of them with -1.

        Rows of equal stored place may lie in another order than their whole places, and some may be below a longer
        prefix: both only where ids were chosen to collide in 60 bits, and then everything is read.
        """
        wanted = limit if len(prefix) <= _DIGITS else -1
        rows = self._connection.execute(_PLACED, (number(prefix), number(prefix, "f"), wanted)).fetchall()
        trees = {row[0]: unpack_tree(row[0], row[3], row[1], row[2]) for row in rows}
        recent = self._recent_below(prefix)
        trees |= {doc_id: held.tree for doc_id, held in find(self._connection, recent).items()} if recent else {}
        entries = sorted(entry(doc_id, [leaf.rev for leaf in tree]) for doc_id, tree in trees.items())
        return [found for found in entries if found.place.startswith(prefix)][: None if limit < 0 else limit]

    def _recent_below(self, prefix: str) -> list[str]:
        if not self._recent:
            return []
        first, last = bisect_left(self._recent, (prefix, "")), bisect_left(self._recent, (prefix + "g", ""))
        return [doc_id for _, doc_id in self._recent[first:last]]
