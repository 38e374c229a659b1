"""The projection: the domain's tally of whatever documents there are, however they came."""

import datetime as dt
import random
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import anyio
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures.ledger import Ledger
from fixtures.season import Season, chapter_slugs, empty_sheet, evenings, register
from server.domain import reading, totals
from server.domain.identifiers import chapter_database
from server.projection import follower, queries, unfinished
from server.projection.evenings import evening
from server.projection.follower import Follower
from server.projection.queries import Scope
from server.projection.rebuild import rebuild
from server.projection.tables import Tables, open_reader
from sync.databases.contract import Catalog, Database
from sync.databases.memory import MemoryCatalog
from sync.documents import Document

pytestmark = pytest.mark.anyio


@pytest.fixture
async def tables(tmp_path: Path) -> AsyncIterator[Tables]:
    opened = Tables(tmp_path / "projection.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def catalog() -> Catalog:
    return MemoryCatalog()


def files(folder: Path) -> list[Path]:
    return [each for each in folder.iterdir() if each.is_file()]


def wire(members: dict[str, Any], **envelope: Any) -> Document:
    body = {name: value for name, value in members.items() if not name.startswith("_")}
    return Document(id=members["_id"], body=msgspec.json.encode(body), **envelope)


async def write(database: Database, documents: Iterable[dict[str, Any]]) -> None:
    outcomes = await database.write([wire(document) for document in documents])
    assert [outcome.error for outcome in outcomes if outcome.error] == []


async def load(catalog: Catalog, season: Season, order: random.Random) -> list[Any]:
    """Writes a season in some order, follows it in between, and answers its evenings."""
    made = list(evenings(season))
    names = [chapter_database(slug) for slug in chapter_slugs(season)]
    for name in ("register", *names):
        await catalog.create(name)
    await write(await catalog.open("register"), register(season))
    documents = [(one.database, document) for one in made for document in one.documents]
    order.shuffle(documents)
    for name, document in documents:
        await write(await catalog.open(name), [document])
    return made


def expected(made: list[Any], *, keep: Any = lambda evening: True) -> totals.Tally:
    """The domain's own tally of the evenings that are kept."""
    return totals.tally(
        evening((document["_id"], msgspec.json.encode(document)) for document in one.documents)
        for one in made
        if keep(one)
    )


SEASONS = st.builds(
    Season,
    seed=st.integers(0, 10_000),
    chapters=st.integers(1, 3),
    months=st.just(1),
    events_per_month=st.integers(1, 3),
    devices_per_event=st.integers(1, 4),
    heads_per_event=st.integers(0, 20),
    letters_per_event=st.integers(0, 25),
    prisoners=st.integers(1, 12),
    closed=st.sampled_from([0.0, 0.5, 1.0]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(season=SEASONS, order=st.randoms(use_true_random=False))
async def test_totals_are_the_domains_tally_and_the_ledger(
    season: Season, order: random.Random, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """For the country, each chapter, each event, days and themes; and made again, they are the same."""
    path = tmp_path_factory.mktemp("season") / "projection.sqlite"
    catalog, tables = MemoryCatalog(), Tables(path)
    try:
        made = await load(catalog, season, order)
        await Follower(catalog, tables).catch_up()
        taps = [tap for one in made for tap in one.taps]
        whole = await tables.read(queries.totals, Scope())
        assert whole == expected(made)
        assert {name: getattr(whole, name) for name in Ledger().totals()} == Ledger(taps).totals()
        for slug in chapter_slugs(season):
            mine = await tables.read(queries.totals, Scope(chapter=slug))
            assert mine == expected(made, keep=lambda one, slug=slug: one.database == chapter_database(slug))
        for one in made:
            event = one.documents[0]
            assert await tables.read(queries.totals, Scope(event=event["_id"])) == expected([one])
            day = dt.datetime.fromisoformat(event["starts"]).date()
            until = await tables.read(queries.totals, Scope(last=day, theme=event["theme"]))
            assert until == expected(
                made,
                keep=lambda other, event=event, day=day: (
                    other.documents[0]["starts"][:10] <= day.isoformat()
                    and event["theme"] in (None, other.documents[0]["theme"])
                ),
            )
        found = await rebuild(catalog, path)
        assert found.differing == ()
        assert found.compared == len(await catalog.names())
        assert await tables.read(queries.totals, Scope()) == whole
    finally:
        tables.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(season=SEASONS, order=st.randoms(use_true_random=False))
async def test_following_step_by_step_is_following_at_once(
    season: Season, order: random.Random, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Sheets that grow revision by revision, followed at random moments, end in the numbers of the last ones."""
    folder = tmp_path_factory.mktemp("steps")
    catalog, tables, late = MemoryCatalog(), Tables(folder / "a.sqlite"), Tables(folder / "b.sqlite")
    try:
        made = list(evenings(season))
        follower = Follower(catalog, tables)
        for slug in chapter_slugs(season):
            await catalog.create(chapter_database(slug))
        for one in made:
            database = await catalog.open(one.database)
            for document in one.documents:
                rev = ""
                for version in grown(document, order):
                    [outcome] = await database.write([wire(version, rev=rev)])
                    rev = outcome.rev
                    if order.random() < 0.2:
                        await follower.catch_up()
        await follower.catch_up()
        await Follower(catalog, late).catch_up()
        assert await tables.read(queries.totals, Scope()) == await late.read(queries.totals, Scope()) == expected(made)
        assert await tables.read(queries.list_evenings, Scope()) == await late.read(queries.list_evenings, Scope())
    finally:
        tables.close()
        late.close()


def grown(document: dict[str, Any], order: random.Random) -> list[dict[str, Any]]:
    """A sheet as it was on the way, then as it is; other documents at once."""
    if document["type"] != "sheet":
        return [document]
    half = {**document, "heads": {"added": document["heads"]["added"] // 2, "removed": 0}, "letters": []}
    return [half, document] if order.random() < 0.5 else [document]


def sheet(event: str, device: str, heads: int, removed: int = 0) -> dict[str, Any]:
    return {**empty_sheet("moscow", event, device), "heads": {"added": heads, "removed": removed}}


EVENT = "event:01KFW0000000000000000000EV"
PHONE = "01KFW0000000000000000000D1"


async def test_two_copies_of_a_sheet_count_as_their_merge_and_are_merged(catalog: Catalog, tables: Tables) -> None:
    """The larger numbers of each counter, in the totals and in the database, and twice is the same."""
    database = await catalog.create("chapter-moscow")
    for heads, removed, ident in ((30, 0, "aa"), (20, 4, "bb"), (25, 1, "cc")):
        await database.write(
            [wire(sheet(EVENT, PHONE, heads, removed), rev=f"1-{ident}", ancestry=(ident,))], new_edits=False
        )
    onlooker = Follower(catalog, tables, merging=False)
    await onlooker.catch_up()
    assert (await tables.read(queries.totals, Scope())).heads == 26
    assert len([leaf for leaf in await database.leaves(sheet(EVENT, PHONE, 0)["_id"]) if not leaf.deleted]) == 3
    for _ in range(2):
        await Follower(catalog, tables).catch_up()
        await onlooker.catch_up()
    assert (await tables.read(queries.totals, Scope())).heads == 26
    leaves = await database.leaves(sheet(EVENT, PHONE, 0)["_id"])
    assert [leaf.deleted for leaf in leaves] == [False, True, True]
    merged = await database.get(sheet(EVENT, PHONE, 0)["_id"])
    assert msgspec.json.decode(merged.body)["heads"] == {"added": 30, "removed": 4}


async def test_servers_that_merge_the_same_write_the_same(tmp_path: Path) -> None:
    """Two servers settle one conflict each for itself, and end with the same revisions."""
    revisions = []
    for number in range(2):
        catalog, tables = MemoryCatalog(), Tables(tmp_path / f"{number}.sqlite")
        database = await catalog.create("chapter-moscow")
        for heads, ident in ((30, "aa"), (20, "bb")):
            await database.write(
                [wire(sheet(EVENT, PHONE, heads), rev=f"1-{ident}", ancestry=(ident,))], new_edits=False
            )
        await Follower(catalog, tables).catch_up()
        revisions.append(sorted(leaf.rev for leaf in await database.leaves(sheet(EVENT, PHONE, 0)["_id"])))
        tables.close()
    assert revisions[0] == revisions[1]


async def test_what_a_restored_database_lacks_is_forgotten_when_it_has_been_read(tables: Tables) -> None:
    """A database of another epoch is read again; until that is done the old numbers stay."""
    before, after = MemoryCatalog(), MemoryCatalog()
    await write(await before.create("chapter-moscow"), [sheet(EVENT, PHONE, 7), sheet(EVENT, PHONE[:-1] + "2", 5)])
    await write(await after.create("chapter-moscow"), [sheet(EVENT, PHONE, 6)])
    await Follower(before, tables).catch_up()
    assert (await tables.read(queries.totals, Scope())).heads == 12
    await Follower(after, tables).catch_up()
    assert (await tables.read(queries.totals, Scope())).heads == 6
    source = tables.source("chapter-moscow")
    assert source is not None
    assert source.complete


async def test_a_database_that_is_gone_counts_no_more(catalog: Catalog, tables: Tables) -> None:
    """Its events leave the totals."""
    await write(await catalog.create("chapter-moscow"), [sheet(EVENT, PHONE, 7)])
    follower = Follower(catalog, tables)
    await follower.catch_up()
    await catalog.delete("chapter-moscow")
    await follower.catch_up()
    assert (await tables.read(queries.totals, Scope())).heads == 0
    assert await tables.read(queries.followed_chapters) == []


async def test_what_cannot_be_read_is_known_and_not_counted(catalog: Catalog, tables: Tables) -> None:
    """A sheet of a shape nobody here knows stops nothing, and no receipt calls it counted."""
    database = await catalog.create("chapter-moscow")
    odd = {**sheet(EVENT, PHONE[:-1] + "2", 5), "heads": "many"}
    await write(database, [odd, sheet(EVENT, PHONE, 7)])
    await Follower(catalog, tables).catch_up()
    assert (await tables.read(queries.totals, Scope())).heads == 7
    known = await tables.read(queries.leaves, "chapter-moscow", [odd["_id"], sheet(EVENT, PHONE, 0)["_id"]])
    assert list(known) == [sheet(EVENT, PHONE, 0)["_id"]]


@pytest.mark.parametrize("read", range(1, 60, 6))
async def test_a_first_reading_that_was_cut_short_is_gone_on_with(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: int
) -> None:
    """At whatever page it ended, the next one ends in the domain's tally, and adds up what the first left unsummed."""
    monkeypatch.setattr(follower, "PAGE", 4)
    season = Season(seed=7, chapters=2, months=1, events_per_month=3, devices_per_event=3, letters_per_event=9)
    made = await load(catalog, season, random.Random(7))
    path = tmp_path / "projection.sqlite"
    first = Tables(path)
    with anyio.CancelScope() as ended:
        await Follower(catalog, first, progress=lambda met: ended.cancel() if met >= read else None).catch_up()
    assert ended.cancelled_caught
    first.close()
    second = Tables(path)
    try:
        await Follower(catalog, second).catch_up()
        assert await second.read(queries.totals, Scope()) == expected(made)
        assert (await rebuild(catalog, path)).differing == ()
    finally:
        second.close()


async def test_a_file_whose_maker_is_gone_is_made_anew(catalog: Catalog, tmp_path: Path) -> None:
    """Nothing waited for the disk, so a file that its maker did not finish can't be trusted; one that it did is kept."""
    await write(await catalog.create("chapter-moscow"), [sheet(EVENT, PHONE, 7)])
    path, lost = tmp_path / "projection.sqlite", tmp_path / "lost" / "projection.sqlite"
    lost.parent.mkdir()
    tables = Tables(path)
    for each in files(tmp_path):  # what a loss of power leaves behind, whoever held the lock
        shutil.copy(each, lost.parent)
    with sqlite3.connect(lost) as connection:
        connection.execute("INSERT INTO source VALUES ('chapter-moscow', 'epoch', '1', 1, 1)")
    connection.close()
    again = Tables(lost)
    assert await again.read(queries.followed_chapters) == []
    await Follower(catalog, again).catch_up()
    again.close()
    tables.close()
    assert [each.name for each in (*files(tmp_path), *files(lost.parent))] == [path.name, lost.name]
    kept = Tables(lost)
    assert (await kept.read(queries.totals, Scope())).heads == 7
    kept.close()


async def test_a_file_that_is_being_made_is_shared(catalog: Catalog, tables: Tables) -> None:
    """Who opens it beside its maker, who is still at work, takes nothing away; once it is made, commits wait for the disk."""
    await write(await catalog.create("chapter-moscow"), [sheet(EVENT, PHONE, 7)])
    second = Tables(tables.path)
    assert [each.execute("PRAGMA synchronous").fetchone()[0] for each in (tables._writer, second._writer)] == [0, 1]
    await Follower(catalog, tables).catch_up()
    assert tables._writer.execute("PRAGMA synchronous").fetchone()[0] == 1
    assert (await second.read(queries.totals, Scope())).heads == 7
    second.close()


async def test_a_file_is_finished_once_nobody_reads_what_it_was(catalog: Catalog, tables: Tables) -> None:
    """A reader of an older state keeps the log from being copied: the mark stays until it has been."""
    await write(await catalog.create("chapter-moscow"), [sheet(EVENT, PHONE, 7)])
    mark = tables.path.with_name(tables.path.name + unfinished.SUFFIX)
    reader = open_reader(tables.path)
    reader.execute("BEGIN")
    reader.execute("SELECT COUNT(*) FROM source").fetchone()
    await Follower(catalog, tables).catch_up()
    assert mark.exists()
    reader.close()
    await Follower(catalog, tables).catch_up()
    assert not mark.exists()


async def test_two_followers_of_one_file_count_once(catalog: Catalog, tables: Tables) -> None:
    """Pages read for a state that has moved on are dropped, never applied twice."""
    database = await catalog.create("chapter-moscow")
    second = Tables(tables.path)
    try:
        for number in range(20):
            await write(database, [sheet(EVENT, f"01KFW00000000000000000D{number:03}", 1)])
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(Follower(catalog, tables).catch_up)
                tasks.start_soon(Follower(catalog, second).catch_up)
        assert (await tables.read(queries.totals, Scope())).heads == 20
    finally:
        second.close()


async def test_hearing_is_noted_only_while_watching(catalog: Catalog, tables: Tables) -> None:
    """What was there before says nothing about when it came; what comes later does, and a rebuild keeps that."""
    database = await catalog.create("chapter-moscow")
    await write(database, [sheet(EVENT, PHONE, 1)])
    follower = Follower(catalog, tables)
    await follower.catch_up()
    assert await tables.read(queries.heard, "chapter-moscow") is None
    await write(database, [sheet(EVENT, PHONE[:-1] + "2", 1)])
    await follower.catch_up()
    heard = await tables.read(queries.heard_from, "chapter-moscow")
    assert list(heard) == [PHONE[:-1] + "2"]
    assert abs(dt.datetime.now(dt.UTC) - heard[PHONE[:-1] + "2"]) < dt.timedelta(minutes=1)
    await rebuild(catalog, tables.path)
    assert await tables.read(queries.heard_from, "chapter-moscow") == heard


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("UPDATE evening SET heads = 700", (EVENT,)),
        ("UPDATE evening SET written_to = X'810005'", (EVENT,)),
        ("UPDATE rollup SET heads = 700", ("chapter-moscow unknown",)),
    ],
)
async def test_a_rebuild_mends_what_was_wrong_and_says_so(
    catalog: Catalog, tables: Tables, wrong: str, named: tuple[str, ...]
) -> None:
    """A number that was changed behind our back is found by its event or sum and put right, under a running reader."""
    await write(await catalog.create("chapter-moscow"), [sheet(EVENT, PHONE, 7)])
    await Follower(catalog, tables).catch_up()
    with tables._transaction() as connection:
        connection.execute(wrong)
    found = await rebuild(catalog, tables.path)
    assert found.differing == named
    assert (await tables.read(queries.totals, Scope())).heads == 7
    assert [path.name for path in tables.path.parent.iterdir() if "rebuilding" in path.name] == []


@pytest.mark.parametrize("content", [b"", b"not a database" * 100])
async def test_a_damaged_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    """The projection is never the only copy, so a start does not fail over it."""
    path = tmp_path / "projection.sqlite"
    path.write_bytes(content)
    tables = Tables(path)
    assert (await tables.read(queries.totals, Scope())).events == 0
    tables.close()


async def test_what_the_tables_keep_is_readable_again(catalog: Catalog, tables: Tables) -> None:
    """Bodies go into the tables in the shapes of the domain."""
    await write(await catalog.create("chapter-moscow"), [{**sheet(EVENT, PHONE, 7), "unknown": "kept elsewhere"}])
    await Follower(catalog, tables).catch_up()
    known = await tables.read(queries.evening, "chapter-moscow", EVENT)
    assert known.event is None
    assert known.sheets == [reading.read(sheet(EVENT, PHONE, 7), "chapter-moscow")]
