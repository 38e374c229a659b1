"""The revision tree against a reference model that knows nothing of branches: a set of parent links."""

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from sync.revisions import Branch, Tree, find, latest, merge, missing, possible_ancestors, stem, without

Model = dict[str, str | None]  # revision → parent


@st.composite
def histories(draw: st.DrawFn) -> tuple[Model, frozenset[str]]:
    """A random document: every revision with its parent, and which of them are deletions."""
    parents: Model = {}
    for number in range(draw(st.integers(1, 14))):
        parent = draw(st.sampled_from([None, *parents]))
        start = 1 if parent is None else int(parent.partition("-")[0]) + 1
        # Few first letters, so that the order of hashes decides often.
        parents[f"{start}-{draw(st.sampled_from('abc'))}{number}"] = parent
    deleted = frozenset(draw(st.lists(st.sampled_from(sorted(parents)), unique=True)))
    return parents, deleted


def line(parents: Model, rev: str) -> list[str]:
    revs = [rev]
    while (parent := parents[revs[-1]]) is not None:
        revs.append(parent)
    return revs


def branch(parents: Model, deleted: frozenset[str], rev: str) -> Branch:
    return Branch(
        int(rev.partition("-")[0]), tuple(each.partition("-")[2] for each in line(parents, rev)), rev in deleted
    )


def grown(parents: Model, deleted: frozenset[str], revs: list[str]) -> Tree:
    tree: Tree = (branch(parents, deleted, revs[0]),)
    for rev in revs[1:]:
        tree = merge(tree, branch(parents, deleted, rev))
    return tree


def model_leaves(parents: Model, revs: list[str]) -> set[str]:
    known = {each for rev in revs for each in line(parents, rev)}
    return known - {parents[rev] for rev in known}


def couchdb_winner(leaves: set[str], deleted: frozenset[str]) -> str:
    """CouchDB's rule, said another way: live before deleted, then generation, then hash."""
    candidates = {rev for rev in leaves if rev not in deleted} or leaves
    highest = max(int(rev.partition("-")[0]) for rev in candidates)
    return max(rev for rev in candidates if rev.startswith(f"{highest}-"))


@given(histories(), st.randoms(use_true_random=False))
def test_any_order_of_revisions_gives_the_same_tree(history, random):  # type: ignore[no-untyped-def]
    """Whatever order revisions arrive in, and how often, the tree is the one of the model."""
    parents, deleted = history
    once = list(parents)
    often = once + random.choices(once, k=5)
    random.shuffle(often)
    # An ancestor that arrives late keeps no flag: it never was a leaf here. Leaves carry theirs.
    tree, other = grown(parents, deleted, once), grown(parents, deleted, often)
    assert tree == other
    assert {leaf.rev for leaf in tree} == model_leaves(parents, once)
    assert all(leaf.revs() == line(parents, leaf.rev) for leaf in tree)


def union(one: Tree, other: Tree) -> Tree:
    """What a replica knows that has learnt all of another's leaves."""
    return reduce(merge, other, one)


@given(histories(), st.data())
def test_union_is_commutative_associative_and_idempotent(history, data):  # type: ignore[no-untyped-def]
    """Replicas that know different revisions agree, whoever asks whom first."""
    parents, deleted = history
    subsets = st.lists(st.sampled_from(sorted(parents)), min_size=1, unique=True)
    one, two, three = (grown(parents, deleted, data.draw(subsets)) for _ in range(3))
    assert union(one, two) == union(two, one)
    assert union(union(one, two), three) == union(one, union(two, three))
    assert union(one, one) == one
    assert union(union(one, two), two) == union(one, two)


@given(histories(), st.data())
def test_winner_is_couchdbs(history, data):  # type: ignore[no-untyped-def]
    """A live leaf before a deleted one, then the higher generation, then the greater hash."""
    parents, deleted = history
    revs = data.draw(st.lists(st.sampled_from(sorted(parents)), min_size=1, unique=True))
    leaves = model_leaves(parents, revs)
    tree = grown(parents, deleted, revs)
    assert tree[0].rev == couchdb_winner(leaves, deleted)
    assert tree[0].deleted == (tree[0].rev in deleted)


@given(histories(), st.data())
def test_questions_are_answered_as_the_model_answers(history, data):  # type: ignore[no-untyped-def]
    """find, latest, missing and possible_ancestors say what the parent links say."""
    parents, deleted = history
    revs = data.draw(st.lists(st.sampled_from(sorted(parents)), min_size=1, unique=True))
    tree = grown(parents, deleted, revs)
    known = {each for rev in revs for each in line(parents, rev)}
    for rev in parents:
        found, grew = find(tree, rev), latest(tree, rev)
        assert (found.revs() if found else None) == (line(parents, rev) if rev in known else None)
        if rev in known:
            descendants = {leaf for leaf in model_leaves(parents, revs) if rev in line(parents, leaf)}
            assert grew is not None
            assert grew.rev == couchdb_winner(descendants, deleted)
    absent = missing(tree, parents)
    assert absent == tuple(rev for rev in parents if rev not in known)
    newest = max((int(rev.partition("-")[0]) for rev in absent), default=0)
    assert set(possible_ancestors(tree, absent)) == {
        leaf.rev for leaf in tree if int(leaf.rev.partition("-")[0]) < newest
    }


@given(histories(), st.integers(1, 6))
def test_stemming_keeps_leaves_and_winner(history, limit):  # type: ignore[no-untyped-def]
    """Cutting old ancestors off changes no leaf, and cutting again changes nothing."""
    parents, deleted = history
    tree = grown(parents, deleted, list(parents))
    cut = stem(tree, limit)
    assert [leaf.rev for leaf in cut] == [leaf.rev for leaf in tree]
    assert all(len(leaf.ids) <= limit for leaf in cut)
    assert stem(cut, limit) == cut


def test_a_linear_edit_beyond_the_limit_drops_the_oldest() -> None:
    """revs_limit is kept by every edit, not only by compaction."""
    tree: Tree = (Branch(3, ("c", "b", "a")),)
    assert merge(tree, Branch(4, ("d", "c", "b", "a")), 3) == (Branch(4, ("d", "c", "b")),)


def test_longer_history_fills_in_ancestors_that_were_cut_off() -> None:
    """A path that knows more of the past lends it to the branch that was stemmed."""
    tree: Tree = (Branch(3, ("c", "b")),)
    assert merge(tree, Branch(4, ("d", "c", "b", "a"))) == (Branch(4, ("d", "c", "b", "a")),)
    assert merge(tree, Branch(2, ("b", "a"))) == (Branch(3, ("c", "b", "a")),)


def test_disjoint_roots_live_side_by_side() -> None:
    """Two devices that create one id at once make a conflict, not an overwrite."""
    tree = merge((Branch(1, ("a",)),), Branch(1, ("b",)))
    assert [leaf.rev for leaf in tree] == ["1-b", "1-a"]


def test_purging_takes_one_leaf_and_leaves_what_others_share() -> None:
    """Only the branch of the purged leaf goes; a revision that is no leaf can't be purged."""
    tree = merge((Branch(2, ("b", "a")),), Branch(2, ("c", "a")))
    assert without(tree, "2-c") == (Branch(2, ("b", "a")),)
    assert without(tree, "1-a") == tree
    assert without(without(tree, "2-c"), "2-b") == ()


def test_a_revision_with_two_parents_is_decided_alike_everywhere() -> None:
    """Hashes name their history; a peer that lies about it can't make replicas differ."""
    one, two = Branch(2, ("x", "a")), Branch(2, ("x", "b"))
    assert merge((one,), two) == merge((two,), one) == (Branch(2, ("x", "b")),)
