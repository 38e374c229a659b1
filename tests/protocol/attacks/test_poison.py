"""No document, however it is made, may stop the totals, the feeds or the server for everybody else."""

import json
from typing import Any

from tests.protocol.server.house import EVENT, Device, House

BULK = "/db/chapter-moscow/_bulk_docs"
JSON = {"Content-Type": "application/json"}
UNREADABLE = {
    "no UTF-8": b'"\xff"',
    "no UTF-8 in a name": b'{"\xff": 1}',
    "too great a number": b"1e400",
    "too long a number": b"9" * 5000,
    "half a character": b'"\\udc00"',
    "nested without end": b"[" * 2000 + b"]" * 2000,
}


def _replicate(device: Device, *raw: bytes) -> Any:
    body = b'{"new_edits": false, "docs": [' + b",".join(raw) + b"]}"
    return device._client.post(BULK, content=body, headers={**device.headers, **JSON})


def _with(document: dict[str, Any], rev: str, extra: bytes = b"null") -> bytes:
    return json.dumps({**document, "_rev": rev}).encode()[:-1] + b', "unknown": ' + extra + b"}"


def _heads(house: House) -> int:
    house.settle()
    answer = house.join("national").get("/api/totals")
    assert answer.status_code == 200
    heads: int = answer.json()["heads"]
    return heads


def test_what_cannot_be_read_is_not_stored(house: House) -> None:
    """A value that is no JSON, or that no reader can hold, is refused even in a field nobody knows."""
    device, other = house.join("volunteer", "moscow"), house.join("volunteer", "moscow")
    sheet = device.sheet(heads=3)
    path = f"/db/chapter-moscow/{sheet['_id']}"
    for name, value in UNREADABLE.items():
        assert _replicate(device, _with(sheet, "1-a", value), _with(sheet, "1-b", value)).status_code == 400, name
        put = house.client.put(path, content=_with(sheet, "1-a", value), headers={**device.headers, **JSON})
        assert put.status_code == 400, name
    other.write(other.sheet(heads=2))
    assert _heads(house) == 2


def test_a_number_past_every_double_is_refused_in_its_row(house: House) -> None:
    """JavaScript would make infinity of it, and a CouchDB further on would fail on the whole batch. Others are stored."""
    device = house.join("volunteer", "moscow")
    sheet = device.sheet(heads=3)
    vast = (b"9" * 310, b"-" + b"9" * 4000, b"[1, " + b"9" * 400 + b"]", b'{"a":' + b"1" * 400 + b"}")
    for number in vast:
        [row] = _replicate(device, _with(sheet, "1-a", number), _with(sheet, "1-b")).json()
        assert (row["rev"], row["error"]) == ("1-a", "bad_request"), number
    held = (b"9" * 308, b"0." + b"9" * 400, b'"' + b"9" * 400 + b'"', b"1" + b"0" * 308)
    for generation, number in enumerate(held, 2):
        assert _replicate(device, _with(sheet, f"{generation}-c", number)).json() == [], number
    assert _heads(house) == 3


LINE = {"to": None, "kind": "letter", "origin": "here", "added": 900_000, "removed": 0}


def _people(first: int) -> list[dict[str, Any]]:
    return [
        {**LINE, "to": f"prisoner:01KFW000000000000000{index:06}", "added": 1} for index in range(first, first + 5000)
    ]


def test_copies_that_merge_past_a_limit_stop_nobody(house: House) -> None:
    """Two copies of a sheet that together are no sheet any more stay a conflict; all others are counted."""
    for one, two in (([LINE, LINE], [LINE, LINE]), (_people(0), _people(5000))):
        device = house.join("volunteer", "moscow")
        copies = [{**device.sheet(heads=3), "letters": letters} for letters in (one, two)]
        assert _replicate(device, _with(copies[0], "1-a"), _with(copies[1], "1-b")).json() == []
    other = house.join("volunteer", "tver")
    other.write({**other.sheet(heads=2), "chapter": "tver"}, "chapter-tver")
    assert _heads(house) == 8


REVISIONS = ['1-a","heads":{"added":99', "1-a\r\nX-Evil: 1", "1-a b", "1-я", "1-\\", "1-a\x00"]
REVISIONS += ["0-a", "01-a", "-1-a", "1", "²-a", "١-a", f"{2**63}-a", "9" * 5000 + "-a"]


def test_a_revision_is_a_number_and_a_plain_word(house: House) -> None:
    """What would need escaping in JSON or in a header, and what no client can count up from, is refused as a revision."""
    device = house.join("volunteer", "moscow")
    sheet = device.sheet(heads=1)
    for rev in REVISIONS:
        answer = device.post(BULK, json={"new_edits": False, "docs": [{**sheet, "_rev": rev}]})
        assert answer.status_code == 400 or answer.json()[0]["error"] == "bad_request", rev
        answer = device.put(f"/db/chapter-moscow/{sheet['_id']}", json=sheet, params={"rev": rev, "new_edits": "false"})
        assert answer.status_code == 400, rev
        asked = device.post("/api/receipts", json={"database": "chapter-moscow", "revs": {sheet["_id"]: rev}})
        assert asked.status_code == 400 or not asked.json()[sheet["_id"]]["stored"]
    for ident in ('b"', "b c", "b\r\nX-Evil: 1"):
        history = {"start": 2, "ids": ["a", ident]}
        [row] = device.post(BULK, json={"new_edits": False, "docs": [{**sheet, "_revisions": history}]}).json()
        assert row["error"] == "bad_request"
    assert device.get("/db/chapter-moscow/_changes").json()["results"] == []


def test_the_last_generation_from_outside_can_still_be_edited(house: House) -> None:
    """A revision of the greatest number let in has children, and can be merged with a copy."""
    device = house.join("volunteer", "moscow")
    sheet = device.sheet(heads=1)
    docs = [{**sheet, "_rev": f"{10**15}-{name}"} for name in "ab"]
    assert device.post(BULK, json={"new_edits": False, "docs": docs}).json() == []
    assert _heads(house) == 1
    path = f"/db/chapter-moscow/{sheet['_id']}"
    changed = {**sheet, "heads": {"added": 4, "removed": 0}}
    status = 409  # as long as the copies are being merged at this moment
    while status == 409:
        status = device.put(path, json={**changed, "_rev": device.get(path).json()["_rev"]}).status_code
    assert status == 201
    assert _heads(house) == 4


def test_an_event_at_the_edge_of_time_is_shown(house: House) -> None:
    """Pages show an event whose time can't be told in another zone, or whose zone is none."""
    volunteer, coordinator = house.join("volunteer", "moscow"), house.sign_in("coordinator", "moscow")
    national = house.sign_in("national")
    for number, (starts, zone) in enumerate(
        [
            ("0001-01-01T00:00:00+14:00", "America/New_York"),
            ("9999-12-31T23:59:59-12:00", "Asia/Kamchatka"),
            ("2026-03-05T19:00:00+03:00", "../../etc/passwd"),
            ("2026-03-05T19:00:00+03:00", "Europe"),
            ("2026-03-05T19:00:00+03:00", "x" * 290),
            ("2026-03-05T19:00:00+03:00", "a\x00b"),
            ("2026-03-05T19:00:00+03:00", ""),
        ]
    ):
        event = f"event:01KFW0000000000000000000{number:02}"
        volunteer.write({**EVENT, "_id": event, "device": volunteer.id, "starts": starts, "zone": zone})
        house.settle()
        for path in (f"/dashboard/events/{event}", "/dashboard/chapters/moscow", "/dashboard/conflicts"):
            assert coordinator.get(path).status_code == 200, (path, starts, zone)
        # One mistyped year makes no chart of a hundred thousand months.
        country = national.get("/dashboard")
        assert (country.status_code, len(country.content) < 400_000) == (200, True), (starts, zone)
