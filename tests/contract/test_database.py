"""What every database and catalog does, whatever is behind it: names, reading, local documents, figures."""

import asyncio

import pytest

from sync.databases.contract import START, Catalog, Database, Missing, Range
from sync.documents import Document
from sync.errors import AlreadyExists, Conflict, IllegalName, NotFound
from tests.contract.editing import graft, put

pytestmark = pytest.mark.anyio


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


@pytest.mark.needs("watching")
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
