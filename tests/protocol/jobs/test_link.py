"""The running hub's link with national."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import anyio
import httpx2
import pytest

from server.hub import link
from server.hub.above import Above
from server.hub.link import Link
from sync.databases.contract import Database
from tests.protocol.jobs.country import TVER, Country, event, write

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def linked(country: Country, *, live: bool) -> AsyncIterator[Above]:
    """A hub whose server runs."""
    above = await Above.open(country.hub)
    settings = replace(country.settings, upstream_live=live)
    running = Link(settings, country.member, country.hub, above, transport=country.between)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(running.run)
        yield above
        tasks.cancel_scope.cancel()


async def until(database: Database, holds: Callable[[], Awaitable[bool]]) -> None:
    """Returns once something holds; looked at after every change of a database."""
    with anyio.fail_after(20):
        while True:
            seen = (await database.info()).update_seq
            if await holds():
                return
            await database.wait(seen)


def has(database: Database, *ids: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return all(row.rev for row in (await database.all_docs(ids)).rows)

    return look


async def test_a_live_hub_copies_both_ways_at_once_and_knows_it(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counts are at national without a night, national's events at the hub, and receipts say upstream by comparison."""
    monkeypatch.setattr(link, "_COMPARE_SECONDS", 0.01)
    here, there = await country.here(), await country.there()
    async with linked(country, live=True) as above:
        [up] = await write(here, event())
        await until(there, has(there, up))
        [down] = await write(there, event())
        await until(here, has(here, down))

        async def known() -> bool:
            return await above.holds(here, [up]) == {up}

        with anyio.fail_after(20):
            while not await known():
                await anyio.lowlevel.checkpoint()


async def test_a_link_that_breaks_is_made_again(country: Country) -> None:
    """National goes away and comes back; nobody has to do anything."""
    here, there = await country.here(), await country.there()
    failed = anyio.Event()

    async def away(request: httpx2.Request) -> httpx2.Response | None:
        failed.set()
        raise httpx2.ConnectError("", request=request)

    async with linked(country, live=True):
        [before] = await write(here, event())
        await until(there, has(there, before))
        country.between.meddle = away
        [after] = await write(here, event())
        with anyio.fail_after(20):
            await failed.wait()
        country.between.meddle = None
        await until(there, has(there, after))


@pytest.mark.parametrize("fault", ["unpackable", "unforeseen"])
async def test_nothing_upstream_says_ends_the_server(country: Country, fault: str) -> None:
    """Neither an answer that can't be unpacked nor a fault of our own in reading it: the link begins again."""
    here, there = await country.here(), await country.there()
    met = anyio.Event()

    async def meddle(request: httpx2.Request) -> httpx2.Response | None:
        met.set()
        if fault == "unforeseen":
            raise KeyError(request.url.path)
        return httpx2.Response(200, headers={"content-encoding": "gzip"}, content=b"no gzip")

    country.between.meddle = meddle
    async with linked(country, live=True):
        with anyio.fail_after(20):
            await met.wait()
        country.between.meddle = None
        [up] = await write(here, event())
        await until(there, has(there, up))


async def test_a_restore_of_national_withdraws_what_was_said(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also at a hub that copies at night only: it looks whether national is the one it was."""
    monkeypatch.setattr(link, "_LOOK_SECONDS", 0.01)
    here = await country.here()
    [written] = await write(here, event())
    await country.night()
    above = await Above.open(country.hub)
    assert await above.holds(here, [written]) == {written}
    await country.national.catalog.delete(TVER)
    await country.national.catalog.create(TVER)
    async with linked(country, live=False):
        with anyio.fail_after(20):
            while await above.holds(here, [written]):
                await anyio.lowlevel.checkpoint()
