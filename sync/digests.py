"""A fingerprint of all leaf revisions of a database, and the tree of hashes that narrows a difference down.

Each document has a place: the first 15 hex digits of SHA-256 over its id. The tree is the trie over the places:

    ""  ─┬─ "0" ─┬─ "00" … flat: no more than FLAT documents     SHA-256("flat" + their entries' hashes, by place and id)
         │       └─ "0f"
         ⋮
         └─ "f"                inner: more than FLAT documents    SHA-256("tree" + the hashes of its 16 children)

    hash of an entry = SHA-256 of the JSON [id, [leaf revisions, sorted]];     nothing at all hashes to zeros

What a node holds depends on nothing but the documents below it, never on the order they came in, so two roots are
equal exactly when both hold the same leaves (short of a SHA-256 collision; sums of hashes would be cheaper to keep, but
who may choose documents can make sums meet). A change touches one path of the trie. Comparing 16 children a step
finds a difference among n documents in log₁₆ n steps.

Summaries are worth keeping only for nodes of more than LOADED documents: what is below is read in one go.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

import msgspec

from sync.databases.contract import Node
from sync.errors import BadRequest

FLAT = 16
LOADED = 256
DIGITS = "0123456789abcdef"
DEPTH = 15  # digits of a place: 60 bits, so that it is one integer in SQLite
_encode = msgspec.json.Encoder().encode


class Entry(msgspec.Struct, frozen=True, array_like=True, order=True, gc=False):
    """One document in the trie: `leaves` counts its leaf revisions, `hash` is over them."""

    place: str
    id: str
    leaves: int
    hash: bytes


class Summary(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is known of one node: how many documents and leaf revisions are below, and their hash."""

    documents: int
    leaves: int
    hash: bytes


VOID = Summary(0, 0, bytes(32))


def place(doc_id: str) -> str:
    """Where a document is in the trie."""
    return hashlib.sha256(doc_id.encode()).hexdigest()[:DEPTH]


def entry(doc_id: str, leaves: Iterable[str]) -> Entry:
    """A document's entry; the order of its leaves does not matter."""
    revs = sorted(leaves)
    return Entry(place(doc_id), doc_id, len(revs), hashlib.sha256(_encode((doc_id, revs))).digest())


def check_prefix(prefix: str) -> None:
    """Raises BadRequest unless `prefix` is the path of a node."""
    if len(prefix) > DEPTH or not set(prefix) <= set(DIGITS):
        raise BadRequest(f"prefix must be up to {DEPTH} lower-case hexadecimal digits")


def summarize(
    prefix: str,
    below: Callable[[str, int], Sequence[Entry]],
    known: Callable[[str], Summary | None],
    learn: Callable[[str, Summary], None],
) -> Summary:
    """The summary of the node `prefix`.

    `below(prefix, n)` gives the first n entries below a prefix in the order of places and ids; `known` what was summarized
    before and still holds, and `learn` is told what was found of nodes with more than LOADED documents.
    """
    if (summary := known(prefix)) is not None:
        return summary
    entries = below(prefix, LOADED + 1)
    if len(entries) <= LOADED or len(prefix) == DEPTH:
        if len(entries) > LOADED:
            entries = below(prefix, -1)
        return _summary(prefix, entries)
    summary = _inner([summarize(prefix + digit, below, known, learn) for digit in DIGITS])
    learn(prefix, summary)
    return summary


def _summary(prefix: str, entries: Sequence[Entry]) -> Summary:
    """The same of entries that are all at hand."""
    depth = len(prefix)
    if len(entries) <= FLAT or depth == DEPTH:
        return _flat(entries)
    children: dict[str, list[Entry]] = {digit: [] for digit in DIGITS}
    for item in entries:
        children[item.place[depth]].append(item)
    return _inner([_summary(prefix + digit, below) for digit, below in children.items()])


def node(prefix: str, summary: Summary) -> Node:
    """A summary as the contract names it."""
    return Node(prefix=prefix, count=summary.leaves, hash=summary.hash.hex())


def with_children(prefixes: Sequence[str]) -> list[str]:
    """The nodes that `Database.digest(prefixes)` answers, in its order. Raises BadRequest for a prefix that is none."""
    for prefix in prefixes:
        check_prefix(prefix)
    return [path for prefix in prefixes for path in (prefix, *(prefix + d for d in DIGITS if len(prefix) < DEPTH))]


def _flat(entries: Sequence[Entry]) -> Summary:
    if not entries:
        return VOID
    content = hashlib.sha256(b"flat" + b"".join([item.hash for item in entries]))
    return Summary(len(entries), sum([item.leaves for item in entries]), content.digest())


def _inner(children: Sequence[Summary]) -> Summary:
    content = hashlib.sha256(b"tree" + b"".join([child.hash for child in children]))
    return Summary(
        sum(child.documents for child in children), sum(child.leaves for child in children), content.digest()
    )


class DigestTree:
    """The trie in memory, fed with (id, leaves) as a feed tells them: for peers that keep no digest, and for tests."""

    def __init__(self) -> None:
        self._order: list[tuple[str, str]] = []
        self._in_order = True
        self._entries: dict[str, Entry] = {}
        self._leaves: dict[str, tuple[str, ...]] = {}
        self._known: dict[str, Summary] = {}

    def put(self, doc_id: str, leaves: Iterable[str]) -> None:
        """Says what leaves a document has now; none at all removes it."""
        revs = tuple(sorted(leaves))
        new = entry(doc_id, revs)
        if revs:
            if doc_id not in self._entries:
                self._order.append((new.place, doc_id))
                self._in_order = False
            self._entries[doc_id], self._leaves[doc_id] = new, revs
        elif self._entries.pop(doc_id, None) is not None:
            del self._leaves[doc_id]
            self._sort()
            del self._order[bisect_left(self._order, (new.place, doc_id))]
        for length in range(DEPTH + 1):
            self._known.pop(new.place[:length], None)

    def nodes(self, prefixes: Sequence[str]) -> list[Node]:
        """What `Database.digest` answers."""
        self._sort()
        return [
            node(path, summarize(path, self._below, self._known.get, self._known.__setitem__))
            for path in with_children(prefixes)
        ]

    def leaves(self, prefix: str) -> dict[str, tuple[str, ...]]:
        """What `Database.digest_leaves` answers."""
        check_prefix(prefix)
        self._sort()
        return {item.id: self._leaves[item.id] for item in self._below(prefix, -1)}

    def _sort(self) -> None:
        if not self._in_order:
            self._order.sort()
            self._in_order = True

    def _below(self, prefix: str, limit: int) -> list[Entry]:
        first, last = bisect_left(self._order, (prefix,)), bisect_left(self._order, (prefix + "g",))
        last = last if limit < 0 else min(last, first + limit)
        return [self._entries[doc_id] for _, doc_id in self._order[first:last]]
