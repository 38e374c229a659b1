"""Who may read and write what: an example for every rule."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from server.domain.errors import Forbidden, Invalid
from server.domain.identity import SERVER, Access, Identity
from server.domain.validation import authorize, validate, validate_bytes, validate_deletion

EVENT = "01KG57Q800904F111BE4JDPJPJ"
PHONE = "01KF0E44M06KSTJAB3DD6CQ8PB"
OTHER = "01KF0E44M0R34DBC3YBR431BBH"
MOSCOW = "chapter-moscow"

VOLUNTEER = Identity(PHONE, "volunteer", ("moscow",))
COORDINATOR = Identity(PHONE, "coordinator", ("moscow",))
NATIONAL = Identity(PHONE, "national")
HUB = Identity(OTHER, "hub", ("moscow", "pskov"))
STRANGER = Identity(PHONE, "coordinator", ("pskov",))
EVERYBODY = [VOLUNTEER, COORDINATOR, NATIONAL, HUB, SERVER]


def _who(identity: Identity) -> str:
    return identity.role


def _sheet(device: str = PHONE, **fields: Any) -> dict[str, Any]:
    counters = {"heads": {"added": 1, "removed": 0}, "letters": []}
    common = {"type": "sheet", "schema": 1, "event": f"event:{EVENT}", "device": device, "chapter": "moscow"}
    return {"_id": f"sheet:{EVENT}:{device}", **common, **counters, **fields}


def _event(**fields: Any) -> dict[str, Any]:
    common = {"type": "event", "schema": 1, "chapter": "moscow", "kind": "letters", "title": "Вечер", "status": "open"}
    return {"_id": f"event:{EVENT}", **common, "starts": "2026-01-29T19:00:00+03:00", **fields}


def _of_event(kind: str, **fields: Any) -> dict[str, Any]:
    common = {"type": kind, "schema": 1, "event": f"event:{EVENT}", "chapter": "moscow", "device": PHONE}
    return {"_id": f"{kind}:{EVENT}:{OTHER}", **common, **fields}


CLOSING = _of_event("closing", basis="tally", heads=4, letters=2)
DISPATCH = _of_event("dispatch", on="2026-01-30", count=2, method="post")
REPLY = {
    "_id": f"reply:{OTHER}",
    "type": "reply",
    "schema": 1,
    "chapter": "moscow",
    "device": PHONE,
    "on": "2026-03-01",
}
REPLY |= {"prisoner": f"prisoner:{OTHER}"}
REPORT = {
    "_id": f"report:{OTHER}",
    "type": "report",
    "schema": 1,
    "chapter": "moscow",
    "device": PHONE,
    "on": "2026-03-01",
}
REPORT |= {"prisoner": f"prisoner:{OTHER}", "kind": "returned"}
THEME = {"_id": "theme:science", "type": "theme", "schema": 1, "name": {"en": "Science"}}
COVERAGE = {
    "_id": "coverage",
    "type": "coverage",
    "schema": 1,
    "since": "2026-01-01",
    "until": "2026-02-01",
    "letters": {},
}
DEVICE = {"_id": f"device:{PHONE}", "type": "device", "schema": 1, "pseudonym": "Тихий маяк", "role": "volunteer"}
DEVICE |= {"chapters": ["moscow"], "enrolled": "2026-01-01T10:00:00Z"}


def _refused(
    document: dict[str, Any], identity: Identity, stored: dict[str, Any] | None = None, database: str = MOSCOW
) -> bool:
    """Tell whether a write is forbidden, having seen that both entrances agree."""
    reason = _reason(lambda: validate(document, stored, identity, database))
    if not document.get("_deleted"):
        held = None if stored is None else msgspec.json.encode(stored)
        text = msgspec.json.encode(document)
        assert _reason(lambda: validate_bytes(document["_id"], text, held, identity, database)) == reason
    return reason is not None


def _reason(write: Callable[[], None]) -> str | None:
    try:
        write()
    except Forbidden as error:
        return error.reason
    return None


# Doors

DOORS: list[tuple[str, Identity, Access, bool]] = [
    ("register", VOLUNTEER, "read", True),
    ("register", COORDINATOR, "write", False),
    ("register", NATIONAL, "write", True),
    ("register", HUB, "read", True),
    ("register", HUB, "write", False),
    (MOSCOW, VOLUNTEER, "read", True),
    (MOSCOW, VOLUNTEER, "write", True),
    (MOSCOW, COORDINATOR, "write", True),
    (MOSCOW, STRANGER, "read", False),
    (MOSCOW, STRANGER, "write", False),
    (MOSCOW, NATIONAL, "read", True),
    (MOSCOW, NATIONAL, "write", False),
    (MOSCOW, HUB, "read", True),
    (MOSCOW, HUB, "write", True),
    ("chapter-tver", HUB, "read", False),
    ("devices", NATIONAL, "read", False),
    ("devices", HUB, "read", False),
    ("devices", SERVER, "write", True),
    ("chapter-Москва", NATIONAL, "read", False),
    ("somewhere-else", NATIONAL, "read", True),
    ("somewhere-else", NATIONAL, "write", True),
    ("somewhere-else", NATIONAL, "admin", True),
    ("somewhere-else", COORDINATOR, "read", False),
    ("somewhere-else", HUB, "write", False),
    ("register", NATIONAL, "admin", False),
    ("devices", NATIONAL, "admin", False),
    ("gallery", NATIONAL, "admin", False),
    ("collection-museum", NATIONAL, "write", False),
    ("_users", NATIONAL, "admin", False),
    (MOSCOW, COORDINATOR, "admin", False),
]


def test_a_free_database_takes_any_document_of_a_national_coordinator() -> None:
    """Where the design keeps nothing, documents have no shape to break and may be deleted."""
    validate({"_id": "anything", "n": 1}, None, NATIONAL, "somewhere-else")
    validate_deletion("anything", NATIONAL, "somewhere-else")
    with pytest.raises(Forbidden):
        validate({"_id": "anything", "n": 1}, None, COORDINATOR, "somewhere-else")


@pytest.mark.parametrize(("database", "identity", "access", "expected"), DOORS)
def test_a_door_opens_for_those_it_is_meant_for(
    database: str, identity: Identity, access: Access, expected: bool
) -> None:
    """Reading and writing each database, by role and chapter."""
    if expected:
        authorize(database, identity, access)
    else:
        with pytest.raises(Forbidden):
            authorize(database, identity, access)


# Sheets


@pytest.mark.parametrize("identity", [VOLUNTEER, COORDINATOR, HUB, SERVER], ids=_who)
def test_a_sheet_is_written_by_its_device_and_carried_by_hub_and_server(identity: Identity) -> None:
    """Whoever counts writes its own sheet, coordinators too."""
    assert not _refused(_sheet(), identity)


@pytest.mark.parametrize("identity", [VOLUNTEER, COORDINATOR], ids=_who)
def test_nobody_writes_the_sheet_of_another_device(identity: Identity) -> None:
    """Not even a coordinator: counts have a single writer."""
    assert _refused(_sheet(OTHER), identity)


@pytest.mark.parametrize("identity", [STRANGER, NATIONAL], ids=_who)
def test_nobody_counts_in_a_chapter_that_is_not_theirs(identity: Identity) -> None:
    """The device is right, the chapter is not."""
    assert _refused(_sheet(), identity)


def test_a_sheet_may_arrive_with_lower_counts_than_the_stored_one() -> None:
    """Replication brings old revisions late: refusing them would quarantine honest documents. Merging protects the count."""
    assert not _refused(_sheet(), VOLUNTEER, stored=_sheet(heads={"added": 9, "removed": 3}))


# Sheets of paper

PAPER = "01KG57Q800904F111B7K3QDW52"


@pytest.mark.parametrize("identity", [VOLUNTEER, COORDINATOR, HUB, SERVER], ids=_who)
@pytest.mark.parametrize("by", [PHONE, OTHER])
def test_a_sheet_of_paper_is_typed_in_and_corrected_by_any_device_of_the_chapter(identity: Identity, by: str) -> None:
    """Whoever typed it in first: a phone that joins two copies keeps the name the other one wrote."""
    typed = _sheet(PAPER, paper={"by": by})
    assert not _refused(typed, identity)
    assert not _refused(typed, identity, stored=_sheet(PAPER, paper={"by": OTHER}))


def test_a_sheet_of_paper_stays_in_its_chapter_and_stays_paper() -> None:
    """Strangers don't type it in, and nobody takes the word paper away from it."""
    assert _refused(_sheet(PAPER, paper={"by": PHONE}), STRANGER)
    assert _refused(_sheet(PAPER, paper={"by": PHONE}), NATIONAL)
    assert _refused(_sheet(PAPER), VOLUNTEER, stored=_sheet(PAPER, paper={"by": PHONE}))


@pytest.mark.parametrize("identity", [VOLUNTEER, COORDINATOR], ids=_who)
def test_the_sheet_of_another_device_is_not_made_writable_by_calling_it_paper(identity: Identity) -> None:
    """Else anybody could change what another phone counted."""
    assert _refused(_sheet(OTHER, paper={"by": PHONE}), identity, stored=_sheet(OTHER))
    assert _refused(_sheet(OTHER, paper={"by": PHONE}), identity, stored=_sheet(OTHER, paper=None))


@pytest.mark.parametrize("identity", [VOLUNTEER, COORDINATOR], ids=_who)
def test_nobody_begins_the_sheet_of_another_device_as_paper(identity: Identity) -> None:
    """What is put there first would be counted as if that device had."""
    typed = _sheet(OTHER, paper={"by": PHONE})
    with pytest.raises(Forbidden):
        validate(typed, None, identity, MOSCOW, of_device=True)
    with pytest.raises(Forbidden):
        validate(typed, _sheet(OTHER, paper={"by": PHONE}), identity, MOSCOW, of_device=True)


# Events


@pytest.mark.parametrize("identity", [VOLUNTEER, COORDINATOR, HUB, SERVER], ids=_who)
@pytest.mark.parametrize("device", [PHONE, None])
def test_an_evening_nobody_planned_may_be_made_by_anybody_of_the_chapter(
    identity: Identity, device: str | None
) -> None:
    """Naming the device that made it is allowed, not required."""
    assert not _refused(_event(device=device), identity)


def test_a_volunteer_changes_the_events_it_made_itself() -> None:
    """Its own evening may be renamed or closed by it."""
    assert not _refused(_event(device=PHONE, title="Другой вечер"), VOLUNTEER, stored=_event(device=PHONE))


@pytest.mark.parametrize("maker", [OTHER, None])
def test_a_volunteer_changes_no_other_event(maker: str | None) -> None:
    """Neither one made by another device, nor one that names none, nor by claiming to have made it."""
    assert _refused(_event(device=maker, title="Другой"), VOLUNTEER, stored=_event(device=maker))
    assert _refused(_event(device=PHONE, title="Другой"), VOLUNTEER, stored=_event(device=maker))


def test_a_volunteer_makes_no_event_in_anothers_name() -> None:
    """Else it could hand itself events it may change later."""
    assert _refused(_event(device=OTHER), VOLUNTEER)
    assert _refused(_event(device=OTHER), VOLUNTEER, stored=_event(device=PHONE))


@pytest.mark.parametrize("identity", [COORDINATOR, HUB, SERVER], ids=_who)
def test_coordinators_change_any_event_of_their_chapter(identity: Identity) -> None:
    """Whoever made it."""
    assert not _refused(_event(device=OTHER, title="Другой"), identity, stored=_event(device=OTHER))


# Closings, dispatches, replies


@pytest.mark.parametrize("document", [CLOSING, DISPATCH, REPLY], ids=lambda document: document["type"])
def test_closings_dispatches_and_replies_are_the_coordinators(document: dict[str, Any]) -> None:
    """Volunteers count, coordinators declare and send; nobody from outside does either."""
    assert _refused(document, VOLUNTEER)
    assert _refused(document, STRANGER)
    assert _refused(document, NATIONAL)
    assert not _refused(document, COORDINATOR)
    assert not _refused(document, HUB)


def test_a_closing_is_never_changed() -> None:
    """Not a number, not the note, not a field we do not know; sending the same again is no change."""
    for changed in ({"heads": 5}, {"note": "oops"}, {"unknown": 1}):
        assert _refused(CLOSING | changed, COORDINATOR, stored=CLOSING)
        assert _refused(CLOSING | changed, HUB, stored=CLOSING)
    assert not _refused(CLOSING | {"_rev": "1-abc"}, COORDINATOR, stored=CLOSING)


def test_the_server_takes_over_what_its_upstream_accepted() -> None:
    """Replication on the server's own account is bound by shapes alone."""
    assert not _refused(CLOSING | {"heads": 5}, SERVER, stored=CLOSING)


def test_a_dispatch_may_be_corrected() -> None:
    """It is no declaration: a miscounted bundle is counted again."""
    assert not _refused(DISPATCH | {"count": 3}, COORDINATOR, stored=DISPATCH)


# Reports


@pytest.mark.parametrize("identity", [VOLUNTEER, COORDINATOR, HUB, SERVER], ids=_who)
def test_anybody_of_the_chapter_reports_what_looks_wrong(identity: Identity) -> None:
    """And may add to what it reported."""
    assert not _refused(REPORT, identity)
    assert not _refused(REPORT | {"note": "Again"}, identity, stored=REPORT)


def test_a_volunteer_reports_in_its_own_name() -> None:
    """Neither in another's, nor over what another wrote; and nobody reports in a chapter that is not theirs."""
    assert _refused(REPORT | {"device": OTHER}, VOLUNTEER)
    assert _refused(REPORT, VOLUNTEER, stored=REPORT | {"device": OTHER})
    assert _refused(REPORT, STRANGER)
    assert _refused(REPORT, NATIONAL)


# Register and devices


def test_the_register_is_written_by_national_coordinators() -> None:
    """Everybody else reads it; the coverage document is the server's."""
    assert not _refused(THEME, NATIONAL, database="register")
    assert not _refused(THEME, SERVER, database="register")
    for identity in (VOLUNTEER, COORDINATOR, HUB):
        assert _refused(THEME, identity, database="register")
    assert _refused(COVERAGE, NATIONAL, database="register")
    assert not _refused(COVERAGE, SERVER, database="register")


def test_devices_are_written_by_the_server() -> None:
    """No token opens the database of tokens."""
    assert not _refused(DEVICE, SERVER, database="devices")
    for identity in (VOLUNTEER, COORDINATOR, NATIONAL, HUB):
        assert _refused(DEVICE, identity, database="devices")


@pytest.mark.parametrize("identity", EVERYBODY, ids=_who)
def test_no_code_is_stored(identity: Identity) -> None:
    """A design document is no document of ours, whoever sends it."""
    with pytest.raises((Invalid, Forbidden)):
        validate({"_id": "_design/x", "views": {}}, None, identity, MOSCOW)
    with pytest.raises((Invalid, Forbidden)):
        validate({"_id": "_design/x", "_deleted": True}, None, identity, MOSCOW)


# Deletions


@pytest.mark.parametrize(
    "document", [_sheet(), _event(device=PHONE), CLOSING, DISPATCH, REPLY, REPORT], ids=lambda d: d["type"]
)
def test_a_volunteer_deletes_nothing(document: dict[str, Any]) -> None:
    """Not even its own sheets and events: others may have counted there, and nothing counted is lost."""
    assert _refused({"_id": document["_id"], "_deleted": True}, VOLUNTEER, stored=document)


@pytest.mark.parametrize(
    ("document", "deletable"),
    [(_sheet(), False), (CLOSING, False), (_event(), True), (DISPATCH, True), (REPLY, True), (REPORT, True)],
)
def test_a_coordinator_deletes_what_is_neither_counted_nor_declared(document: dict[str, Any], deletable: bool) -> None:
    """A tombstone needs no body, so the id decides; a body that comes with it does not matter."""
    assert _refused({"_id": document["_id"], "_deleted": True}, COORDINATOR) is not deletable
    assert _refused(document | {"_deleted": True}, COORDINATOR, stored=document) is not deletable
    assert _refused({"_id": document["_id"], "_deleted": True}, STRANGER)


@pytest.mark.parametrize("identity", [HUB, SERVER], ids=_who)
def test_hub_and_server_carry_tombstones(identity: Identity) -> None:
    """The losing branches of a merge are deleted, sheets included, and that must replicate."""
    validate_deletion(_sheet()["_id"], identity, MOSCOW)


def test_deletions_in_the_register_are_nationals() -> None:
    """All but the coverage document."""
    validate_deletion("theme:science", NATIONAL, "register")
    for identifier, identity in (("coverage", NATIONAL), ("theme:science", HUB), ("theme:science", COORDINATOR)):
        with pytest.raises(Forbidden):
            validate_deletion(identifier, identity, "register")


def test_a_tombstone_of_no_document_of_ours_is_invalid() -> None:
    """Even deletions must name something that could exist."""
    with pytest.raises(Invalid):
        validate({"_id": "nonsense", "_deleted": True}, None, COORDINATOR, MOSCOW)
