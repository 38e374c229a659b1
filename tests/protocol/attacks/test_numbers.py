"""What the numbers say when what was written is odd: misplaced, repeated, negative, rival or late."""

import json
from typing import Any

from tests.protocol.server.house import EVENT, Device, House

ULID = EVENT["_id"].partition(":")[2]
PRISONERS = [f"prisoner:01KFW0000000000000000000P{number}" for number in range(4)]


def _event(ulid_end: str, **fields: Any) -> dict[str, Any]:
    return {**EVENT, "_id": f"event:01KFW0000000000000000000{ulid_end}", **fields}


def _sheet(device: Device, event: str = EVENT["_id"], chapter: str = "moscow", **fields: Any) -> dict[str, Any]:
    doc_id = f"sheet:{event.partition(':')[2]}:{device.id}"
    return {**device.sheet(heads=1), "_id": doc_id, "event": event, "chapter": chapter, **fields}


def _line(to: str | None, added: int, removed: int = 0, kind: str = "letter", origin: str = "here") -> dict[str, Any]:
    return {"to": to, "kind": kind, "origin": origin, "added": added, "removed": removed}


def _totals(house: House, device: Device, path: str = "") -> dict[str, Any]:
    house.settle()
    answer = device.get(f"/api/totals{path}")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_an_event_named_by_another_chapter_stays_its_own_chapters(house: House) -> None:
    """A sheet, or even an event, of the same id elsewhere neither hides an event nor shows it nor changes its numbers."""
    owner, counting = house.join("coordinator", "tver"), house.join("volunteer", "tver")
    intruder, curious = house.join("volunteer", "moscow"), house.join("coordinator", "moscow")
    national = house.join("national")
    owner.write({**EVENT, "chapter": "tver"}, "chapter-tver")
    counting.write(_sheet(counting, chapter="tver", heads={"added": 30, "removed": 0}), "chapter-tver")
    intruder.write(_sheet(intruder, heads={"added": 5, "removed": 0}))
    assert _totals(house, owner, f"/events/{EVENT['_id']}")["heads"] == 30
    assert _totals(house, national, f"/events/{EVENT['_id']}")["heads"] == 30
    assert _totals(house, curious, f"/events/{EVENT['_id']}")["heads"] == 5
    intruder.write({**EVENT, "device": intruder.id})
    assert _totals(house, owner, f"/events/{EVENT['_id']}")["heads"] == 30
    assert _totals(house, curious, f"/events/{EVENT['_id']}")["heads"] == 5
    assert _totals(house, national)["heads"] == 35
    assert house.sign_in("coordinator", "tver").get(f"/dashboard/events/{EVENT['_id']}").status_code == 200


def test_lines_are_valued_one_by_one(house: House) -> None:
    """More taken back than added is nothing, a repeated line is a sum, no name is no recipient, an unknown one is."""
    national, one, two = house.join("national"), house.join("volunteer", "moscow"), house.join("volunteer", "moscow")
    known, unknown, nobody, _ = PRISONERS
    one.write(
        _sheet(
            one,
            heads={"added": 1, "removed": 9},
            letters=[
                _line(known, 2),
                _line(known, 3),
                _line(None, 7),
                _line(unknown, 1, kind="card"),
                _line(nobody, 1, 5),
                _line(nobody, 0, origin="brought"),
            ],
        )
    )
    two.write(
        _sheet(two, heads={"added": 4, "removed": 1}, letters=[_line(known, 1, kind="handmade"), _line(nobody, 2, 2)])
    )
    told = _totals(house, national)
    expected = {"heads": 3, "letters": 12, "cards": 1, "handmade": 1, "written": 14, "recipients": 2, "events": 1}
    assert {name: told[name] for name in expected} == expected
    assert told["pending"]["orphans"] == 1


def test_recipients_are_distinct_at_every_level(house: House) -> None:
    """The same prisoners at two events of two chapters are counted once above them, and once in each."""
    national = house.join("national")
    for chapter, ends in (("moscow", ("A1", "A2")), ("tver", ("A3",))):
        device = house.join("volunteer", chapter)
        for end in ends:
            event = _event(end)["_id"]
            document = _sheet(device, event, chapter, letters=[_line(PRISONERS[0], 1), _line(PRISONERS[1], 2)])
            device.write(document, f"chapter-{chapter}")
    assert _totals(house, national)["recipients"] == 2
    assert _totals(house, national)["written"] == 9
    for path in ("/chapters/moscow", "/chapters/tver", f"/events/{_event('A1')['_id']}"):
        assert _totals(house, national, path)["recipients"] == 2


def test_a_day_is_a_day_at_the_place_of_the_event(house: House) -> None:
    """`from` and `to` go by the date in the event's zone, however its start is written; orphans are on no day."""
    national, device = house.join("national"), house.join("volunteer", "moscow")
    starts = {
        "B1": ("2026-03-05T22:30:00Z", "Europe/Moscow"),  # half past one the next morning
        "B2": ("2026-03-06T00:30:00+03:00", "Europe/Moscow"),
        "B3": ("2026-03-05T23:30:00+03:00", "Asia/Kamchatka"),
        "B4": ("2026-03-06T22:30:00Z", "Nowhere/At-All"),
        "B5": ("2026-03-06T23:59:59-11:00", None),
    }
    for end, (start, zone) in starts.items():
        event = _event(end, starts=start, zone=zone, device=device.id)
        device.write(event)
        device.write(_sheet(device, event["_id"]))
    device.write(_sheet(device, _event("B9")["_id"]))
    assert _totals(house, national, "?from=2026-03-06&to=2026-03-06")["heads"] == 5
    assert _totals(house, national, "?from=2026-03-07")["heads"] == 0
    assert _totals(house, national, "?to=2026-03-05")["heads"] == 0
    assert _totals(house, national)["heads"] == 6
    for wrong in ("from=x", "from=2026-02-30", "to=2026-13-01", "theme=%3Cb%3E", "day=1", "theme=a%00"):
        assert national.get(f"/api/totals?{wrong}").status_code == 400, wrong


def test_an_event_is_shown_on_the_day_it_counts_on(house: House) -> None:
    """However its start is written, in lists, files and on its page; and those of one day in the order of its clocks."""
    coordinator, browser = house.join("coordinator", "moscow"), house.sign_in("coordinator", "moscow")
    for end, title, starts in (
        ("D1", "Midnight", "2026-02-28T22:30:00Z"),
        ("D2", "Noon", "2026-03-01T09:00:00Z"),
        ("D3", "Morning", "2026-03-01T10:00:00+03:00"),
    ):
        coordinator.write(_event(end, title=title, starts=starts, status="closed"))
    house.settle()
    about = browser.get(f"/dashboard/events/{_event('D1')['_id']}?lang=en").text
    assert "1 March 2026, 01:30" in about
    for path in ("chapters/moscow?month=2026-03&", "report?month=2026-03&", "look/unclosed?"):
        page = browser.get(f"/dashboard/{path}lang=en").text
        assert (page.count(">1 March 2026</"), page.count("28 February 2026")) == (3, 0), path
        assert page.index("Noon</") < page.index("Morning</") < page.index("Midnight</"), "the latest first"
    table = browser.get("/dashboard/tables/chapters/moscow.csv?month=2026-03").text
    assert [line.split(",")[1] for line in table.splitlines()[1:]] == [
        "2026-03-01 12:00",
        "2026-03-01 10:00",
        "2026-03-01 01:30",
    ]


def _closing(device: Device, end: str, heads: int | None, **fields: Any) -> dict[str, Any]:
    common = {
        "type": "closing",
        "schema": 1,
        "event": EVENT["_id"],
        "chapter": "moscow",
        "device": device.id,
        "basis": "recount",
    }
    return {**common, "_id": f"closing:{ULID}:01KFW0000000000000000000{end}", "heads": heads, **fields}


def test_closings_replace_only_by_naming(house: House) -> None:
    """Rivals are decided alike whatever came first, a chain is followed to its end, nobody rewrites one."""
    one, two = house.join("coordinator", "moscow"), house.join("coordinator", "moscow")
    device = house.join("volunteer", "moscow")
    device.write(_sheet(device, heads={"added": 10, "removed": 0}))
    late = _closing(two, "C2", 22)
    two.write(late)
    assert _totals(house, one)["declared"]["heads"] == 22
    first = _closing(one, "C1", 11)
    rev = one.write(first)
    assert _totals(house, one)["declared"]["heads"] == 11, "the smaller id stands, on every server"
    one.write(_closing(one, "C4", 44, replaces=_closing(one, "C3", 0)["_id"]))
    one.write(_closing(one, "C3", 33, replaces=first["_id"]))
    told = _totals(house, one)
    assert (told["declared"]["heads"], told["declared"]["closings"], told["heads"]) == (44, 1, 10)
    path = f"/db/chapter-moscow/{first['_id']}"
    for author in (one, two):
        assert author.put(path, json={**first, "_rev": rev, "heads": 99}).status_code == 403
        assert author.delete(f"{path}?rev={rev}").status_code == 403
        forged = {**first, "heads": 99, "_rev": "9-z"}
        [row] = author.post("/db/chapter-moscow/_bulk_docs", json={"new_edits": False, "docs": [forged]}).json()
        assert row["error"] == "forbidden"
    rewritten = [_closing(one, "C9", 1, _rev="1-a"), _closing(one, "C9", 2, _rev="1-b", replaces=late["_id"])]
    [row] = one.post("/db/chapter-moscow/_bulk_docs", json={"new_edits": False, "docs": rewritten}).json()
    assert (row["rev"], row["error"]) == ("1-b", "forbidden"), "nor in the batch that brings it"
    for other in (first["_id"], "closing:01KFW0000000000000000000ZZ:01KFW0000000000000000000C1"):
        refused = one.put(
            "/db/chapter-moscow/" + _closing(one, "C1", 1)["_id"], json=_closing(one, "C1", 1, replaces=other)
        )
        assert refused.status_code == 403
    assert _totals(house, one)["declared"]["heads"] == 44


def test_what_was_counted_stays_counted(house: House) -> None:
    """Cancelling or deleting an event, and revoking the device that counted, take nothing away."""
    coordinator, device, national = (
        house.join("coordinator", "moscow"),
        house.join("volunteer", "moscow"),
        house.join("national"),
    )
    rev = coordinator.write(EVENT)
    device.write(_sheet(device, letters=[_line(PRISONERS[0], 4)]))
    ulid = EVENT["_id"].partition(":")[2]
    dispatch = {
        "_id": f"dispatch:{ulid}:{ulid}",
        "type": "dispatch",
        "schema": 1,
        "event": EVENT["_id"],
        "chapter": "moscow",
    }
    coordinator.write({**dispatch, "device": coordinator.id, "on": "2026-03-06", "count": 3, "method": "post"})
    before = _totals(house, national)
    assert (before["written"], before["sent"], before["pending"]["letters"]) == (4, 3, 1)
    rev = coordinator.write({**EVENT, "_rev": rev, "status": "cancelled"})
    assert _totals(house, national)["written"] == 4
    house.sign_in("national").post(f"/dashboard/devices/{device.id}/revoke")
    assert device.get("/db/register").status_code == 401
    assert coordinator.delete(f"/db/chapter-moscow/{EVENT['_id']}?rev={rev}").status_code == 200
    after = _totals(house, national)
    assert (after["written"], after["sent"], after["pending"]["orphans"]) == (4, 3, 1)


def test_counts_are_whole_numbers_within_reason(house: House) -> None:
    """Fractions, truths, texts, negatives and numbers past all reason are refused with the path of the fault."""
    device = house.join("volunteer", "moscow")
    sheet = _sheet(device)
    path = f"/db/chapter-moscow/{sheet['_id']}"
    odds: list[Any] = [1.5, -1, True, "1", None, 2**31, 2**63, 1e300, [], {}]
    for odd in odds:
        answer = device.put(path, json={**sheet, "heads": {"added": odd, "removed": 0}})
        assert answer.status_code == 403, odd
        assert answer.json()["reason"].startswith("heads.added"), odd
        answer = device.put(path, json={**sheet, "letters": [{**_line(None, 1), "removed": odd}]})
        assert answer.json()["reason"].startswith("letters[0].removed") or answer.json()["reason"].startswith(
            "letters["
        ), odd
    twice = json.dumps({**sheet, "heads": {"added": 2, "removed": 0}})[:-1] + ',"heads":{"added":3,"removed":-0}}'
    headers = {**device.headers, "Content-Type": "application/json"}
    assert house.client.put(path, content=twice, headers=headers).status_code == 201
    assert _totals(house, house.join("national"))["heads"] == 3, "the last of two members of one name, as everywhere"
    for field, value in {"device": PRISONERS[0], "event": _event("ZZ")["_id"], "chapter": "tver", "schema": 0}.items():
        assert device.put(path, json={**sheet, field: value}).status_code == 403, field
    line = _line("prisoner:\x00", 1)
    assert device.put(path, json={**sheet, "letters": [line]}).status_code == 403
