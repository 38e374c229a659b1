"""Who may do what at `/db`: the domain's rules hold at the door, for every role and every way of writing."""

import pytest

from server.domain.identifiers import new_ulid
from tests.protocol.server.house import EVENT, House


def test_without_a_token_nothing_opens(house: House) -> None:
    """401 for no token, a token that was not signed here, and other schemes."""
    assert house.client.get("/db/register").status_code == 401
    for header in ("Bearer nonsense", "Bearer", "Basic dXNlcjpwYXNz"):
        assert house.client.get("/db/register", headers={"Authorization": header}).status_code == 401


def test_a_device_reads_the_register_and_its_own_chapter(house: House) -> None:
    """A volunteer opens its chapter and the register, and no other chapter."""
    volunteer = house.join("volunteer", "moscow")
    assert volunteer.get("/db/register/_all_docs").status_code == 200
    assert volunteer.get("/db/chapter-moscow/_changes").status_code == 200
    assert volunteer.get("/db/chapter-tver/_changes").status_code == 403
    assert (
        volunteer.put("/db/register/theme:x", json={"type": "theme", "schema": 1, "name": {"en": "x"}}).status_code
        == 403
    )


@pytest.mark.parametrize("role", ["volunteer", "coordinator", "national", "hub"])
def test_nobody_reaches_the_devices(house: House, role: str) -> None:
    """`devices` is the server's own: 403 for every role, for reading, writing and administering."""
    device = house.join(role, *([] if role == "national" else ["moscow"]))
    assert device.get("/db/devices").status_code == 403
    assert device.get("/db/devices/_all_docs").status_code == 403
    assert device.get(f"/db/devices/device:{device.id}").status_code == 403
    assert device.post("/db/devices/_bulk_docs", json={"docs": []}).status_code == 403
    assert device.delete("/db/devices").status_code == 403


def test_a_refused_document_does_not_hold_up_the_others(house: House) -> None:
    """One batch: the own sheet is stored, another's sheet is refused with the reason, by replication too."""
    mine, other = house.join("volunteer", "moscow"), house.join("volunteer", "moscow")
    for extra in ({}, {"new_edits": False}):
        docs = [mine.sheet(heads=1), other.sheet(heads=9), {"_id": "sheet:x", "type": "sheet"}]
        if extra:
            docs = [{**doc, "_rev": "1-abc", "_revisions": {"start": 1, "ids": ["abc"]}} for doc in docs]
        answer = mine.post("/db/chapter-moscow/_bulk_docs", json={"docs": docs, **extra})
        rows = {row["id"]: row for row in answer.json()}
        assert rows[other.sheet()["_id"]]["error"] == "forbidden"
        assert rows[other.sheet()["_id"]]["rule"] == "others-sheet"
        assert rows["sheet:x"]["error"] == "forbidden"
        assert rows["sheet:x"]["reason"]
        assert rows["sheet:x"]["rule"] == "missing"
        assert "error" not in rows.get(mine.sheet()["_id"], {})
    assert mine.get(f"/db/chapter-moscow/{mine.sheet()['_id']}").status_code == 200
    assert mine.get(f"/db/chapter-moscow/{other.sheet()['_id']}").status_code == 404


def test_what_is_stored_decides_about_events_and_closings(house: House) -> None:
    """A volunteer changes only events it made; nobody rewrites a closing."""
    volunteer, coordinator = house.join("volunteer", "moscow"), house.join("coordinator", "moscow")
    rev = coordinator.write({**EVENT, "device": coordinator.id})
    taken = volunteer.put(f"/db/chapter-moscow/{EVENT['_id']}", json={**EVENT, "_rev": rev, "device": volunteer.id})
    assert taken.status_code == 403
    closing = coordinator.closing(basis="tally", heads=5)
    rev = coordinator.write(closing)
    again = coordinator.put(f"/db/chapter-moscow/{closing['_id']}", json={**closing, "heads": 6, "_rev": rev})
    assert again.status_code == 403


@pytest.mark.parametrize("role", ["volunteer", "coordinator"])
@pytest.mark.parametrize("counted", [True, False])
def test_the_sheet_of_a_device_is_not_taken_over_as_paper(house: House, role: str, counted: bool) -> None:
    """Not on top of what it counted, not beside it, and not before it begins; its own next count is stored."""
    victim, thief = house.join("volunteer", "moscow"), house.join(role, "moscow")
    if counted:
        victim.write(victim.sheet(heads=3))
    rev = victim.get(f"/db/chapter-moscow/{victim.sheet()['_id']}").json().get("_rev")
    forged = {**victim.sheet(heads=900), "paper": {"by": thief.id}}
    path = f"/db/chapter-moscow/{forged['_id']}"
    assert thief.put(path, json={**forged, **({"_rev": rev} if rev else {})}).status_code == 403
    beside = {**forged, "_rev": "1-fff", "_revisions": {"start": 1, "ids": ["fff"]}}
    answer = thief.post("/db/chapter-moscow/_bulk_docs", json={"docs": [beside], "new_edits": False})
    assert [row["error"] for row in answer.json()] == ["forbidden"]
    victim.write({**victim.sheet(heads=4), **({"_rev": rev} if rev else {})})
    house.settle()
    totals = house.join("coordinator", "moscow").get(f"/api/totals/events/{EVENT['_id']}").json()
    assert totals["heads"] == 4


def test_a_sheet_that_was_typed_in_from_paper_is_corrected_by_another_phone(house: House) -> None:
    """Its number is no device's; it stays paper."""
    first, second = house.join("volunteer", "moscow"), house.join("volunteer", "moscow")
    number = new_ulid()
    paper = {**first.sheet(heads=5), "_id": first.sheet()["_id"].replace(first.id, number), "device": number}
    rev = first.write({**paper, "paper": {"by": first.id}})
    again = {**paper, "heads": {"added": 6, "removed": 0}, "_rev": rev}
    assert second.put(f"/db/chapter-moscow/{paper['_id']}", json=again).status_code == 403
    second.write({**again, "paper": {"by": second.id}})


def test_a_volunteer_changes_no_report_of_another(house: House) -> None:
    """Nor makes it its own: what is stored decides."""
    mine, other = house.join("volunteer", "moscow"), house.join("volunteer", "moscow")
    report = {"_id": f"report:{new_ulid()}", "type": "report", "schema": 1, "chapter": "moscow", "kind": "address"}
    report |= {"prisoner": f"prisoner:{new_ulid()}", "on": "2026-03-05", "note": "Came back", "device": mine.id}
    rev = mine.write(report)
    path = f"/db/chapter-moscow/{report['_id']}"
    assert other.put(path, json={**report, "device": other.id, "note": "", "_rev": rev}).status_code == 403
    assert mine.put(path, json={**report, "note": "Came back twice", "_rev": rev}).status_code == 201


def test_a_revoked_device_is_refused_from_the_next_request(house: House) -> None:
    """Its token is worth nothing at once, at every door."""
    volunteer = house.join("volunteer", "moscow")
    browser = house.sign_in("coordinator", "moscow")
    assert volunteer.get("/db/chapter-moscow").status_code == 200
    assert browser.post(f"/dashboard/devices/{volunteer.id}/revoke").status_code == 303
    assert volunteer.get("/db/chapter-moscow").status_code == 401
    assert volunteer.post("/api/receipts", json={"database": "chapter-moscow", "revs": {}}).status_code == 401


def test_a_slash_at_the_end_is_the_same_database(house: House) -> None:
    """PouchDB asks for `/db/name/`; it is answered there, not sent elsewhere."""
    volunteer = house.join("volunteer", "moscow")
    assert volunteer.get("/db/chapter-moscow/", follow_redirects=False).status_code == 200
    assert house.client.get("/db/", follow_redirects=False).status_code == 200
