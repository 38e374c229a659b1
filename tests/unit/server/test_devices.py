"""Enrolled devices: used once, refused from the next request, whoever decided it."""

from collections.abc import Awaitable, Callable, Sequence

import anyio
import anyio.lowlevel
import pytest

from server.auth.devices import Devices, may_manage
from server.auth.errors import AlreadyRevoked, NotAllowed, NotEnrolled, UsedInvite
from server.auth.invites import invitation
from server.domain.identity import Identity
from sync.databases.contract import Catalog
from sync.databases.memory import MemoryCatalog

pytestmark = pytest.mark.anyio
NATIONAL = Identity("01KFW000000000000000000N00", "national")


@pytest.fixture
def catalog() -> Catalog:
    return MemoryCatalog()


async def test_a_device_is_known_with_what_its_invite_said(catalog: Catalog) -> None:
    """Role, chapters and pseudonym come from the enrolment, and are what every later request is judged by."""
    devices = await Devices.open(catalog)
    enrolled = await devices.enrol(invitation("coordinator", ["moscow"], 1, ["moscow"]), "Fox")
    assert enrolled.device is not None
    assert await devices.identify(enrolled.device) == Identity(enrolled.device, "coordinator", ("moscow",), "Fox")
    with pytest.raises(NotEnrolled):
        await devices.identify("01KFW000000000000000000N0B")


async def test_an_invite_lets_one_device_in_whichever_process_it_reaches(catalog: Catalog) -> None:
    """Two processes on one store, ten tries at once: one device, nine times UsedInvite, and no half device."""
    processes = [await Devices.open(catalog), await Devices.open(catalog)]
    invited = invitation("volunteer", ["moscow"], 1, ["moscow"])
    outcomes: list[object] = []

    async def attempt(devices: Devices) -> None:
        try:
            outcomes.append(await devices.enrol(invited, "Fox"))
        except UsedInvite as error:
            outcomes.append(error)

    async with anyio.create_task_group() as tasks:
        for number in range(10):
            tasks.start_soon(attempt, processes[number % 2])
    assert sum(isinstance(outcome, Identity) for outcome in outcomes) == 1
    assert len(await processes[0].everyone()) == 1


async def test_a_revocation_holds_at_every_process_when_it_is_done(catalog: Catalog) -> None:
    """Whoever had just let the device in refuses it from the moment the revocation returns elsewhere."""
    here, there = await Devices.open(catalog, lease=0.2), await Devices.open(catalog, lease=0.2)
    enrolled = await here.enrol(invitation("volunteer", ["moscow"], 1, ["moscow"]), "Fox")
    device = str(enrolled.device)
    answers: list[bool] = []
    revoked = anyio.Event()

    async def keep_asking() -> None:
        while answers[-1:] != [False]:
            known_before = revoked.is_set()
            try:
                answers.append((await here.identify(device)).role == "volunteer")
            except NotEnrolled:
                answers.append(False)
            assert not (known_before and answers[-1])
            await anyio.lowlevel.checkpoint()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(keep_asking)
        while not answers:
            await anyio.lowlevel.checkpoint()
        await there.revoke(device, NATIONAL)
        revoked.set()
    assert answers[0]
    with pytest.raises(NotEnrolled):
        await there.identify(device)
    with pytest.raises(AlreadyRevoked):
        await here.revoke(device, NATIONAL)
    [described] = await here.everyone()
    assert described.revoked is not None


async def test_a_look_is_relied_on_for_a_lease_and_no_longer(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the lease no request asks the store; the first one after it does."""
    clock = [0.0]
    monkeypatch.setattr("server.auth.roll.time.monotonic", lambda: clock[0])
    devices = await Devices.open(catalog, lease=1)
    device = str((await devices.enrol(invitation("national", [], 1, []), "Fox")).device)
    database = await catalog.open("devices")
    looks = 0
    all_docs = database.all_docs

    async def counted(ids: Sequence[str], *, include_docs: bool) -> object:
        nonlocal looks
        looks += 1
        return await all_docs(ids, include_docs=include_docs)

    monkeypatch.setattr(database, "all_docs", counted)
    for now, expected in ((10.0, 1), (10.9, 1), (11.0, 2), (11.5, 2)):
        clock[0] = now
        await devices.identify(device)
        assert looks == expected


async def test_many_requests_share_one_reading(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred requests that arrive together cost a few looks at the store, not a hundred."""
    devices = await Devices.open(catalog, lease=0)
    device = str((await devices.enrol(invitation("national", [], 1, []), "Fox")).device)
    database = await catalog.open("devices")
    looks = 0

    def counted(read: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
        async def look(*arguments: object, **named: object) -> object:
            nonlocal looks
            looks += 1
            await anyio.lowlevel.checkpoint()
            return await read(*arguments, **named)

        return look

    for reading in ("get", "all_docs", "changes"):
        monkeypatch.setattr(database, reading, counted(getattr(database, reading)))
    async with anyio.create_task_group() as tasks:
        for _ in range(100):
            tasks.start_soon(devices.identify, device)
    assert 1 <= looks <= 5


async def test_a_failed_reading_answers_nobody(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the store fails, those who waited for that reading fail or look again; none is answered from old knowledge."""
    devices = await Devices.open(catalog, lease=0)
    device = str((await devices.enrol(invitation("national", [], 1, []), "Fox")).device)
    await devices.identify(device)
    database = await catalog.open("devices")

    async def broken(*_: object, **__: object) -> object:
        await anyio.lowlevel.checkpoint()
        raise OSError

    for reading in ("get", "all_docs", "changes"):
        monkeypatch.setattr(database, reading, broken)
    failures = 0

    async def ask() -> None:
        nonlocal failures
        try:
            await devices.identify(device)
        except OSError:
            failures += 1

    async with anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(ask)
    assert failures == 5


async def test_nobody_revokes_beyond_its_reach(catalog: Catalog) -> None:
    """NotAllowed for another chapter's device, for a fellow coordinator, for one that is not there."""
    devices = await Devices.open(catalog)
    coordinator = Identity("01KFW000000000000000000C00", "coordinator", ("moscow",))
    tver = await devices.enrol(invitation("volunteer", ["tver"], 1, ["tver"]), "Fox")
    fellow = await devices.enrol(invitation("coordinator", ["moscow"], 1, ["moscow"]), "Owl")
    for device in (str(tver.device), str(fellow.device), "01KFW000000000000000000N0B"):
        with pytest.raises(NotAllowed):
            await devices.revoke(device, coordinator)


@pytest.mark.parametrize(
    ("role", "chapters", "allowed"),
    [
        ("volunteer", ["moscow"], True),
        ("volunteer", ["moscow", "tver"], False),
        ("volunteer", [], True),
        ("coordinator", ["moscow"], False),
        ("national", [], False),
        ("hub", ["moscow"], False),
    ],
)
async def test_what_a_coordinator_may_manage(role: str, chapters: list[str], *, allowed: bool) -> None:
    """Volunteers whose chapters are all its own; a volunteer manages nobody, a national coordinator everybody."""
    assert may_manage(Identity("d", "coordinator", ("moscow",)), role, chapters) is allowed
    assert may_manage(Identity("d", "volunteer", ("moscow",)), role, chapters) is False
    assert may_manage(NATIONAL, role, chapters) is True
