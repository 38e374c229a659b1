"""The digest tree: equal exactly when the leaves are."""

import random

from hypothesis import given
from hypothesis import strategies as st

from sync.digests import VOID, DigestTree

ids = st.text(min_size=1, max_size=3)
leaves = st.lists(st.sampled_from(["1-a", "1-b", "2-c"]), min_size=1, unique=True)


def tree_of(content: dict[str, list[str]]) -> DigestTree:
    tree = DigestTree()
    for doc_id, revs in content.items():
        tree.put(doc_id, revs)
    return tree


def root(tree: DigestTree) -> tuple[int, str]:
    node = tree.nodes([""])[0]
    return node.count, node.hash


@given(st.dictionaries(ids, leaves), st.dictionaries(ids, leaves))
def test_equal_exactly_when_the_leaves_are(one, other):  # type: ignore[no-untyped-def]
    """The order of leaves does not matter, everything else does."""
    same = {key: sorted(revs) for key, revs in one.items()} == {key: sorted(revs) for key, revs in other.items()}
    assert (root(tree_of(one)) == root(tree_of(other))) == same


def test_incremental_equals_from_nothing() -> None:
    """Puts and removals in any order, asked for in between, end where a fresh tree starts."""
    choose = random.Random(7)
    content: dict[str, list[str]] = {}
    tree = DigestTree()
    for step in range(2000):
        doc_id = f"doc{choose.randrange(400)}"
        if choose.random() < 0.2:
            content.pop(doc_id, None)
            tree.put(doc_id, [])
        else:
            content[doc_id] = [f"1-{choose.randrange(5)}"]
            tree.put(doc_id, content[doc_id])
        if step % 100 == 0:
            assert tree.nodes([choose.choice(["", "a", "0f"])])
    fresh = tree_of(content)
    for prefix in ("", "a", "0f", "123"):
        assert tree.nodes([prefix]) == fresh.nodes([prefix])
        assert tree.leaves(prefix) == fresh.leaves(prefix)


def test_narrowing_finds_the_one_difference() -> None:
    """Among thousands of documents one difference is found in a few steps of 16 nodes."""
    content = {f"doc{number}": ["1-a"] for number in range(5000)}
    one, other = tree_of(content), tree_of(content | {"doc77": ["2-b"]})
    prefix, steps = "", 0
    while one.nodes([prefix])[0].count > 20:
        mine, theirs = one.nodes([prefix])[1:], other.nodes([prefix])[1:]
        (prefix,) = [a.prefix for a, b in zip(mine, theirs, strict=True) if a != b]
        steps += 1
    assert steps <= 4
    mine_leaves, their_leaves = one.leaves(prefix), other.leaves(prefix)
    assert [key for key in mine_leaves if mine_leaves[key] != their_leaves[key]] == ["doc77"]


def test_nothing_hashes_to_zeros() -> None:
    """An empty database and one whose documents are gone are alike."""
    tree = DigestTree()
    tree.put("a", ["1-a"])
    tree.put("a", [])
    assert root(tree) == (0, VOID.hash.hex())
