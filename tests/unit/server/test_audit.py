"""The log of administrative acts."""

import tracemalloc
from typing import Any

import pytest

from server.audit import Audit, Change
from server.domain.identity import Identity
from sync.databases.contract import START, Changes
from sync.databases.memory import MemoryCatalog, MemoryDatabase

pytestmark = pytest.mark.anyio
FOX = Identity("01KFW000000000000000000F0X", "national", pseudonym="Fox")
PRISONER = "prisoner:01KFW000000000000000000P01"


async def test_an_act_says_who_what_on_what_and_when_to_the_minute() -> None:
    """The latest act comes first; a subject has its own list; no second is kept, in the id neither."""
    catalog = MemoryCatalog()
    audit = await Audit.open(catalog)
    await audit.record(FOX, "prisoner-edited", PRISONER, [Change("status", "detained", "released")])
    await audit.record(FOX, "event-cancelled", "event:01KFW0000000000000000000EV")
    acts = await audit.acts()
    assert [(act.pseudonym, act.act) for act in acts] == [("Fox", "event-cancelled"), ("Fox", "prisoner-edited")]
    [edited] = await audit.acts(PRISONER)
    assert edited.changes == [Change("status", "detained", "released")]
    assert (edited.at.second, edited.at.microsecond) == (0, 0)


async def test_several_servers_on_one_store_write_one_log() -> None:
    """What one process records, another one shows, each act once."""
    catalog = MemoryCatalog()
    one, other = await Audit.open(catalog), await Audit.open(catalog)
    for audit in (one, other, one):
        await audit.record(FOX, "prisoner-edited", PRISONER)
    assert len(await one.acts()) == len(await other.acts()) == 3


async def test_acts_are_read_a_page_at_a_time() -> None:
    """The latest first, those of one device by themselves, and what they changed is read only when it is asked for."""
    audit = await Audit.open(MemoryCatalog())
    owl = Identity("01KFW000000000000000000W15", "coordinator", pseudonym="Owl")
    for number in range(6):
        await audit.record(
            owl if number % 2 else FOX, "event-edited", f"event:{number}", [Change("note", "", "long" * 9)]
        )
    assert [act.subject for act in await audit.acts(skip=1, most=3)] == ["event:4", "event:3", "event:2"]
    assert [act.subject for act in await audit.acts(by=owl.device, skip=1, most=9)] == ["event:3", "event:1"]
    assert await audit.acts("event:5", by=FOX.device) == []


async def test_what_acts_changed_is_not_held_in_memory() -> None:
    """A log of years costs what finding its acts takes."""
    catalog = MemoryCatalog()
    writing, reading = await Audit.open(catalog), await Audit.open(catalog)
    changes = [Change(f"field-{n}", "b" * 500, "a" * 500) for n in range(10)]
    await writing.record_all(FOX, "prisoner-imported", [(PRISONER, changes)] * 500)
    tracemalloc.start()
    try:
        assert len(await reading.acts(most=1)) == 1
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 500 * 1000


class Forgetful(MemoryDatabase):
    """A feed that begins anew each time, as a cluster's does that lost the node it was read from."""

    async def changes(self, since: str = START, **asked: Any) -> Changes:
        return await super().changes(START, **asked)


async def test_an_act_that_comes_again_is_one_act() -> None:
    """And keeps its place among the others."""
    audit = Audit(Forgetful("audit"))
    for act in ("prisoner-made", "prisoner-edited", "address-confirmed"):
        await audit.record(FOX, act, PRISONER)
        latest = await audit.acts()
    assert [act.act for act in latest] == ["address-confirmed", "prisoner-edited", "prisoner-made"]
