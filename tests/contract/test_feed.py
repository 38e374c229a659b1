"""The feed of changes on every backend."""

import asyncio

import pytest

from sync.databases.contract import NOW, Catalog, Database
from sync.errors import BadRequest, NotFound
from tests.contract.editing import graft, ids_since, put

pytestmark = pytest.mark.anyio


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
