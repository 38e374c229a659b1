"""`GET /api/totals…` and `POST /api/receipts`."""

from typing import Any, NamedTuple

import pytest

from tests.protocol.server.house import EVENT, Device, House

ANNA, BORIS = "prisoner:01KFW000000000000000000P01", "prisoner:01KFW000000000000000000P02"


class Counted(NamedTuple):
    """The house, the coordinator who made EVENT, and one of the two volunteers who counted there."""

    house: House
    coordinator: Device
    one: Device


@pytest.fixture
def counted(house: House) -> Counted:
    """Two phones counted at one event; a coordinator made it."""
    coordinator = house.join("coordinator", "moscow")
    coordinator.write({**EVENT, "device": coordinator.id})
    one, two = house.join("volunteer", "moscow"), house.join("volunteer", "moscow")
    one.write(one.sheet(heads=30, letters={ANNA: 2, None: 3}))
    two.write(two.sheet(heads=12, letters={ANNA: 1, BORIS: 1}))
    house.settle()
    return Counted(house, coordinator, one)


def test_totals_of_country_chapter_and_event_agree(counted: Counted) -> None:
    """One event in one chapter: the same numbers at every level, recipients counted once."""
    national = counted.house.join("national")
    paths = ("/api/totals", "/api/totals/chapters/moscow", f"/api/totals/events/{EVENT['_id']}")
    for path in paths:
        totals = national.get(path).json()
        expected = {"events": 1, "heads": 42, "letters": 7, "cards": 0, "handmade": 0, "written": 7, "recipients": 2}
        assert {key: totals[key] for key in expected} == expected
        assert totals["sent"] == 0
        assert totals["declared"]["closings"] == 0
        assert totals["pending"] == {"events": 1, "letters": 7, "orphans": 0}


@pytest.mark.parametrize(
    ("query", "events"),
    [
        ("from=2026-03-05&to=2026-03-05", 1),
        ("from=2026-03-06", 0),
        ("to=2026-03-04", 0),
        ("theme=spring", 1),
        ("theme=autumn", 0),
        ("from=&to=&theme=", 1),
    ],
)
def test_totals_of_days_and_themes(counted: Counted, query: str, events: int) -> None:
    """Days are those of the event's own place, both included."""
    assert counted.coordinator.get(f"/api/totals?{query}").json()["events"] == events


@pytest.mark.parametrize(
    ("query", "field"), [("from=today", "from"), ("to=2026-13-01", "to"), ("theme=A B", "theme"), ("x=1", "x")]
)
def test_a_bad_parameter_is_named(counted: Counted, query: str, field: str) -> None:
    """400 with the parameter's name."""
    answer = counted.coordinator.get(f"/api/totals?{query}")
    assert answer.status_code == 400
    assert answer.json()["reason"].startswith(f"{field}:")


def test_totals_are_for_coordinators_of_their_own_chapters(counted: Counted) -> None:
    """Volunteers see none; a coordinator sees the country's sums, its own chapter and its events."""
    stranger = counted.house.join("coordinator", "tver")
    assert counted.house.client.get("/api/totals").status_code == 401
    assert counted.one.get("/api/totals").status_code == 403
    assert counted.coordinator.get("/api/totals/chapters/moscow").status_code == 200
    assert stranger.get("/api/totals/chapters/moscow").status_code == 403
    assert stranger.get(f"/api/totals/events/{EVENT['_id']}").status_code == 403
    assert stranger.get("/api/totals").status_code == 200


def test_what_is_not_there_is_not_found(counted: Counted) -> None:
    """404 for a chapter and an event nobody knows."""
    national = counted.house.join("national")
    assert national.get("/api/totals/chapters/nowhere").status_code == 404
    assert national.get("/api/totals/events/event:01KFW0000000000000000000NO").status_code == 404


def test_a_receipt_says_stored_and_counted(counted: Counted) -> None:
    """Each revision is answered for itself: an old one, the present one, one nobody has."""
    sheet = counted.one.sheet(heads=31)
    path = f"/db/chapter-moscow/{sheet['_id']}"
    old = counted.one.get(path).json()["_rev"]
    new = counted.one.put(path, json={**sheet, "_rev": old}).json()["rev"]
    counted.house.settle()
    for rev, expected in ((old, True), (new, True), ("9-abc", False)):
        answer = counted.one.post("/api/receipts", json={"database": "chapter-moscow", "revs": {sheet["_id"]: rev}})
        assert answer.json() == {sheet["_id"]: {"stored": expected, "counted": expected, "upstream": False}}


def test_both_sides_of_a_conflict_are_receipted(counted: Counted) -> None:
    """A copy of a sheet that lost is stored and counted all the same: its numbers are in the merged one."""
    sheet = counted.one.sheet(heads=50)
    path = f"/db/chapter-moscow/{sheet['_id']}"
    winner = counted.one.get(path).json()["_rev"]
    clone = {**sheet, "_rev": "1-0000", "_revisions": {"start": 1, "ids": ["0000"]}}
    counted.one.post("/db/chapter-moscow/_bulk_docs", json={"docs": [clone], "new_edits": False})
    counted.house.settle()
    for rev in (winner, "1-0000"):
        answer = counted.one.post("/api/receipts", json={"database": "chapter-moscow", "revs": {sheet["_id"]: rev}})
        assert answer.json()[sheet["_id"]] == {"stored": True, "counted": True, "upstream": False}
    counted.house.settle()
    merged = counted.one.get(path + "?conflicts=true").json()
    assert merged["heads"]["added"] == 50
    assert "_conflicts" not in merged
    assert sum(line["added"] for line in merged["letters"]) == 5


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"database": "chapter-moscow", "revs": {}}, 200),
        ({"database": "chapter-moscow", "revs": {"sheet:x": "x"}}, 400),
        ({"database": "chapter-moscow"}, 400),
        ({"database": "chapter-tver", "revs": {}}, 403),
        ({"database": "devices", "revs": {}}, 403),
        ({"database": "chapter-nowhere", "revs": {}}, 403),
    ],
)
def test_receipts_are_for_who_may_read(counted: Counted, body: dict[str, Any], status: int) -> None:
    """The same rights as reading the database; a malformed request is named."""
    assert counted.one.post("/api/receipts", json=body).status_code == status
