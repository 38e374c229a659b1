"""Who may do what at `/db`: the domain's rules hold at the door, for every role and every way of writing."""

import pytest

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
        assert rows["sheet:x"]["error"] == "forbidden"
        assert rows["sheet:x"]["reason"]
        assert "error" not in rows.get(mine.sheet()["_id"], {})
    assert mine.get(f"/db/chapter-moscow/{mine.sheet()['_id']}").status_code == 200
    assert mine.get(f"/db/chapter-moscow/{other.sheet()['_id']}").status_code == 404


def test_what_is_stored_decides_about_events_and_closings(house: House) -> None:
    """A volunteer changes only events it made; nobody rewrites a closing."""
    volunteer, coordinator = house.join("volunteer", "moscow"), house.join("coordinator", "moscow")
    rev = coordinator.write({**EVENT, "device": coordinator.id})
    taken = volunteer.put(f"/db/chapter-moscow/{EVENT['_id']}", json={**EVENT, "_rev": rev, "device": volunteer.id})
    assert taken.status_code == 403
    closing = {
        "_id": f"closing:{EVENT['_id'].partition(':')[2]}:01KFW0000000000000000000C0",
        "type": "closing",
        "schema": 1,
        "event": EVENT["_id"],
        "chapter": "moscow",
        "device": coordinator.id,
        "basis": "tally",
        "heads": 5,
    }
    rev = coordinator.write(closing)
    again = coordinator.put(f"/db/chapter-moscow/{closing['_id']}", json={**closing, "heads": 6, "_rev": rev})
    assert again.status_code == 403


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
