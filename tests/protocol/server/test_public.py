"""The public site over HTTP: what is shown to whom, and how it may be kept."""

import datetime as dt
import re
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from server import public
from server.public import showing
from tests.protocol.server.announcing import ULID, announce, hold, publish
from tests.protocol.server.house import Device, House


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

    def counted(*given: Any, **named: Any) -> showing.Shown:
        made.append("page")
        return gather(*given, **named)

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


def test_what_another_process_wrote_is_seen_at_once(house: House) -> None:
    """`otkrytka rebuild` beside a running server changes its tables: who had a page before is not told that it is the same."""
    announce(house.join("coordinator", "moscow"))
    house.settle()
    old = house.client.get(f"/public/en/events/{ULID}")
    known = {"If-None-Match": old.headers["etag"]}
    assert house.client.get(f"/public/en/events/{ULID}", headers=known).status_code == 304
    with closing(sqlite3.connect(house.context.settings.projection)) as other, other:
        other.execute("DELETE FROM evening")
    assert house.client.get(f"/public/en/events/{ULID}", headers=known).status_code == 404


def _rev(device: Device) -> str:
    return str(device.get(f"/db/chapter-moscow/event:{ULID}").json()["_rev"])


def test_the_entrance_leads_to_the_browsers_language(house: House) -> None:
    """`/public` is the one answer that depends on who asks, and no cache keeps it."""
    for wish, language in (
        ("en-GB,en;q=0.9", "en"),
        ("ru; q=0.2, en ; q=0.3", "en"),
        ("en;q=0, de", "ru"),
        ("ru", "ru"),
        ("", "ru"),
    ):
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


def test_the_card_names_the_month_that_no_heading_of_it_does(house: House) -> None:
    """Evenings of two months stand in one list there; the schedule has a heading for each and names the weekday."""
    first = (dt.datetime.now(dt.UTC).replace(day=1, hour=16, microsecond=0) + dt.timedelta(days=32)).replace(day=6)
    both = [first, (first + dt.timedelta(days=32)).replace(day=6)]
    coordinator = house.join("coordinator", "moscow")
    for tail, starts in zip(("E1", "E2"), both, strict=True):
        announce(coordinator, f"01KFW0000000000000000000{tail}", starts=starts.isoformat(), ends=None)
    house.settle()
    days = r'<span class="number">6</span><span>(\w+)</span>'
    assert re.findall(days, house.client.get("/public/en/card").text) == [f"{day:%b}" for day in both]
    assert re.findall(days, house.client.get("/public/en").text) == [f"{day:%a}" for day in both]


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


def test_what_lasts_for_weeks_is_in_the_schedule_until_it_is_over(house: House) -> None:
    """An exhibition that began long ago: on pages, the card and in the feeds, with its last day; in its first month's past."""
    coordinator = house.join("coordinator", "moscow")
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    days = {"E1": (-120, 3), "E2": (-3, 1), "E3": (-120, -2), "E4": (-30, 30)}
    for tail, (begins, ends) in days.items():
        starts, over = ((now + dt.timedelta(days=number)).isoformat() for number in (begins, ends))
        about: dict[str, Any] = {
            "kind": "exhibition",
            "title": f"Exhibition {tail}",
            "starts": starts,
            "ends": over,
            "status": "open",
        }
        announce(coordinator, f"01KFW0000000000000000000{tail}", **about | ({"listed": False} if tail == "E4" else {}))
    announce(coordinator, "01KFW0000000000000000000E5", title="Exhibition E5")
    house.settle()
    last = f"{now + dt.timedelta(days=3):%-d %B %Y}, "
    for path, shown in (
        ("/en", ["E1", "E2", "E5"]),
        ("/en/chapters/moscow", ["E1", "E2", "E5"]),
        ("/en/card", ["E1", "E2", "E5"]),
        ("/schedule.json", ["E1", "E3", "E2", "E5"]),
        ("/schedule.ics", ["E1", "E3", "E2", "E5"]),
    ):
        answer = house.client.get(f"/public{path}").text
        assert list(dict.fromkeys(re.findall("Exhibition (E.)", answer))) == shown, path
        assert not path.startswith("/en") or (last in answer and "on right now" in answer), path
    assert last in house.client.get("/public/en/events/01KFW0000000000000000000E1").text
    began = (now - dt.timedelta(days=120)).strftime("%Y-%m")
    assert "Exhibition E1" in house.client.get(f"/public/en/past/{began}").text
    assert "Exhibition E1" not in house.client.get(f"/public/en/past/{now:%Y-%m}").text


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
            ("", "on the chapters’ pages and in the calendar"),
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


def _listed(device: Device, rev: str) -> dict[str, Any]:
    document = device.get(f"/db/chapter-moscow/event:{ULID}").json()
    return {**document, "listed": True, "_rev": rev}
