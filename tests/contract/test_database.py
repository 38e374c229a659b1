"""What every database does, whatever is behind it."""

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator

import pytest

from sync.databases.contract import NOW, START, Catalog, Database, Leaf, Missing, Outcome, Range
from sync.documents import Attachment, Document
from sync.edits import digest_of
from sync.errors import AlreadyExists, BadRequest, Conflict, IllegalName, NotFound, PreconditionFailed

pytestmark = pytest.mark.anyio


async def put(database: Database, doc_id: str, body: bytes = b"{}", rev: str = "", *, deleted: bool = False) -> str:
    (outcome,) = await database.write([Document(id=doc_id, rev=rev, body=body, deleted=deleted)])
    if outcome.error is not None:
        raise outcome.error
    return outcome.rev


async def graft(database: Database, doc_id: str, *line: str, body: bytes = b"{}", deleted: bool = False) -> None:
    """Stores a revision as replication does; `line` is its history, newest first: "3-c", "2-b", "1-a"."""
    ancestry = tuple(rev.partition("-")[2] for rev in line)
    document = Document(id=doc_id, rev=line[0], ancestry=ancestry, body=body, deleted=deleted)
    assert await database.write([document], new_edits=False) == [Outcome(doc_id, line[0])]


async def ids_since(database: Database, since: str = START) -> list[str]:
    return [change.id for change in (await database.changes(since)).rows]


# -- catalog


async def test_names_are_couchdbs(catalog: Catalog) -> None:
    """Lower case first, then a few signs; anything else is refused in CouchDB's words."""
    for name in ("a/b", "letters_$()+-/1"):
        assert (await catalog.create(name)).name == name
    assert {"a/b", "letters_$()+-/1"} <= set(await catalog.names())
    for name in ("A", "1a", "a.b", "_private", "", "a" * 239, "ä"):
        with pytest.raises(IllegalName):
            await catalog.create(name)
    for name in ("nothing", "No", "../letters"):
        with pytest.raises(NotFound):
            await (await catalog.open(name)).info()


async def test_a_database_is_made_once_and_deleted_once(catalog: Catalog) -> None:
    """Making it again and deleting it again are errors; a new one of the name is empty and another one."""
    first = await catalog.create("once")
    await put(first, "a")
    before = await first.info()
    with pytest.raises(AlreadyExists):
        await catalog.create("once")
    await catalog.delete("once")
    with pytest.raises(NotFound):
        await catalog.delete("once")
    with pytest.raises(NotFound):
        await first.get("a")
    second = await catalog.create("once")
    after = await second.info()
    assert after.doc_count == 0
    assert after.instance_start_time != before.instance_start_time or not before.epoch
    assert after.epoch != before.epoch or not before.epoch


async def test_the_catalog_tells_which_databases_change(catalog: Catalog) -> None:
    """Once it was asked, no change of any database goes unnoticed."""
    one, two = await catalog.create("one"), await catalog.create("two")
    mark, names = await catalog.wait(START)
    assert {"one", "two"} <= names
    waiting = asyncio.create_task(catalog.wait(mark))
    await put(two, "a")
    seen: set[str] = set()
    while "two" not in seen:
        mark, names = await asyncio.wait_for(waiting, 10)
        seen |= names
        waiting = asyncio.create_task(catalog.wait(mark))
    await put(one, "a")
    while "one" not in seen:
        mark, names = await asyncio.wait_for(waiting, 10)
        seen |= names
        waiting = asyncio.create_task(catalog.wait(mark))
    waiting.cancel()


# -- writing with new_edits


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


# -- replication's writing


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
    with pytest.raises(BadRequest):
        await database.set_revs_limit(0)


# -- reading


async def test_old_revisions_can_be_read_until_compaction(database: Database) -> None:
    """The body of an earlier revision is there, and the list of revisions says so."""
    first = await put(database, "a", b'{"n":1}')
    second = await put(database, "a", b'{"n":2}', first)
    assert (await database.get("a", first)).body == b'{"n":1}'
    assert [(row.rev, row.status) for row in await database.revs_info("a")] == [
        (second, "available"),
        (first, "available"),
    ]


@pytest.mark.needs("compaction")
async def test_compaction_drops_what_is_no_leaf(database: Database) -> None:
    """Leaves stay, conflicts too; earlier bodies are gone and said to be missing."""
    first = await put(database, "a", b'{"n":1}')
    second = await put(database, "a", b'{"n":2}', first)
    await graft(database, "a", "2-0", first, body=b'{"n":"other"}')
    await database.compact()
    with pytest.raises(NotFound, match="missing"):
        await database.get("a", first)
    assert (await database.get("a")).rev == second
    assert (await database.get("a", "2-0")).body == b'{"n":"other"}'
    assert [row.status for row in await database.revs_info("a")] == ["available", "missing"]


async def test_latest_follows_the_branch(database: Database) -> None:
    """With `latest` the leaf that grew from a revision, not the winner of another branch."""
    await graft(database, "a", "2-b", "1-a")
    await graft(database, "a", "3-d", "2-c", "1-a")
    assert (await database.get("a", "2-b", latest=True)).rev == "2-b"
    assert (await database.get("a", "1-a", latest=True)).rev == "3-d"
    (found,) = await database.open_revs("a", ["2-c"], latest=True)
    assert isinstance(found, Document)
    assert found.rev == "3-d"


async def test_open_revs_and_bulk_get_say_what_is_missing(database: Database) -> None:
    """In the order asked, each revision or that it is missing, with ancestry."""
    await graft(database, "a", "2-b", "1-a", body=b'{"n":1}')
    await graft(database, "a", "2-c", "1-a", deleted=True)
    every = await database.open_revs("a", None)
    assert {each.rev for each in every} == {"2-b", "2-c"}
    some = await database.open_revs("a", ["2-x", "2-b"])
    assert some[0] == Missing("a", "2-x")
    assert isinstance(some[1], Document)
    assert some[1].ancestry == ("b", "a")
    got = await database.bulk_get([("a", "2-b"), ("none", "1-a"), ("a", None), ("a", "9-x")])
    assert [[type(each) for each in one] for one in got] == [[Document], [Missing], [Document], [Missing]]
    winner = got[2][0]
    assert winner.rev == "2-b"


async def test_what_is_not_there_is_not_found(database: Database) -> None:
    """For every way of asking for one document."""
    for asked in (database.get("no"), database.leaves("no"), database.revs_info("no"), database.get_local("_local/no")):
        with pytest.raises(NotFound, match="missing"):
            await asked
    await put(database, "a")
    with pytest.raises(NotFound, match="missing"):
        await database.get("a", "1-unknown")


async def test_all_docs_in_id_order(database: Database) -> None:
    """Codepoint order, ends included or not, both directions, with skip and limit; deleted ones only by key."""
    await database.write([Document(id=each, body=b'{"id":1}') for each in ("b", "a", "d", "c", "ё", "Z")])
    rev = (await database.get("c")).rev
    await put(database, "c", rev=rev, deleted=True)

    async def ids(**wanted: object) -> list[str]:
        return [row.id for row in (await database.all_docs(Range(**wanted))).rows]  # type: ignore[arg-type]

    assert await ids() == ["Z", "a", "b", "d", "ё"]
    assert await ids(start="a", end="d") == ["a", "b", "d"]
    assert await ids(start="a", end="d", inclusive_end=False) == ["a", "b"]
    assert await ids(start="d", end="a", descending=True) == ["d", "b", "a"]
    assert await ids(skip=1, limit=2) == ["a", "b"]
    assert await ids(limit=0) == []
    page = await database.all_docs(Range(start="b", limit=1), include_docs=True)
    assert page.total == 5
    assert page.offset == 2
    assert page.rows[0].document is not None
    assert page.rows[0].document.body == b'{"id":1}'
    by_key = (await database.all_docs(["c", "none", "a"], include_docs=True)).rows
    assert [(row.id, bool(row.rev), row.deleted, row.document is None) for row in by_key] == [
        ("c", True, True, True),
        ("none", False, False, True),
        ("a", True, False, False),
    ]


# -- the feed


async def test_each_document_stands_once_at_its_last_change(database: Database) -> None:
    """An edit moves a document to the end; deletions are listed; a page ends where the next begins."""
    revs = {each: await put(database, each) for each in ("a", "b", "c")}
    await put(database, "a", b'{"n":2}', revs["a"])
    await put(database, "b", rev=revs["b"], deleted=True)
    whole = await database.changes()
    assert [(change.id, change.deleted) for change in whole.rows] == [("c", False), ("a", False), ("b", True)]
    assert whole.pending == 0
    first = await database.changes(limit=2)
    assert first.pending in (1, -1)
    rest = await database.changes(first.last_seq)
    assert [change.id for change in first.rows + rest.rows] == ["c", "a", "b"]
    assert (await database.changes(rest.last_seq)).rows == []
    for change in whole.rows:
        following = whole.rows[whole.rows.index(change) + 1 :]
        assert [row.id for row in (await database.changes(change.seq)).rows] == [row.id for row in following]


async def test_now_is_where_the_feed_stands(database: Database) -> None:
    """NOW answers nothing old, and its place serves to go on from."""
    await put(database, "a")
    now = await database.changes(NOW)
    assert now.rows == []
    await put(database, "b")
    assert await ids_since(database, now.last_seq) == ["b"]


async def test_the_feed_carries_leaves_conflicts_and_documents(database: Database) -> None:
    """Winner first; the document is the winner, a deletion too."""
    await graft(database, "a", "2-c", "1-a", body=b'{"n":"c"}')
    await graft(database, "a", "2-b", "1-a")
    await graft(database, "a", "2-d", "1-a", deleted=True)
    (change,) = (await database.changes(all_leaves=True, include_docs=True, conflicts=True)).rows
    assert change.revs == ("2-c", "2-b", "2-d")
    assert change.conflicts == ("2-b",)
    assert change.document is not None
    assert change.document.body == b'{"n":"c"}'
    (brief,) = (await database.changes()).rows
    assert (brief.revs, brief.document, brief.conflicts) == (("2-c",), None, ())


async def test_the_feed_backwards_and_by_ids(database: Database) -> None:
    """`descending` turns the order; `doc_ids` leaves out all others."""
    for each in ("a", "b", "c"):
        await put(database, each)
    assert [row.id for row in (await database.changes(descending=True)).rows] == ["c", "b", "a"]
    assert [row.id for row in (await database.changes(doc_ids=["c", "a", "none"])).rows] == ["a", "c"]
    assert [row.id for row in (await database.changes(descending=True, limit=1)).rows] == ["c"]


async def test_waiting_ends_with_the_next_change(database: Database) -> None:
    """At once when something changed already, otherwise with the commit; many may wait."""
    since = (await database.changes()).last_seq
    waiting = [asyncio.create_task(database.wait(since)) for _ in range(20)]
    await asyncio.sleep(0)
    assert not any(task.done() for task in waiting)
    await put(database, "a")
    await asyncio.wait_for(asyncio.gather(*waiting), 10)
    await asyncio.wait_for(database.wait(since), 10)
    cancelled = asyncio.create_task(database.wait((await database.changes()).last_seq))
    await asyncio.sleep(0)
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled


async def test_deleting_a_database_ends_waiting(catalog: Catalog) -> None:
    """Who waits on it learns that it is gone."""
    database = await catalog.create("short")
    waiting = asyncio.create_task(database.wait((await database.changes()).last_seq))
    await asyncio.sleep(0.01)
    await catalog.delete("short")
    with pytest.raises(NotFound):
        await asyncio.wait_for(waiting, 30)


@pytest.mark.needs("epoch")
async def test_a_sequence_of_another_epoch_is_the_start(database: Database) -> None:
    """Who saw another incarnation of this database is offered everything; nonsense is refused."""
    await put(database, "a")
    assert await ids_since(database, "999-0123456789abcdef") == ["a"]
    assert await ids_since(database, "999") == ["a"]
    with pytest.raises(BadRequest):
        await database.changes("nonsense")


async def test_figures(database: Database) -> None:
    """Counts, sequence and sizes follow what was written."""
    empty = await database.info()
    assert (empty.name, empty.doc_count, empty.doc_del_count) == (database.name, 0, 0)
    rev = await put(database, "a", b'{"text":"%s"}' % (b"x" * 1000))
    await put(database, "b")
    full = await database.info()
    assert full.doc_count == 2
    assert full.update_seq == (await database.changes()).last_seq
    await put(database, "a", rev=rev, deleted=True)
    assert (await database.info()).doc_count == 1


# -- local documents


async def test_local_documents_stay_out_of_everything(database: Database) -> None:
    """They are no change, no document, and count nowhere."""
    before = await database.info()
    rev = await database.put_local("_local/place", b'{"seq":1}')
    assert rev == "0-1"
    again = await database.put_local("_local/place", b'{"seq":2}', rev)
    assert again == "0-2"
    local = await database.get_local("_local/place")
    assert (local.rev, local.body) == ("0-2", b'{"seq":2}')
    after = await database.info()
    assert (after.update_seq, after.doc_count) == (before.update_seq, 0)
    assert [each.id for each in await database.local_docs(Range())] == ["_local/place"]
    assert [each.id for each in await database.local_docs(["_local/no", "_local/place"])] == ["_local/place"]
    await database.delete_local("_local/place", again)
    with pytest.raises(NotFound):
        await database.get_local("_local/place")
    with pytest.raises(NotFound):
        await database.delete_local("_local/place")


@pytest.mark.needs("strict-locals")
async def test_local_documents_have_one_writer_at_a_time(database: Database) -> None:
    """A checkpoint that somebody else moved is not overwritten unseen."""
    await database.put_local("_local/place", b"{}")
    for rev in ("", "0-7"):
        with pytest.raises(Conflict):
            await database.put_local("_local/place", b"{}", rev)
    with pytest.raises(Conflict):
        await database.delete_local("_local/place", "0-7")


# -- attachments


def pieces(content: bytes, size: int = 50_000) -> AsyncIterator[bytes]:
    async def each() -> AsyncIterator[bytes]:
        for offset in range(0, len(content), size):
            yield content[offset : offset + size]

    return each()


async def fetched(database: Database, doc_id: str, name: str, rev: str | None = None, **span: int) -> bytes:
    document, _ = await database.attachment(doc_id, name, rev)
    return b"".join([piece async for piece in database.download(document, name, **span)])


async def test_attachments_come_back(database: Database) -> None:
    """Inline bytes, in whole and by range, with digest, length and the generation that added them."""
    content = random.Random(1).randbytes(700_000)
    note = Attachment(content_type="image/png", data=content)
    (outcome,) = await database.write([Document(id="a", attachments={"note": note})])
    document, entry = await database.attachment("a", "note")
    assert document.rev == outcome.rev
    assert entry.digest == digest_of(content)
    assert (entry.length, entry.revpos, entry.content_type) == (len(content), 1, "image/png")
    assert await fetched(database, "a", "note") == content
    assert await fetched(database, "a", "note", start=262_100, stop=600_001) == content[262_100:600_001]
    with pytest.raises(NotFound):
        await database.attachment("a", "other")


async def test_uploads_are_staged_and_named(database: Database) -> None:
    """Bytes come first, then the document that names them; an empty attachment is one too."""
    content = hashlib.sha256(b"x").digest() * 60_000
    upload = await database.upload(pieces(content))
    empty = await database.upload(pieces(b""))
    assert (upload.digest, upload.length, empty.length) == (digest_of(content), len(content), 0)
    entries = {
        "big": Attachment(content_type="application/x", digest=upload.digest),
        "empty": Attachment(content_type="application/x", digest=empty.digest),
    }
    (outcome,) = await database.write([Document(id="a", attachments=entries)])
    assert outcome.error is None
    assert await fetched(database, "a", "big") == content
    assert await fetched(database, "a", "empty") == b""


async def test_stubs_mean_the_parents_bytes(database: Database) -> None:
    """A stub keeps the attachment, leaving it out drops it, and a stub of nothing is refused."""
    entries = {"note": Attachment(content_type="image/png", data=b"bytes")}
    (first,) = await database.write([Document(id="a", attachments=entries)])
    stub = {"note": Attachment(content_type="image/png", stub=True)}
    (second,) = await database.write([Document(id="a", rev=first.rev, body=b'{"n":1}', attachments=stub)])
    assert second.error is None
    _, entry = await database.attachment("a", "note")
    assert entry.revpos == 1
    assert await fetched(database, "a", "note") == b"bytes"
    (third,) = await database.write([Document(id="a", rev=second.rev)])
    with pytest.raises(NotFound):
        await database.attachment("a", "note")
    assert await fetched(database, "a", "note", second.rev) == b"bytes"
    (refused,) = await database.write([Document(id="a", rev=third.rev, attachments=stub)])
    assert isinstance(refused.error, PreconditionFailed)
    assert refused.error.error == "missing_stub"


async def test_replicated_stubs_find_their_bytes(database: Database) -> None:
    """In the nearest ancestor that is here; where there is none the revision is refused."""
    entries = {"note": Attachment(content_type="image/png", data=b"bytes", revpos=1)}
    first = Document(id="a", rev="1-a", attachments=entries)
    stub = Attachment(content_type="image/png", stub=True, revpos=1, digest=digest_of(b"bytes"), length=5)
    third = Document(id="a", rev="3-c", ancestry=("c", "b", "a"), attachments={"note": stub})
    await database.write([first], new_edits=False)
    (outcome,) = await database.write([third], new_edits=False)
    assert outcome.error is None
    assert await fetched(database, "a", "note") == b"bytes"
    unknown = Attachment(content_type="image/png", stub=True, revpos=1, digest=digest_of(b"never seen"), length=5)
    try:
        (lost,) = await database.write([Document(id="b", rev="1-b", attachments={"n": unknown})], new_edits=False)
    except PreconditionFailed as error:  # CouchDB refuses the whole batch
        lost = Outcome("b", error=error)
    assert isinstance(lost.error, PreconditionFailed)


async def test_encoded_bytes_stay_encoded(database: Database) -> None:
    """What came gzip-encoded is stored so: digest over the encoded bytes, both lengths told."""
    import gzip

    packed = gzip.compress(b"text " * 1000)
    upload = await database.upload(pieces(packed))
    entry = Attachment(content_type="text/plain", digest=upload.digest, encoding="gzip", length=5000)
    (outcome,) = await database.write([Document(id="a", rev="1-a", attachments={"t": entry})], new_edits=False)
    assert outcome.error is None
    _, stored = await database.attachment("a", "t")
    assert (stored.encoding, stored.length, stored.encoded_length) == ("gzip", 5000, len(packed))
    assert gzip.decompress(await fetched(database, "a", "t")) == b"text " * 1000


@pytest.mark.needs("compaction")
async def test_compaction_collects_bytes_nobody_names(database: Database) -> None:
    """Bytes of deleted documents and of abandoned uploads are gone; those in use stay."""
    kept, dropped = b"k" * 300_000, random.Random(2).randbytes(1_000_000)
    await database.write([Document(id="a", attachments={"x": Attachment(content_type="a/b", data=kept)})])
    (gone,) = await database.write([Document(id="b", attachments={"x": Attachment(content_type="a/b", data=dropped)})])
    await database.upload(pieces(dropped[::-1]))
    before = (await database.info()).active_size
    await put(database, "b", rev=gone.rev, deleted=True)
    await database.compact()
    assert (await database.info()).active_size < before - 900_000 or before == 0
    assert await fetched(database, "a", "x") == kept
    entry = Attachment(content_type="a/b", digest=digest_of(dropped[::-1]))
    (refused,) = await database.write([Document(id="c", attachments={"x": entry})])
    assert isinstance(refused.error, PreconditionFailed)


# -- purge, security, digest


@pytest.mark.needs("purge")
async def test_purging_leaves_no_trace(database: Database) -> None:
    """A purged leaf is as if it had never been; other leaves and what they share stay."""
    await graft(database, "a", "2-c", "1-a", body=b'{"n":"c"}')
    await graft(database, "a", "2-b", "1-a", body=b'{"n":"b"}')
    await graft(database, "whole", "1-x")
    before = (await database.changes()).last_seq
    purged = await database.purge({"a": ["2-c", "1-a", "9-x"], "whole": ["1-x"], "none": ["1-a"]})
    assert {key: revs for key, revs in purged.items() if revs} == {"a": ("2-c",), "whole": ("1-x",)}
    assert (await database.get("a")).body == b'{"n":"b"}'
    assert await database.leaves("a") == [Leaf("2-b")]
    with pytest.raises(NotFound):
        await database.get("whole")
    assert (await database.info()).doc_count == 1
    assert await ids_since(database, before) == ["a"]
    assert await database.revs_diff({"whole": ["1-x"]})


async def test_security_is_kept(database: Database) -> None:
    """A JSON object, nothing else."""
    value = b'{"admins":{"names":["a"],"roles":[]},"members":{"names":[],"roles":["b"]}}'
    await database.set_security(value)
    assert await database.security() == value
    with pytest.raises(BadRequest):
        await database.set_security(b"[]")


async def test_digests_are_equal_exactly_when_leaves_are(catalog: Catalog) -> None:
    """However the leaves came: other orders, other sequences, purges and repetitions leave no trace in it."""
    one, two = await catalog.create("one"), await catalog.create("two")
    documents = [Document(id=f"doc{n}", rev="1-a", body=b'{"n":%d}' % n) for n in range(300)]
    await one.write(documents, new_edits=False)
    await one.digest()
    assert (await one.digest())[0] != (await two.digest())[0]
    await two.write(documents[150:], new_edits=False)
    await two.digest()
    await two.write(documents[:150], new_edits=False)
    assert await one.digest() == await two.digest()
    await graft(one, "doc7", "2-b", "1-a", deleted=True)
    nodes, others = await one.digest(), await two.digest()
    assert len(nodes) == 17
    assert nodes[0].hash != others[0].hash
    (differing,) = [a.prefix for a, b in zip(nodes[1:], others[1:], strict=True) if a != b]
    mine, theirs = await one.digest_leaves(differing), await two.digest_leaves(differing)
    assert {key for key in mine if mine[key] != theirs.get(key)} == {"doc7"}
    assert (mine["doc7"], theirs["doc7"]) == (("2-b",), ("1-a",))
    await graft(two, "doc7", "2-b", "1-a", deleted=True)
    assert await one.digest(["", differing]) == await two.digest(["", differing])


@pytest.mark.needs("purge")
async def test_digests_follow_purges(catalog: Catalog) -> None:
    """A purged document leaves no trace in the digest, whenever it was asked for before."""
    one, two = await catalog.create("one"), await catalog.create("two")
    await one.write([Document(id=f"d{n}", rev="1-a") for n in range(40)], new_edits=False)
    await two.write([Document(id=f"d{n}", rev="1-a") for n in range(1, 40)], new_edits=False)
    await one.digest()
    await one.purge({"d0": ["1-a"]})
    assert await one.digest() == await two.digest()
