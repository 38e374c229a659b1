"""Calendars and the Atom feed of the public site, as the libraries of programs read them."""

import datetime as dt
import tracemalloc
import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from typing import Any

from icalendar import Calendar

from server.domain.identifiers import new_ulid
from tests.protocol.server.announcing import ULID, announce
from tests.protocol.server.house import House

ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_calendar_knows_what_is_newer_whatever_the_editors_clocks_say(house: House) -> None:
    """An edit by a fast clock, one by a right clock, one that says nothing of when: each is newer than the one before."""
    coordinator, rev, seen = house.join("coordinator", "moscow"), "", []
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    clocks: list[dict[str, Any]] = [
        {"edited": {"place": (now + dt.timedelta(days=days)).isoformat()}} for days in (2, 0)
    ]
    for number, edited in enumerate([{}, *clocks, {}]):
        rev = announce(coordinator, place=f"Room {number}", **edited, **({"_rev": rev} if rev else {}))
        house.settle()
        [entry] = entries(house, "/public/schedule.ics")
        seen.append((entry["SEQUENCE"], entry["DTSTAMP"].dt))
        assert "LAST-MODIFIED" not in entry  # it would have to be a clock's
    for before, after in pairwise(seen):
        assert before[0] < after[0]
        assert before[1] < after[1]


def test_the_calendar_is_one_that_programs_understand(house: House) -> None:
    """A library reads it: UIDs stay, SEQUENCE grows with each edit, what was called off stays as CANCELLED, the zone is there;
    lines are folded and end as RFC 5545 says."""
    coordinator = house.join("coordinator", "moscow")
    rev = announce(coordinator)
    house.settle()
    [before] = entries(house, "/public/schedule.ics")
    announce(coordinator, status="cancelled", place="Elsewhere", _rev=rev)
    house.settle()
    [after] = entries(house, "/public/schedule.ics")
    assert before["UID"] == after["UID"] == f"{ULID}.moscow@otkrytka"
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert after["LOCATION"] == "Elsewhere"
    assert before.start.tzinfo is not None
    raw = house.client.get("/public/schedule.ics").content
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"BEGIN:VTIMEZONE" in raw


def entries(house: House, path: str) -> list[Any]:
    """The events of a calendar as icalendar reads them; nothing in it may be wrong."""
    calendar = Calendar.from_ical(house.client.get(path).content)
    found = list(calendar.walk("VEVENT"))
    assert not calendar.errors
    assert not any(event.errors for event in found)
    assert all({"UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE"} <= event.keys() for event in found)
    return found


def test_a_chapter_has_a_calendar_of_its_own(house: House) -> None:
    """It holds its events and no others."""
    announce(house.join("coordinator", "moscow"))
    announce(house.join("coordinator", "tver"), "01KFW0000000000000000000E2", "tver")
    house.settle()
    assert len(entries(house, "/public/schedule.ics")) == 2
    assert [one["UID"] for one in entries(house, "/public/chapters/moscow/schedule.ics")] == [f"{ULID}.moscow@otkrytka"]
    assert house.client.get("/public/chapters/nowhere/schedule.ics").status_code == 404


def test_chapters_that_use_one_ulid_have_entries_of_their_own(house: House) -> None:
    """Neither replaces the other's evening in the calendars and readers of people who follow both."""
    for chapter in ("moscow", "tver"):
        announce(house.join("coordinator", chapter), chapter=chapter)
    house.settle()
    assert len({one["UID"] for one in entries(house, "/public/schedule.ics")}) == 2
    feed = ElementTree.fromstring(house.client.get("/public/feed.atom").content)
    assert len({entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")}) == 2


def test_a_calendar_of_ten_thousand_evenings_is_whole_and_costs_little(house: House) -> None:
    """It is bounded by its days and by no number: all of three months back and a year ahead, in a few times the memory of
    its own size; a chapter's own has only its evenings."""
    coordinator, started = house.join("coordinator", "moscow"), dt.datetime.now(dt.UTC).replace(microsecond=0)
    days = [-100, -91, 360, 380, *(number % 360 for number in range(10_000 - 2))]
    docs = [
        {
            "_id": f"event:{new_ulid()}",
            "type": "event",
            "schema": 1,
            "chapter": "moscow",
            "kind": "letters",
            "title": f"Evening {number}",
            "place": "Invented street 7",
            "bring": "Cards",
            "status": "planned",
            "starts": (started + dt.timedelta(days=day)).isoformat(),
            "zone": "Europe/Moscow",
        }
        for number, day in enumerate(days)
    ]
    for begin in range(0, len(docs), 1000):
        coordinator.post("/db/chapter-moscow/_bulk_docs", json={"docs": docs[begin : begin + 1000]}).raise_for_status()
    announce(house.join("coordinator", "tver"), chapter="tver")
    house.settle()
    tracemalloc.start()
    try:
        whole = house.client.get("/public/en/schedule.ics").content
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert whole.count(b"BEGIN:VEVENT") == 10_001
    assert [b"SUMMARY:Evening %d\r" % number in whole for number in range(4)] == [False, True, True, False]
    assert most < 8 * len(whole), f"{most:,} bytes for {len(whole):,}"
    assert house.client.get("/public/en/chapters/tver/schedule.ics").content.count(b"BEGIN:VEVENT") == 1


def test_the_feed_is_atom(house: House) -> None:
    """Every entry has an id of its own that stays, a time, a title, an author and a link; what XML can't hold is left out."""
    coordinator = house.join("coordinator", "moscow")
    announce(coordinator, title="Tab\u0001s & <letters>")
    house.settle()
    feed = ElementTree.fromstring(house.client.get("/public/en/feed.atom").content)
    [entry] = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Tabs & <letters>"
    assert str(entry.findtext(f"{ATOM}id")).startswith("urn:uuid:")
    assert dt.datetime.fromisoformat(str(entry.findtext(f"{ATOM}updated"))).tzinfo is not None
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Moscow"
    assert all(feed.find(f"{ATOM}{name}") is not None for name in ("id", "title", "updated"))
