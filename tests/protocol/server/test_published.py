"""The numbers of the public site: what is said, what is not, and what is remembered of it."""

import re

import pytest

from tests.protocol.server.announcing import ULID, announce, hold, publish
from tests.protocol.server.house import House


def test_small_numbers_are_said_nowhere(house: House) -> None:
    """An evening below the threshold appears in no page, feed or JSON by itself, and what it joined gives no difference."""
    moscow = house.join("coordinator", "moscow")
    hold(moscow, "01KFW0000000000000000000E1", "2026-02-01", 61, 75)
    publish(house)
    before = house.client.get("/public/totals.json").json()
    hold(moscow, "01KFW0000000000000000000E2", "2026-03-01", 3, 5)
    publish(house)
    assert house.client.get("/public/totals.json").json() == before
    hold(moscow, "01KFW0000000000000000000E3", "2026-03-09", 44, 52)
    publish(house)
    totals = house.client.get("/public/totals.json").json()
    assert totals["threshold"] == 8
    assert (totals["country"]["heads"], totals["country"]["written"]) == (108, 132)
    assert totals["chapters"]["moscow"]["months"]["2026-03"] == {"heads": 47, "written": 57, "at_least": []}
    listed = {one["event"][-2:]: one["heads"] for one in house.client.get("/public/schedule.json").json()["events"]}
    assert {name: heads for name, heads in listed.items() if heads is not None}.keys() <= {"E1"}
    page = house.client.get("/public/en/events/01KFW0000000000000000000E2").text
    assert "We publish no number below 8" in page
    assert "<dd>" not in page.partition("How the evening went")[2]
    past = house.client.get("/public/en/past/2026-03").text
    assert past.count("—") == 4


def test_recipients_of_a_chapter_are_not_what_the_country_has_beyond_another(house: House) -> None:
    """Ten of one chapter and seventeen of all would leave seven; hardly more letters than recipients, little else."""
    people = [f"prisoner:01KFW000000000000000000P{n:02}" for n in range(17)]
    hold(house.join("coordinator", "moscow"), "01KFW0000000000000000000E1", "2026-02-01", 20, 2, to=people[:10])
    hold(house.join("coordinator", "tver"), "01KFW0000000000000000000E2", "2026-02-02", 20, 5, "tver", to=people[10:])
    publish(house)
    totals = house.client.get("/public/totals.json").json()
    assert (totals["country"]["written"], totals["country"]["recipients"]) == (24, None)
    hold(house.join("coordinator", "tver"), "01KFW0000000000000000000E3", "2026-02-03", 20, 9, "tver")
    publish(house)
    totals = house.client.get("/public/totals.json").json()
    assert (totals["country"]["written"], totals["country"]["recipients"]) == (33, 17)
    assert [chapter for chapter in totals["chapters"].values() if "recipients" in chapter] == []
    assert "17" in re.findall(r"<dd>([^<]*)</dd>", house.client.get("/public/en/totals").text)
    assert "7" not in re.findall(r"<dd>([^<]*)</dd>", house.client.get("/public/en/chapters/tver").text)


def test_an_event_named_by_another_chapter_is_published_for_itself(house: House) -> None:
    """Its numbers, and those it was written to, are no other chapter's, and not yet said where they are not ripe."""
    people = [f"prisoner:01KFW000000000000000000P{n:02}" for n in range(18)]
    moscow, tver = house.join("coordinator", "moscow"), house.join("coordinator", "tver")
    hold(moscow, ULID, "2026-02-01", 20, 30, to=people[:9])
    document = {**tver.sheet(heads=1, letters=dict.fromkeys(people[9:], 1)), "chapter": "tver"}
    rev = tver.write(document, "chapter-tver")
    publish(house)
    assert house.client.get("/public/totals.json").json()["country"]["recipients"] == 9
    tver.delete(f"/db/chapter-tver/{document['_id']}?rev={rev}")
    announce(tver, ULID, "tver", starts="2026-02-02T19:00:00+03:00", ends=None, status="closed")
    tver.write({**document, "heads": {"added": 11, "removed": 0}, "_rev": rev}, "chapter-tver")
    publish(house)
    page = house.client.get("/public/en/events/" + ULID).text
    assert re.findall("<dd>([0-9]+)</dd>", page) in (["39", "20"], ["9", "11"])
    listed = {one["chapter"]: one["heads"] for one in house.client.get("/public/schedule.json").json()["events"]}
    assert listed.items() <= {"moscow": 20, "tver": 11}.items()
    months = house.client.get("/public/en/past/2026-02").text
    assert re.findall('"n" data-label="[^"]*">([0-9]+)<', months) == ["39", "20", "9", "11"]


@pytest.mark.parametrize("starts", ["0001-01-01T00:00:00+03:00", "9999-12-31T23:59:00-12:00"])
def test_an_evening_at_the_edge_of_time_takes_no_page_away(house: House, starts: str) -> None:
    """A year that somebody mistyped, or a client made up, stands in the totals, and can be corrected."""
    moscow = house.join("coordinator", "moscow")
    hold(moscow, "01KFW0000000000000000000E1", "2026-02-01", 61, 75)
    announce(moscow, starts=starts, ends=None)
    sheet = {**moscow.sheet(heads=20), "_id": f"sheet:{ULID}:{moscow.id}", "event": f"event:{ULID}"}
    moscow.write(sheet)
    moscow.write({
        "_id": f"closing:{ULID}:01KFW0000000000000000000C1", "type": "closing", "schema": 1, "event": f"event:{ULID}",
        "chapter": "moscow", "device": moscow.id, "basis": "tally", "replaces": None, "heads": None, "letters": None,
        "cards": None, "handmade": None, "recipients": None, "note": "",
    })  # fmt: skip
    publish(house)
    said = house.client.get("/public/totals.json").json()["country"]["years"]
    assert said.keys() == {"2026", *(["0001"] if starts.startswith("0") else [])}
    assert house.client.get("/public/ru/totals").status_code == 200
    edit = house.sign_in("coordinator", "moscow").get(f"/dashboard/events/event:{ULID}/edit")
    assert (edit.status_code, starts[:16] in edit.text) == (200, True)


def test_what_was_said_is_remembered(house: House) -> None:
    """A late count that is small changes nothing that was said, also not for a server that starts anew; a large one does."""
    moscow, other = house.join("coordinator", "moscow"), house.join("coordinator", "moscow")
    ulid = "01KFW0000000000000000000E1"
    hold(moscow, ulid, "2026-02-01", 61, 75)
    publish(house)
    sheet = {
        "_id": f"sheet:{ulid}:{other.id}",
        "type": "sheet",
        "schema": 1,
        "event": f"event:{ulid}",
        "device": other.id,
        "chapter": "moscow",
        "heads": {"added": 2, "removed": 0},
        "letters": [],
    }
    rev = other.write(sheet)
    publish(house)
    assert house.client.get("/public/totals.json").json()["country"]["heads"] == 61
    other.write({**sheet, "_rev": rev, "heads": {"added": 9, "removed": 0}})
    publish(house)
    assert house.client.get("/public/totals.json").json()["country"]["heads"] == 70


def test_the_picture_is_a_picture(house: House) -> None:
    """A PNG of the size that sites expect, the same bytes for the same words."""
    announce(house.join("coordinator", "moscow"))
    house.settle()
    first = house.client.get(f"/public/ru/events/{ULID}/picture.png")
    assert first.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(first.content[16:20]), int.from_bytes(first.content[20:24])) == (1200, 630)
    assert house.client.get(f"/public/ru/events/{ULID}/picture.png").content == first.content
