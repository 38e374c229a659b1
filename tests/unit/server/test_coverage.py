"""Who of the register was written to lately: counts, lists, and the document the server keeps for the phones."""

import datetime as dt
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.domain.identifiers import event_id, new_ulid, prisoner_id, sheet_id
from server.projection import coverage
from server.projection.coverage import Reach, Waiting
from server.projection.follower import Follower
from server.projection.keeping import write_coverage
from server.projection.tables import Tables
from sync.databases.contract import Catalog
from sync.databases.memory import MemoryCatalog
from sync.documents import Document

pytestmark = pytest.mark.anyio

TODAY = dt.date(2026, 3, 31)
DEVICE = new_ulid(0, bytes([1] * 10))
RECENT, EARLIER, LONG_AGO, NEVER, RELEASED, UNLISTED = (
    prisoner_id(new_ulid(0, bytes([n] * 10))) for n in range(10, 16)
)


async def put(catalog: Catalog, name: str, *bodies: dict[str, Any]) -> None:
    database = await catalog.open(name)
    documents = [
        Document(id=body["_id"], body=msgspec.json.encode({key: body[key] for key in body if key != "_id"}))
        for body in bodies
    ]
    assert all(outcome.error is None for outcome in await database.write(documents))


def evening(number: int, day: dt.date, letters: dict[str, int]) -> list[dict[str, Any]]:
    event = event_id(new_ulid(0, bytes([number] * 10)))
    common = {"schema": 1, "chapter": "moscow"}
    about = {"kind": "letters", "title": "Evening", "status": "closed", "starts": f"{day}T19:00:00+03:00"}
    lines = [{"to": to, "kind": "letter", "added": amount, "removed": 0} for to, amount in letters.items()]
    counted = {"event": event, "device": DEVICE, "heads": {"added": 0, "removed": 0}, "letters": lines}
    return [
        {"_id": event, "type": "event", **common, **about},
        {"_id": sheet_id(event, DEVICE), "type": "sheet", **common, **counted},
    ]


@pytest.fixture
async def catalog() -> Catalog:
    """A register of five, one of them released, and evenings of last week, two months ago, last year and tomorrow."""
    made = MemoryCatalog()
    for name in ("register", "chapter-moscow"):
        await made.create(name)
    for person in (RECENT, EARLIER, LONG_AGO, NEVER, RELEASED):
        status = "released" if person == RELEASED else "detained"
        await put(
            made, "register", {"_id": person, "type": "prisoner", "schema": 1, "name": {"en": "X"}, "status": status}
        )
    nights = (
        evening(1, TODAY - dt.timedelta(days=29), {RECENT: 2, RELEASED: 1}),
        evening(2, TODAY - dt.timedelta(days=89), {EARLIER: 4, RECENT: 1, UNLISTED: 5}),
        evening(3, TODAY - dt.timedelta(days=90), {LONG_AGO: 9, RECENT: 7}),
        evening(4, TODAY + dt.timedelta(days=1), {NEVER: 1}),
    )
    for night in nights:
        await put(made, "chapter-moscow", *night)
    return made


async def test_the_register_is_counted_by_days(catalog: Catalog, tmp_path: Path) -> None:
    """30 and 90 days with today as the last; the released are not waited for; tomorrow's evening is no letter yet."""
    tables = Tables(tmp_path / "projection.sqlite")
    try:
        await Follower(catalog, tables).catch_up()
        reach = await tables.read(coverage.reach, TODAY)
        assert reach == Reach(listed=4, month=1, quarter=2, ever=3)
        assert (reach.waiting, reach.never) == (2, 1)
        assert await tables.read(coverage.waiting, TODAY) == [
            Waiting(NEVER, None),
            Waiting(LONG_AGO, TODAY - dt.timedelta(days=90)),
        ]
        assert [row.id for row in await tables.read(coverage.waiting, TODAY, 1, 1)] == [LONG_AGO]
    finally:
        tables.close()


async def test_the_document_is_written_when_it_says_something_new(catalog: Catalog, tmp_path: Path) -> None:
    """Letters of 90 days and everybody's last day; the same is not written again, and a new day or letter is."""
    tables = Tables(tmp_path / "projection.sqlite")
    try:
        follower = Follower(catalog, tables)
        await follower.catch_up()
        assert await write_coverage(catalog, tables, TODAY)
        register = await catalog.open("register")
        said = msgspec.json.decode((await register.get("coverage")).body)
        assert said["letters"] == {RECENT: 3, EARLIER: 4, RELEASED: 1, UNLISTED: 5}
        assert said["last"][LONG_AGO] == "2025-12-31"
        assert (said["since"], said["until"]) == ("2026-01-01", "2026-03-31")
        await follower.catch_up()
        assert not await write_coverage(catalog, tables, TODAY)
        await put(catalog, "chapter-moscow", *evening(5, TODAY, {NEVER: 1}))
        await follower.catch_up()
        assert await write_coverage(catalog, tables, TODAY)
        assert await write_coverage(catalog, tables, TODAY + dt.timedelta(days=1))
    finally:
        tables.close()


async def test_without_a_register_there_is_nothing_to_keep(tmp_path: Path) -> None:
    """A server that was just made starts all the same."""
    tables = Tables(tmp_path / "projection.sqlite")
    try:
        assert not await write_coverage(MemoryCatalog(), tables, TODAY)
    finally:
        tables.close()
