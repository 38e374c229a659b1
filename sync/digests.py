"""A fingerprint of all leaf revisions of a database, and the tree of hashes that narrows a difference down.

Each document has a place: the hex digits of SHA-256 over its id. The tree is the trie over the places:

    ""  ─┬─ "0" ─┬─ "00" … flat: no more than FLAT documents     SHA-256("flat" + their entries, by place)
         │       └─ "0f"
         ⋮
         └─ "f"                inner: more than FLAT documents    SHA-256("tree" + the hashes of its 16 children)

    entry of a document = SHA-256 of the JSON [id, [leaf revisions, sorted]]

What a node holds depends on nothing but the documents below it, never on the order they came in, so two roots are
equal exactly when both hold the same leaves (short of a SHA-256 collision; sums of hashes would be cheaper to keep, but
who may choose documents can make sums meet). A change touches one path of the trie. Comparing 16 children a step
finds a difference among n documents in log₁₆ n steps.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

import msgspec

from sync.databases.contract import Node
from sync.errors import BadRequest

FLAT = 16
DIGITS = "0123456789abcdef"
DEPTH = 64
EMPTY = "0" * 64
_encode = msgspec.json.Encoder().encode


class Entry(msgspec.Struct, frozen=True, array_like=True, order=True, gc=False):
    """One document in the trie."""

    place: str
    id: str
    leaves: tuple[str, ...]


class Summary(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is known of one node: how many documents and leaf revisions are below, and their hash."""

    documents: int
    leaves: int
    hash: str


VOID = Summary(0, 0, EMPTY)


def place(doc_id: str) -> str:
    """Where a document is in the trie."""
    return hashlib.sha256(doc_id.encode()).hexdigest()


def entry(doc_id: str, leaves: Iterable[str]) -> Entry:
    """A document's entry, its leaves in one order."""
    return Entry(place(doc_id), doc_id, tuple(sorted(leaves)))


def check_prefix(prefix: str) -> None:
    """Raises BadRequest unless `prefix` is the path of a node."""
    if len(prefix) > DEPTH or not set(prefix) <= set(DIGITS):
        raise BadRequest("prefix must be up to 64 lower-case hexadecimal digits")


def summarize(
    prefix: str,
    below: Callable[[str, int], Sequence[Entry]],
    known: Callable[[str], Summary | None],
    learn: Callable[[str, Summary], None],
) -> Summary:
    """The summary of the node `prefix`.

    `below(prefix, n)` gives the first n entries below a prefix in the order of places; `known` what was summarized before and
    still holds, and `learn` is told what was found.
    """
    if (summary := known(prefix)) is not None:
        return summary
    entries = below(prefix, FLAT + 1)
    if len(entries) <= FLAT or len(prefix) == DEPTH:
        summary = _flat(entries)
    else:
        summary = _inner([summarize(prefix + digit, below, known, learn) for digit in DIGITS])
    learn(prefix, summary)
    return summary


def node(prefix: str, summary: Summary) -> Node:
    """A summary as the contract names it."""
    return Node(prefix=prefix, count=summary.leaves, hash=summary.hash)


def with_children(prefixes: Sequence[str]) -> list[str]:
    """The nodes that `Database.digest(prefixes)` answers, in its order. Raises BadRequest for a prefix that is none."""
    for prefix in prefixes:
        check_prefix(prefix)
    return [path for prefix in prefixes for path in (prefix, *(prefix + d for d in DIGITS if len(prefix) < DEPTH))]


def _flat(entries: Sequence[Entry]) -> Summary:
    if not entries:
        return VOID
    content = hashlib.sha256(b"flat")
    for item in entries:
        content.update(hashlib.sha256(_encode((item.id, item.leaves))).digest())
    return Summary(len(entries), sum(len(item.leaves) for item in entries), content.hexdigest())


def _inner(children: Sequence[Summary]) -> Summary:
    content = hashlib.sha256(b"tree" + bytes.fromhex("".join(child.hash for child in children)))
    return Summary(
        sum(child.documents for child in children), sum(child.leaves for child in children), content.hexdigest()
    )


class DigestTree:
    """The trie in memory, fed with (id, leaves) as a feed tells them: for peers that keep no digest, and for tests."""

    def __init__(self) -> None:
        self._order: list[tuple[str, str]] = []
        self._in_order = True
        self._entries: dict[str, Entry] = {}
        self._known: dict[str, Summary] = {}
        self._depth = 0

    def put(self, doc_id: str, leaves: Iterable[str]) -> None:
        """Says what leaves a document has now; none at all removes it."""
        new = entry(doc_id, leaves)
        where = (new.place, doc_id)
        if not new.leaves:
            if self._entries.pop(doc_id, None) is not None:
                self._sort()
                del self._order[bisect_left(self._order, where)]
        else:
            if doc_id not in self._entries:
                self._order.append(where)
                self._in_order = False
            self._entries[doc_id] = new
        for length in range(self._depth + 1):
            self._known.pop(new.place[:length], None)

    def nodes(self, prefixes: Sequence[str]) -> list[Node]:
        """What `Database.digest` answers."""
        return [node(path, self.summary(path)) for path in with_children(prefixes)]

    def summary(self, prefix: str) -> Summary:
        """What is below a prefix."""
        self._sort()
        return summarize(prefix, self._below, self._known.get, self._learn)

    def leaves(self, prefix: str) -> dict[str, tuple[str, ...]]:
        """What `Database.digest_leaves` answers."""
        check_prefix(prefix)
        self._sort()
        return {item.id: item.leaves for item in self._below(prefix, len(self._order))}

    def _sort(self) -> None:
        if not self._in_order:
            self._order.sort()
            self._in_order = True

    def _learn(self, prefix: str, summary: Summary) -> None:
        self._known[prefix] = summary
        self._depth = max(self._depth, len(prefix))

    def _below(self, prefix: str, limit: int) -> list[Entry]:
        first = bisect_left(self._order, (prefix, ""))
        found = []
        for where, doc_id in self._order[first : first + limit]:
            if not where.startswith(prefix):
                break
            found.append(self._entries[doc_id])
        return found
