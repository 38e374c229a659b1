"""The public site over HTTP: what is shown to whom, how it may be kept, and what programs read."""

import datetime as dt
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from icalendar import Calendar

from server import public
from server.public import showing
from tests.protocol.server.house import Device, House

ULID = "01KFW0000000000000000000EV"
ATOM = "{http://www.w3.org/2005/Atom}"


def announce(by: Device, ulid: str = ULID, chapter: str = "moscow", **fields: Any) -> str:
    """An event a week from now, put in a chapter's schedule; answers its revision."""
    starts = (dt.datetime.now(dt.timezone(dt.timedelta(hours=3))) + dt.timedelta(days=7)).replace(microsecond=0)
    document = {
        "_id": f"event:{ulid}",
        "type": "event",
        "schema": 1,
        "chapter": chapter,
        "kind": "letters",
        "title": "An evening; with letters, and a very long title that any calendar line would have to fold",
        "starts": starts.isoformat(),
        "ends": (starts + dt.timedelta(hours=3)).isoformat(),
        "zone": "Europe/Moscow",
        "place": "Moscow, Invented street 7",
        "bring": "Postcards\nand envelopes",
        "status": "planned",
        "device": by.id,
        **fields,
    }
    return by.write(document, f"chapter-{chapter}")


def hold(
    device: Device, ulid: str, day: str, heads: int, letters: int, chapter: str = "moscow", to: Sequence[str] = ()
) -> None:
    """A closed evening of a day with its counts: so many letters to nobody in particular, and one to each of some prisoners."""
    announce(device, ulid, chapter, starts=f"{day}T19:00:00+03:00", ends=None, status="closed")
    card = {"kind": "card", "origin": "here", "removed": 0}
    lines = [{**card, "to": None, "added": letters}, *({**card, "to": one, "added": 1} for one in to)]
    sheet = {
        "_id": f"sheet:{ulid}:{device.id}",
        "type": "sheet",
        "schema": 1,
        "event": f"event:{ulid}",
        "device": device.id,
        "chapter": chapter,
        "heads": {"added": heads, "removed": 0},
        "letters": lines,
    }
    device.write(sheet, f"chapter-{chapter}")


def publish(house: House) -> None:
    """Returns once everything written is published."""
    house.settle()
    house.call(house.context.publisher.publish, dt.datetime.now(dt.UTC).date())


def test_every_page_opens_to_anybody_in_both_languages_and_may_be_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each GET answers 200 without an account, sets no cookie, varies on nothing, has an ETag, and 304 to who has it."""
    coordinator = house.join("coordinator", "moscow")
    announce(coordinator)
    announce(coordinator, "01KFW0000000000000000000E0")
    for tail in ("E1", "E2"):
        hold(coordinator, f"01KFW0000000000000000000{tail}", "2026-03-05", 20, 30)
    publish(house)
    monkeypatch.setattr("server.public.pages._MOST", 1)
    monkeypatch.setattr("server.public.data._MOST", 1)
    for route in public.ROUTES:
        if route.path == "/public" or "/static/" in route.path:
            continue
        for language in ("ru", "en"):
            path = route.path.replace("{language:language}", language).format(
                chapter="moscow", event=ULID, month="2026-03", part=2
            )
            answer = house.client.get(path)
            assert answer.status_code == 200, path
            assert "set-cookie" not in answer.headers
            assert "vary" not in answer.headers
            assert "s-maxage" in answer.headers["cache-control"]
            if answer.headers["content-type"].startswith("text/html"):
                assert f'<html lang="{language}">' in answer.text
                assert "<script" not in answer.text
            again = house.client.get(path, headers={"If-None-Match": f"W/{answer.headers['etag']}"})
            assert (again.status_code, again.content) == (304, b"")


def test_who_has_a_page_is_told_so_without_its_being_made(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it is asked for; only the minute may turn once meanwhile."""
    announce(house.join("coordinator", "moscow"))
    house.settle()
    gather, made = showing._gather, list[str]()

    def counted(*given: Any) -> showing.Shown:
        made.append("page")
        return gather(*given)

    monkeypatch.setattr(showing, "_gather", counted)
    first = house.client.get("/public/en")
    for _ in range(20):
        again = house.client.get("/public/en", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        said = ("etag", "cache-control", "content-language", "content-security-policy", "access-control-allow-origin")
        assert {name: again.headers[name] for name in said} == {name: first.headers[name] for name in said}
    assert 1 <= len(made) <= 2


def test_nobody_is_told_that_a_page_is_the_same_when_it_is_not(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """After whatever may change a page, 304 is said of an ETag exactly where a new answer has it."""
    monkeypatch.setattr("server.publication.publisher._PAUSE_SECONDS", 3600.0)  # nothing is published but by this test
    coordinator, volunteer = house.join("coordinator", "moscow"), house.join("volunteer", "moscow")
    national = house.join("national")
    rev = announce(coordinator)
    hold(coordinator, "01KFW0000000000000000000E1", "2026-03-05", 20, 30)
    publish(house)
    chapter = {"_id": "chapter:moscow", "type": "chapter", "schema": 1, "name": {"ru": "Столица", "en": "Capital"}}
    known = national.get("/db/register/chapter:moscow")
    changes: list[Any] = [
        lambda: announce(coordinator, title="Another title", _rev=rev),
        lambda: announce(volunteer, "01KFW0000000000000000000E2"),
        lambda: announce(coordinator, "01KFW0000000000000000000E3"),
        lambda: national.write(chapter | ({"_rev": known.json()["_rev"]} if known.is_success else {}), "register"),
        lambda: hold(coordinator, "01KFW0000000000000000000E4", "2026-03-06", 20, 30),
        lambda: house.join("coordinator", "moscow"),
        lambda: coordinator.delete(f"/db/chapter-moscow/event:{ULID}?rev={_rev(coordinator)}"),
    ]
    paths = [
        "",
        "/chapters/moscow",
        f"/events/{ULID}",
        "/past/2026-03",
        "/totals",
        "/card",
        "/schedule.ics",
        "/feed.atom",
    ]
    seen = {path: house.client.get(f"/public/en{path}") for path in paths}
    steps = [step for change in changes for step in (change, lambda: publish(house))]
    for number, step in enumerate(steps):
        step()
        house.settle()
        for path, old in seen.items():
            asked = house.client.get(f"/public/en{path}", headers={"If-None-Match": old.headers.get("etag", "-")})
            fresh = house.client.get(f"/public/en{path}")
            is_same = fresh.is_success and fresh.headers["etag"] == old.headers.get("etag")
            assert (asked.status_code == 304) == is_same, (number, path)
            seen[path] = fresh
    assert seen[f"/events/{ULID}"].status_code == 404


def _rev(device: Device) -> str:
    return str(device.get(f"/db/chapter-moscow/event:{ULID}").json()["_rev"])


def test_the_entrance_leads_to_the_browsers_language(house: House) -> None:
    """`/public` is the one answer that depends on who asks, and no cache keeps it."""
    for wish, language in (("en-GB,en;q=0.9", "en"), ("ru", "ru"), ("", "ru")):
        answer = house.client.get("/public", headers={"Accept-Language": wish}, follow_redirects=False)
        assert answer.headers["location"] == f"/public/{language}"
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/public/xx", "/public/ru/chapters/nowhere", "/public/ru/events/x", "/public/en/past/1"]
)
def test_what_is_not_there_is_said_on_a_page(house: House, path: str) -> None:
    """404, in the language of the path, kept by nobody."""
    answer = house.client.get(path)
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
    assert "<h1>" in answer.text


def test_only_the_card_may_be_framed(house: House) -> None:
    """Any site may frame the card; nobody frames the rest, and no public page may run a script."""
    card = house.client.get("/public/ru/card")
    assert "frame-ancestors *" in card.headers["content-security-policy"]
    assert "x-frame-options" not in card.headers
    page = house.client.get("/public/ru")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"
    assert "script-src" not in page.headers["content-security-policy"]


def test_an_event_shows_where_and_what_to_bring_and_that_it_is_cancelled(house: House) -> None:
    """The event's page, the schedule and the feeds all say so, and the words people typed are text and not markup."""
    coordinator = house.join("coordinator", "moscow")
    rev = announce(coordinator, title="Letters & <b>cards</b>")
    house.settle()
    page = house.client.get(f"/public/en/events/{ULID}").text
    assert "Moscow, Invented street 7" in page
    assert "Postcards\nand envelopes" in page
    assert "<b>cards" not in page
    announce(coordinator, title="Letters & <b>cards</b>", status="cancelled", _rev=rev)
    house.settle()
    assert "This evening has been cancelled." in house.client.get(f"/public/en/events/{ULID}").text
    assert "cancelled" in house.client.get("/public/en").text
    assert "Вечер отменён. Letters &amp; &lt;b&gt;cards" in house.client.get("/public/feed.atom").text


def test_a_long_schedule_is_cut_and_says_where_the_rest_is(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next evenings, of all chapters or of one; the calendar has all of them."""
    coordinator = house.join("coordinator", "moscow", "tver")
    ulids = [f"01KFW000000000000000000{number}EV" for number in range(3)]
    soon = dt.datetime.now(dt.UTC).replace(microsecond=0)
    for days, ulid in enumerate(ulids, 2):
        announce(coordinator, ulid, starts=(soon + dt.timedelta(days=days)).isoformat(), ends=None)
    house.settle()
    for most, listed, said in ((2, ulids[:2], True), (3, ulids, False)):
        monkeypatch.setattr("server.public.pages._MOST", most)
        for path, words in (
            ("", "on the chapters&#39; pages and in the calendar"),
            ("/chapters/moscow", "are in the calendar"),
        ):
            page = house.client.get(f"/public/en{path}").text
            assert re.findall(r'class="title"><a href="/public/en/events/([0-9A-Z]+)"', page) == listed
            assert (words in page) == said
    assert house.client.get("/public/schedule.ics").text.count("BEGIN:VEVENT") == 3


def test_a_long_schedule_comes_to_programs_in_parts(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each evening is in one of them, each names the next, and the last names none."""
    monkeypatch.setattr("server.public.data._MOST", 2)
    coordinator = house.join("coordinator", "moscow")
    ulids = [f"01KFW000000000000000000{number}EV" for number in range(5)]
    soon = dt.datetime.now(dt.UTC).replace(microsecond=0)
    for days, ulid in enumerate(ulids, 2):
        announce(coordinator, ulid, starts=(soon + dt.timedelta(days=days)).isoformat(), ends=None)
    house.settle()
    found, address = [], f"{house.context.public_url}/public/schedule.json"
    while address:
        part = house.client.get(address.removeprefix(house.context.public_url)).json()
        found.append([one["event"].removeprefix("event:") for one in part["events"]])
        address = part["next"]
    assert found == [ulids[:2], ulids[2:4], ulids[4:]]
    for part in ("1", "4", "x"):
        assert house.client.get(f"/public/schedule/{part}.json").status_code == 404


def test_a_long_month_is_cut_into_pages(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each evening is on one of them, each leads to its neighbours, and there are no others."""
    monkeypatch.setattr("server.public.pages._MOST", 2)
    coordinator = house.join("coordinator", "moscow")
    ulids = [f"01KFW000000000000000000{number}EV" for number in range(5)]
    for day, ulid in enumerate(ulids, 1):
        announce(coordinator, ulid, starts=f"2026-03-0{day}T19:00:00+03:00", ends=None, status="closed")
    house.settle()
    links: dict[str, list[str]] = {"": ["/2"], "/2": ["", "/3"], "/3": ["/2"]}
    for number, (page, neighbours) in enumerate(links.items()):
        text = house.client.get(f"/public/en/past/2026-03{page}").text
        listed = re.findall(r'<th scope="row"><a href="/public/en/events/([0-9A-Z]+)"', text)
        assert listed == ulids[number * 2 :][:2]
        assert re.findall(r'rel="\w+" href="/public/en/past/2026-03([^"]*)"', text) == neighbours
    for page in ("/0", "/1", "/4", "/02", "/x", "/9999999"):
        assert house.client.get(f"/public/en/past/2026-03{page}").status_code == 404
    monkeypatch.setattr("server.public.pages._MOST", 5)
    assert 'rel="next"' not in house.client.get("/public/en/past/2026-03").text


def test_a_volunteers_evening_is_listed_by_a_coordinator_only(house: House) -> None:
    """Nobody's living room gets into the schedule by itself: not by default, and not by the volunteer's own word."""
    volunteer, coordinator = house.join("volunteer", "moscow"), house.join("coordinator", "moscow")
    rev = announce(volunteer)
    house.settle()
    assert house.client.get(f"/public/ru/events/{ULID}").status_code == 404
    assert ULID not in house.client.get("/public/schedule.ics").text
    refused = volunteer.put(f"/db/chapter-moscow/event:{ULID}", json=_listed(volunteer, rev))
    assert refused.status_code == 403
    assert coordinator.put(f"/db/chapter-moscow/event:{ULID}", json=_listed(volunteer, rev)).status_code == 201
    house.settle()
    assert house.client.get(f"/public/ru/events/{ULID}").status_code == 200
    assert ULID in house.client.get("/public/schedule.ics").text


def test_an_event_of_a_device_that_is_no_coordinators_is_listed_only_when_somebody_says_so(house: House) -> None:
    """A hub's devices are strangers here: nobody knows whose home it is. Other clients leave `device` and `listed` out."""
    volunteer, coordinator = house.join("volunteer", "moscow"), house.join("coordinator", "moscow")
    for tail, by, fields in (
        ("E1", volunteer, {}),
        ("E2", coordinator, {"device": None}),
        ("E3", coordinator, {"device": "01KFW0000000000000000000DE"}),
        ("E4", coordinator, {"listed": False}),
        ("E5", coordinator, {}),
        ("E6", coordinator, {"device": None, "listed": True}),
        ("E7", coordinator, {"device": volunteer.id, "listed": True}),
    ):
        announce(by, f"01KFW0000000000000000000{tail}", **fields)
    house.settle()
    shown = {one["event"][-2:] for one in house.client.get("/public/schedule.json").json()["events"]}
    assert shown == {"E2", "E5", "E6", "E7"}


def test_a_month_whose_events_are_all_unlisted_is_not_shown(house: House) -> None:
    """That there was something is not said either: not in the list of months, and not by the month's own page."""
    coordinator = house.join("coordinator", "moscow")
    hold(coordinator, "01KFW0000000000000000000E1", "2026-03-05", 20, 30)
    announce(coordinator, "01KFW0000000000000000000E2", starts="2026-02-05T19:00:00+03:00", ends=None, listed=False)
    hold(house.join("coordinator", "tver"), "01KFW0000000000000000000E3", "2025-12-05", 20, 30, "tver")
    house.settle()
    for path, months in (("", ["2026-03", "2025-12"]), ("/chapters/moscow", ["2026-03"])):
        page = house.client.get(f"/public/en{path}").text
        assert re.findall("/public/en/past/([0-9-]+)", page) == months
    assert house.client.get("/public/en/past/2026-03").status_code == 200
    assert house.client.get("/public/en/past/2026-02").status_code == 404


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


def _listed(device: Device, rev: str) -> dict[str, Any]:
    document = device.get(f"/db/chapter-moscow/event:{ULID}").json()
    return {**document, "listed": True, "_rev": rev}


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
    assert before["UID"] == after["UID"] == f"{ULID}@otkrytka"
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
    assert [one["UID"] for one in entries(house, "/public/chapters/moscow/schedule.ics")] == [f"{ULID}@otkrytka"]
    assert house.client.get("/public/chapters/nowhere/schedule.ics").status_code == 404


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
    assert "We name no number below 8" in page
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
