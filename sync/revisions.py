"""The revision tree of one document, as pure functions.

A tree is kept as its leaves, each with its whole path back to the root, the winner first:

        ┌ 3-c ── 4-e            Branch(start=4, ids=("e", "c", "b", "a"))
1-a ── 2-b                      Branch(start=3, ids=("d", "b", "a"))
        └ 3-d                   Branch(start=2, ids=("x",), deleted=True)
       2-x (deleted)

    Tree = tuple[Branch, ...], never empty, sorted by `rank`, so tree[0] is the winner

Nearly every document has one branch, and for those every function is one comparison. A revision id names its
history (its hash covers its parent's), so a revision has one parent; where a peer breaks that rule the greatest
parent is believed, which every replica decides alike.

Two trees may share nothing (disjoint roots): after stemming, or when two writers create one id at once. Source: CouchDB,
"Replication and conflict model"; the functions are CouchDB's `couch_key_tree` in purpose, not in form.
"""

import re
from collections.abc import Iterable

import msgspec

from sync.documents import generation
from sync.errors import BadRequest


class Branch(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A path of a tree: generation `start` at its tip, hashes from there towards the root.

    As a member of a tree its tip is a leaf, and `deleted` says whether that leaf is a deletion.
    """

    start: int
    ids: tuple[str, ...]
    deleted: bool = False

    @property
    def rev(self) -> str:
        return f"{self.start}-{self.ids[0]}"

    @property
    def rank(self) -> tuple[bool, int, str]:
        """CouchDB's order of leaves: a live one before a deleted one, then the longer history, then the greater hash."""
        return (not self.deleted, self.start, self.ids[0])

    def revs(self) -> list[str]:
        """Every revision of the path, newest first."""
        return [f"{self.start - age}-{ident}" for age, ident in enumerate(self.ids)]

    def age_of(self, revision: "Revision") -> int | None:
        """How many generations before the tip this path passes through a revision; None where it does not."""
        age = self.start - revision[0]
        return age if 0 <= age < len(self.ids) and self.ids[age] == revision[1] else None


Revision = tuple[int, str]  # generation and hash
Tree = tuple[Branch, ...]

# Hashes go into JSON, headers and lists as they are: nothing may stand in one that would need escaping there.
_UNPRINTABLE = re.compile(r'[^!-~]|["\\]')
_LATEST = 10**15  # generations that come from outside; after it there is room for edits without end


def path(rev: str, ancestry: tuple[str, ...] = (), *, deleted: bool = False) -> Branch:
    """The branch a replicated revision describes. Raises BadRequest for a malformed `rev`, or ancestry of another one."""
    start, ident = split(rev)
    ids = ancestry or (ident,)
    if ids[0] != ident or len(ids) > start:
        raise BadRequest("Invalid _revisions")
    if start > _LATEST or _UNPRINTABLE.search("".join(ids)):
        raise BadRequest("Invalid rev format")
    return Branch(start, ids, deleted)


def merge(tree: Tree, new: Branch, limit: int | None = None) -> Tree:
    """The tree with the path `new` grafted in, each branch stemmed to `limit` revisions.

    A tip that is here already, as a leaf or further back, keeps the deletion flag it has.
    """
    if len(tree) == 1 and _follows(new, tree[0]):
        history = new.ids[: new.start - tree[0].start] + tree[0].ids
        return (Branch(new.start, max(history, new.ids, key=len)[:limit], new.deleted),)
    return stem(_assemble((*tree, new)), limit)


def stem(tree: Tree, limit: int | None) -> Tree:
    """Every branch cut to its newest `limit` revisions."""
    if limit is None or all(len(branch.ids) <= limit for branch in tree):
        return tree
    return tuple(Branch(branch.start, branch.ids[:limit], branch.deleted) for branch in tree)


def _follows(new: Branch, leaf: Branch) -> bool:
    age = new.start - leaf.start
    return 0 < age < len(new.ids) and new.ids[age] == leaf.ids[0]


def _assemble(branches: Iterable[Branch]) -> Tree:
    parents: dict[Revision, str] = {}
    tips: dict[Revision, bool] = {}
    for branch in branches:
        ids = branch.ids
        tip = (branch.start, ids[0])
        tips[tip] = tips.get(tip, False) or branch.deleted
        for age in range(len(ids) - 1):
            child = (branch.start - age, ids[age])
            parents[child] = max(parents.get(child, ""), ids[age + 1])
    inner = {(start - 1, parent) for (start, _), parent in parents.items()}
    leaves = [_trace(tip, parents, deleted) for tip, deleted in tips.items() if tip not in inner]
    return tuple(sorted(leaves, key=lambda leaf: leaf.rank, reverse=True))


def _trace(tip: Revision, parents: dict[Revision, str], deleted: bool) -> Branch:
    start, ident = tip
    ids = [ident]
    while (parent := parents.get((start, ids[-1]))) is not None:
        ids.append(parent)
        start -= 1
    return Branch(tip[0], tuple(ids), deleted)


def without(tree: Tree, rev: str) -> Tree:
    """The tree after `rev` was purged: unchanged unless `rev` is a leaf, empty when it was the only one."""
    return tuple(leaf for leaf in tree if leaf.rev != rev)


def split(rev: str) -> Revision:
    """Generation and hash. Raises BadRequest."""
    return generation(rev), rev.partition("-")[2]


def find(tree: Tree, rev: str) -> Branch | None:
    """The branch from `rev` back to its root; None when the tree does not know `rev`."""
    revision = split(rev)
    for leaf in tree:
        if (age := leaf.age_of(revision)) is not None:
            return leaf if age == 0 else Branch(revision[0], leaf.ids[age:])
    return None


def latest(tree: Tree, rev: str) -> Branch | None:
    """The best leaf that grew from `rev` (itself, if it is a leaf); None when the tree does not know `rev`."""
    revision = split(rev)
    return next((leaf for leaf in tree if leaf.age_of(revision) is not None), None)


def missing(tree: Tree, revs: Iterable[str]) -> tuple[str, ...]:
    """Those of `revs` the tree does not know, in the order given. Raises BadRequest for a malformed one."""
    return tuple(rev for rev in revs if latest(tree, rev) is None)


def possible_ancestors(tree: Tree, absent: Iterable[str]) -> tuple[str, ...]:
    """Leaves that one of the `absent` revisions may have grown from: those of a lower generation (`_revs_diff`)."""
    newest = max(map(generation, absent), default=0)
    return tuple(leaf.rev for leaf in tree if leaf.start < newest)
