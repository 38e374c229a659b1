"""How documents are written, by edits and by replication, on every backend."""

import random

import pytest

from sync.databases.contract import Catalog, Database, Leaf
from sync.documents import Document
from sync.errors import BadRequest, Conflict, NotFound
from tests.contract.editing import graft, ids_since, put

pytestmark = pytest.mark.anyio


async def test_edits_follow_leaves(database: Database) -> None:
    """A new document needs no revision, an edit the present one, and a stale one is a conflict."""
    first = await put(database, "a", b'{"n":1}')
    second = await put(database, "a", b'{"n":2}', first)
    assert first.startswith("1-")
    assert second.startswith("2-")
    for rev in ("", first, "1-unknown"):
        with pytest.raises(Conflict):
            await put(database, "a", b'{"n":3}', rev)
    document = await database.get("a")
    assert (document.rev, document.body) == (second, b'{"n":2}')
    assert document.ancestry == (second[2:], first[2:])


@pytest.mark.needs("strict-parents")
async def test_an_edit_of_nothing_is_a_conflict(database: Database) -> None:
    """Who names a parent thinks the document exists."""
    with pytest.raises(Conflict):
        await put(database, "a", rev="1-aaa")


async def test_bodies_survive_to_the_byte(database: Database) -> None:
    """Numbers, key order and escapes come back as they were written."""
    body = b'{"z":1.0,"a":12345678901234567890,"u":"\\u20ac \xe2\x82\xac","nested":{"b":[],"a":null}}'
    rev = await put(database, "a", body)
    document = await database.get("a", rev)
    if database.__module__.startswith("sync.databases.http"):  # a foreign server may write the same JSON another way
        return
    assert document.body == body


@pytest.mark.parametrize(
    "doc_id", ["a/b", "a b", "ё", "😀", "a?b#c%d", "a+b", 'q"q', "x" * 500, "a\nb", "a\\b", "a\0b"]
)
async def test_odd_ids_are_ids(database: Database, doc_id: str) -> None:
    """Whatever Unicode allows is found again: by id, in the feed, in `_all_docs`, by `_bulk_get`."""
    rev = await put(database, doc_id)
    assert (await database.get(doc_id)).rev == rev
    assert await ids_since(database) == [doc_id]
    assert [row.rev for row in (await database.all_docs([doc_id])).rows] == [rev]
    with pytest.raises(Conflict):
        await put(database, doc_id)
    (found,) = (await database.bulk_get([(doc_id, rev)]))[0]
    assert found.id == doc_id


async def test_one_refusal_does_not_block_the_batch(database: Database) -> None:
    """Each document of a batch has its own outcome, in order; of two edits of one document the first wins."""
    await put(database, "taken")
    batch = [Document(id="a"), Document(id="taken"), Document(id="b"), Document(id="a", body=b'{"n":1}')]
    outcomes = await database.write(batch)
    assert [outcome.id for outcome in outcomes] == ["a", "taken", "b", "a"]
    assert [isinstance(outcome.error, Conflict) for outcome in outcomes] == [False, True, False, True]
    assert sorted(await ids_since(database)) == ["a", "b", "taken"]


async def test_equal_edits_are_one_revision(catalog: Catalog) -> None:
    """Two replicas that make the same edit of the same revision make the same revision, not a conflict."""
    one, two = await catalog.create("one"), await catalog.create("two")
    for deleted in (False, True):
        revs = [await put(each, f"a{deleted}", b'{"n":1}', deleted=deleted) for each in (one, two)]
        assert revs[0] == revs[1]
    assert await put(one, "b", b'{"n":1}') != await put(one, "c", b'{"n":2}')


async def test_deleting_and_reviving(database: Database) -> None:
    """A deletion is a revision with a body; the document grows on from it, without naming it."""
    first = await put(database, "a", b'{"n":1}')
    tombstone = await put(database, "a", b'{"why":"x"}', first, deleted=True)
    with pytest.raises(NotFound, match="deleted"):
        await database.get("a")
    document = await database.get("a", tombstone)
    assert (document.deleted, document.body) == (True, b'{"why":"x"}')
    assert (await database.info()).doc_count == 0
    assert (await database.info()).doc_del_count == 1
    with pytest.raises(Conflict):
        await put(database, "a", deleted=True)
    third = await put(database, "a", b'{"n":1}')
    assert third.startswith("3-")
    assert (await database.get("a")).ancestry == (third[2:], tombstone[2:], first[2:])
    info = await database.info()
    assert (info.doc_count, info.doc_del_count) == (1, 0)


async def test_an_edit_may_extend_a_losing_leaf(database: Database) -> None:
    """Whoever resolves a conflict writes to each of its leaves."""
    await graft(database, "a", "2-b", "1-x", body=b'{"n":"b"}')
    await graft(database, "a", "2-a", "1-x", body=b'{"n":"a"}')
    tombstone = await put(database, "a", rev="2-a", deleted=True)
    assert await database.leaves("a") == [Leaf("2-b"), Leaf(tombstone, True)]
    assert (await database.get("a")).body == b'{"n":"b"}'
    other = await put(database, "a", rev="2-b", deleted=True)
    assert {leaf.rev for leaf in await database.leaves("a")} == {tombstone, other}
    with pytest.raises(NotFound, match="deleted"):
        await database.get("a")


async def test_replicated_revisions_merge_in_any_order(database: Database) -> None:
    """The tree is the same however its revisions arrive."""
    lines = [("3-c", "2-b", "1-a"), ("2-d", "1-a"), ("1-a",), ("1-z",), ("4-e", "3-c", "2-b", "1-a")]
    for number in range(6):
        order = list(lines)
        random.Random(number).shuffle(order)
        for line in order:
            await graft(database, f"doc{number}", *line, body=b'{"rev":"%s"}' % line[0].encode())
        leaves = await database.leaves(f"doc{number}")
        assert leaves == [Leaf("4-e"), Leaf("2-d"), Leaf("1-z")]
        assert (await database.get(f"doc{number}")).body == b'{"rev":"4-e"}'


async def test_a_known_revision_changes_nothing(database: Database) -> None:
    """Sent again it is no change: no sequence, no other body."""
    await graft(database, "a", "2-b", "1-a", body=b'{"n":1}')
    before = (await database.info()).update_seq
    await graft(database, "a", "2-b", "1-a", body=b'{"n":2}')
    assert (await database.changes(before)).rows == []
    assert (await database.get("a")).body == b'{"n":1}'


async def test_conflicts_of_one_document_in_one_batch(database: Database) -> None:
    """A batch may bring a whole tree."""
    batch = [
        Document(id="a", rev=f"2-{ident}", ancestry=(ident, "root"), body=b'{"n":"%s"}' % ident.encode())
        for ident in ("x", "z", "y")
    ]
    await database.write(batch, new_edits=False)
    assert [leaf.rev for leaf in await database.leaves("a")] == ["2-z", "2-y", "2-x"]
    for ident in ("x", "y", "z"):
        assert (await database.get("a", f"2-{ident}")).body == b'{"n":"%s"}' % ident.encode()
    assert (await database.info()).doc_count == 1


async def test_a_deletion_loses_to_a_live_leaf(database: Database) -> None:
    """However long its history: what one deleted and another edited stays."""
    await graft(database, "a", "1-a", body=b'{"n":1}')
    await graft(database, "a", "5-e", "4-d", "3-c", deleted=True)
    assert (await database.get("a")).rev == "1-a"
    (change,) = (await database.changes(all_leaves=True)).rows
    assert (change.revs, change.deleted) == (("1-a", "5-e"), False)
    await graft(database, "a", "2-b", "1-a", deleted=True)
    with pytest.raises(NotFound, match="deleted"):
        await database.get("a")
    assert (await database.get("a", "5-e")).deleted
    info = await database.info()
    assert (info.doc_count, info.doc_del_count) == (0, 1)


async def test_revs_diff_names_what_is_missing(database: Database) -> None:
    """Known revisions, leaves or not, are left out; leaves of lower generation may be ancestors."""
    await graft(database, "a", "3-c", "2-b", "1-a")
    found = await database.revs_diff({"a": ["3-c", "1-a", "5-x", "2-y"], "b": ["1-a"], "none": []})
    assert set(found) == {"a", "b"}
    assert set(found["a"].missing) == {"5-x", "2-y"}
    assert found["a"].possible_ancestors == ("3-c",)
    assert found["b"].missing == ("1-a",)
    assert (await database.revs_diff({"a": ["2-b"]})) == {}


@pytest.mark.needs("compaction")
async def test_revs_limit_cuts_history(database: Database) -> None:
    """Only so many ancestors are remembered; the rest is missing."""
    await database.set_revs_limit(3)
    assert await database.revs_limit() == 3
    rev = ""
    for number in range(5):
        rev = await put(database, "a", b'{"n":%d}' % number, rev)
    assert len((await database.get("a")).ancestry) == 3
    for impossible in (0, -1, 10**16, 1 << 64):
        with pytest.raises(BadRequest):
            await database.set_revs_limit(impossible)
