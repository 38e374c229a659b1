"""The nightly job between a hub and national: what it copies, proves, survives and says."""

import httpx2
import msgspec
import pytest

from server.hub.above import Above
from server.hub.nights import hubs
from server.jobs import report
from server.jobs.report import Exit
from sync.documents import Document
from sync.replication import agree
from tests.protocol.jobs.country import TVER, Country, event, row, write

pytestmark = pytest.mark.anyio


async def test_a_night_makes_both_sides_equal(country: Country) -> None:
    """What entered at the hub is at national, what is national's is at the hub, and the digests say so."""
    here = await country.here()
    await write(here, *(event() for _ in range(5)))
    await write(await country.there(), *(event() for _ in range(3)))
    night = await country.night()
    assert night.exit == Exit.WELL
    assert (row(night).pushed, row(night).pulled, row(night).agreement) == (5, 3, "equal")
    assert await agree(here, await country.there())
    assert row(night).digest == (await (await country.there()).digest())[0].hash
    assert row(night, "register").agreement == "equal"
    assert night.backup is not None
    assert night.backup.whole
    assert night.totals is not None
    assert (night.totals.events, night.totals.differing) == (8, [])
    again = await country.night()
    assert (row(again).pushed, row(again).pulled, again.exit) == (0, 0, Exit.WELL)


async def test_the_register_is_only_fetched(country: Country) -> None:
    """A document that got into the hub's register is not sent up, and the report names it as a difference."""
    [stray] = await write(await country.here("register"), Document(id="theme:ours", body=b'{"type":"theme"}'))
    night = await country.night()
    assert night.exit == Exit.DIFFERENT
    assert row(night, "register").differing == [stray]
    assert row(night, "register").pushed == 0
    assert row(night).agreement == "equal"


async def test_a_refused_document_is_named_and_holds_nothing_up(country: Country) -> None:
    """National's rules refuse it every night; the rest is there, and the reason quotes nothing of the document."""
    here = await country.here()
    good = await write(here, event())
    [bad] = await write(here, event(kind="Ivan Petrov"))
    for _ in range(2):
        night = await country.night()
        assert night.exit == Exit.DIFFERENT
        told = row(night)
        assert [(one.id, one.error) for one in told.refused] == [(bad, "forbidden")]
        assert "Ivan" not in msgspec.json.encode(night).decode()
        assert (told.agreement, told.differing) == ("different", [bad])
    assert (await (await country.there()).get(good[0])).rev


async def test_a_lost_document_is_found_by_the_digest_and_offered_again(country: Country) -> None:
    """Where the checkpoints say that all was sent and upstream lacks it all the same, the comparison mends it."""
    here = await country.here()
    [lost, *_] = await write(here, *(event() for _ in range(40)))
    await country.night()
    there = await country.there()
    await there.purge({lost: [(await there.get(lost)).rev]})
    night = await country.night()
    assert (row(night).agreement, row(night).pushed, night.exit) == ("equal", 1, Exit.WELL)
    assert await agree(here, there)


async def test_one_chapter_that_fails_does_not_stop_the_others(country: Country) -> None:
    """Where upstream refuses one database, the next is replicated all the same, and the exit code says that one failed."""
    await write(await country.here(), event())

    async def refuse_register(request: httpx2.Request) -> httpx2.Response | None:
        if "/db/register" not in request.url.path:
            return None
        return httpx2.Response(403, json={"error": "forbidden", "reason": "not you"})

    country.between.meddle = refuse_register
    night = await country.night()
    assert night.exit == Exit.FAILED
    assert row(night, "register").problem.startswith("forbidden")
    assert row(night).agreement == "equal"


async def test_a_peer_that_hangs_is_given_up_in_time(country: Country) -> None:
    """No progress for the patience there is: that database is stopped and called stalled; the backup is made all the same."""
    await write(await country.here(), event())

    async def hang(request: httpx2.Request) -> httpx2.Response | None:
        if request.url.path.endswith("/_revs_diff"):
            raise httpx2.ReadTimeout("", request=request)
        return None

    country.between.meddle = hang
    night = await country.night(patience=4)
    assert night.exit == Exit.STALLED
    assert row(night).stalled
    assert "stalled" in row(night).problem
    assert night.backup is not None
    assert night.backup.whole
    country.between.meddle = None
    assert (await country.night()).exit == Exit.WELL


async def test_upstream_that_is_away_is_a_night_without_copying(country: Country) -> None:
    """Everything that can be done alone is done; the next night goes on."""
    await country.night()
    await write(await country.here(), event())

    async def nobody(request: httpx2.Request) -> httpx2.Response | None:
        raise httpx2.ConnectError("", request=request)

    country.between.meddle = nobody
    night = await country.night(patience=4)
    assert night.exit in (Exit.FAILED, Exit.STALLED)
    assert night.problem
    assert night.backup is not None
    assert night.backup.whole
    assert row(night).digest
    country.between.meddle = None
    assert row(await country.night()).pushed == 1


async def test_national_hears_of_the_night(country: Country) -> None:
    """What the hub did, for its own chapters, by national's clock."""
    await write(await country.here(), event(), event())
    night = await country.night()
    [heard] = (await hubs(country.national.devices, country.national.nights)).told
    assert (heard.device, heard.chapters) == (country.member.device, ("tver",))
    told = {one.database: one for one in heard.night.databases}
    assert set(told) == {"register", TVER}
    assert (told[TVER].pushed, told[TVER].digest) == (2, row(night).digest)


async def test_receipts_say_upstream_only_for_what_was_seen_there(country: Country) -> None:
    """Not before the night, not for what was refused or written since, and no more after national was restored."""
    here, above = await country.here(), await Above.open(country.hub)
    [good] = await write(here, event())
    [bad] = await write(here, event(kind="nothing"))
    assert await above.holds(here, [good, bad]) == frozenset()
    await country.night()
    assert await above.holds(here, [good, bad]) == {good}
    [later] = await write(here, event())
    edited = await here.get(good)
    await write(here, Document(id=good, rev=edited.rev, body=edited.body))
    assert await above.holds(here, [good, bad, later]) == frozenset()
    await country.night()
    assert await above.holds(here, [good, bad, later]) == {good, later}
    assert not await above.confirm(TVER, "another epoch")
    assert await above.holds(here, [good, later]) == frozenset()
    await country.night()
    assert await above.holds(here, [good, later]) == {good, later}


async def test_a_report_is_there_from_the_beginning(country: Country) -> None:
    """A job that is killed leaves a report without an end, with what it had done."""

    async def look(request: httpx2.Request) -> httpx2.Response | None:
        if TVER in request.url.path:
            night = report.latest(country.settings.data)
            assert night is not None
            assert night.ended is None
            assert row(night, "register").agreement == "equal"
        return None

    country.between.meddle = look
    assert (await country.night()).exit == Exit.WELL
