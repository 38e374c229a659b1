"""What a hostile device writes, and a hostile page sends, as coordinators and their browsers meet it."""

import datetime as dt
import threading
from typing import Any

import pytest

from server.domain.identifiers import new_ulid
from tests.protocol.server.house import EVENT, OWN_PAGE, House

SCRIPT = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def test_no_page_runs_what_a_device_wrote(house: House) -> None:
    """Titles, places, notes, pseudonyms and the queue of lost values are shown as text, whatever is in them."""
    volunteer = house.join("volunteer", "moscow", pseudonym="<img src=x onerror=1>")
    coordinator = house.join("coordinator", "moscow")
    texts = [SCRIPT, '"', "{", '{"a": 1}', "[" * 3000, "1e400", "null", None]
    lost = [{"field": SCRIPT, "value": text, "rev": SCRIPT} for text in texts]
    volunteer.write({**EVENT, "title": SCRIPT, "place": SCRIPT, "device": volunteer.id, "overruled": lost})
    volunteer.write(volunteer.sheet(heads=2, letters={"prisoner:01KFW0000000000000000000P1": 2}))
    ulid = EVENT["_id"].partition(":")[2]
    common = {"schema": 1, "event": EVENT["_id"], "chapter": "moscow", "device": coordinator.id, "note": SCRIPT}
    coordinator.write({**common, "_id": f"closing:{ulid}:{ulid}", "type": "closing", "basis": "tally", "heads": 1})
    dispatch = {"type": "dispatch", "on": "2026-03-06", "count": 1, "method": "post"}
    coordinator.write({**common, **dispatch, "_id": f"dispatch:{ulid}:{ulid}"})
    house.settle()
    browser = house.sign_in("coordinator", "moscow")
    pages = [
        "/dashboard/chapters/moscow",
        f"/dashboard/events/{EVENT['_id']}",
        "/dashboard/conflicts",
        "/dashboard/devices",
    ]
    pages += [f"/dashboard/chapters/moscow?from={SCRIPT}&to={SCRIPT}&theme={SCRIPT}&lang={SCRIPT}"]
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code == 200, page
        for raw in ("<script>alert", "<img"):
            assert raw not in answer.text, page


EDGES: list[dict[str, Any]] = [
    {"zone": "Europe"},  # a folder of the zones' files
    {"zone": "x" * 250},
    {"starts": "0001-01-01T00:00:00+03:00"},
    {"starts": "9999-12-31T23:00:00-03:00"},
    {"edited": {"title": "0001-01-01T00:00:00+03:00"}},
    {"ends": "0001-01-01T00:00:00+03:00"},
    {"ends": "9999-12-31T23:00:00-03:00"},
]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("title", text) for text in ("no JSON", '"\\ud800"', "[1e400]", "[" * 2000 + "]" * 2000)),
        *(("_deleted", "true"), ("_id", '"x"'), ("_attachments", '{"a": {"data": "YQ=="}}'), ("edited", "{}")),
        *(("overruled", "[]"), ("schema", "9")),
    ],
)
def test_no_lost_value_becomes_what_it_can_not_be(house: House, field: str, value: str) -> None:
    """A device wrote what no merge would: it is shown and can be dismissed, but not put into the event."""
    volunteer, browser = house.join("volunteer", "moscow"), house.sign_in("coordinator", "moscow")
    event = {**EVENT, "device": volunteer.id, "overruled": [{"field": field, "value": value, "rev": "1-a"}]}
    rev = volunteer.write(event)
    house.settle()
    page, address = browser.get("/dashboard/conflicts").text, f"/dashboard/conflicts/{EVENT['_id']}"
    assert (page.count('value="holds"'), page.count('value="lost"')) == (1, 0)
    assert browser.post(address, data={f"pick {field} 1-a": "lost"}).status_code == 400
    stored = volunteer.get(f"/db/chapter-moscow/{EVENT['_id']}").json()
    assert stored == {**event, "_rev": rev}
    assert browser.post(address, data={f"pick {field} 1-a": "holds"}).status_code == 303
    left = volunteer.get(f"/db/chapter-moscow/{EVENT['_id']}").json()
    assert {name: left.get(name) for name in ("title", "schema", field)} == {
        name: None if name == "overruled" else EVENT.get(name) for name in ("title", "schema", field)
    }


def test_no_clock_or_calendar_of_an_event_breaks_a_page(house: House) -> None:
    """Whatever a time or a place's zone says, the dashboards, the public pages and the feeds are there."""
    coordinator = house.join("coordinator", "moscow")
    soon = (dt.datetime.now(dt.UTC) + dt.timedelta(days=3)).isoformat(timespec="seconds")
    ulids = [new_ulid() for _ in EDGES]
    for ulid, edge in zip(ulids, EDGES, strict=True):
        coordinator.write({**EVENT, "_id": f"event:{ulid}", "starts": soon, **edge})
    house.settle()
    browser = house.sign_in("coordinator", "moscow")
    pages = ["/dashboard/chapters/moscow", "/dashboard/tables/chapters/moscow.csv", "/dashboard/report"]
    pages += ["/dashboard/tables/chapters/moscow.xlsx", "/public/ru", "/public/en/chapters/moscow", "/public/en/card"]
    pages += ["/public/schedule.json", "/public/schedule.ics", "/public/feed.atom", "/public/ru/past/0001-01"]
    for ulid in ulids:
        pages += [
            f"/dashboard/events/event:{ulid}",
            f"/public/ru/events/{ulid}",
            f"/public/en/events/{ulid}/picture.png",
        ]
    for page in pages:
        assert browser.get(page).status_code in (200, 404), page


@pytest.mark.parametrize("origin", ["http://[", "null", "https://evil.example", "http://testserver.evil", ""])
def test_no_origin_is_ours_by_accident(house: House, origin: str) -> None:
    """An origin that can't be read, or only resembles ours, is another site's."""
    for path in ("/dashboard/sign-in", "/dashboard/sign-out"):
        assert house.client.post(path, headers={"Origin": origin}).status_code == 403


ONE_LINE = ["two\nlines", "a\x00b", "right\u202eleft", "\ufeff", "x" * 41, "  ", "\x1b[31m", "a\u2028b"]


def test_pseudonyms_are_a_printable_line(house: House) -> None:
    """Nothing that breaks a line, turns its direction or can't be seen becomes a name on a dashboard."""
    for name in ONE_LINE:
        answer = house.client.post("/api/join", json={"invite": house.invite("volunteer", "moscow"), "pseudonym": name})
        assert answer.status_code == 400, ascii(name)
        form = {"invite": house.invite("coordinator", "moscow"), "pseudonym": name}
        if name.strip():
            assert house.client.post("/dashboard/sign-in", data=form, headers=OWN_PAGE).status_code == 400, ascii(name)


FORMS: list[dict[str, Any]] = [
    {"data": {}},
    {"data": {"invite": "a.b\x00", "pseudonym": "\x00"}},
    {"content": b"\xff=%ff", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    {"content": b"invite=" + b"a" * (20 << 20), "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    {"files": {"invite": ("a", b"b")}},
    {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
    {"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary="}},
    {"content": b"--a\r\n\r\nx\r\n--a--", "headers": {"Content-Type": "multipart/form-data; boundary=a"}},
]


def test_no_form_is_a_fault(house: House) -> None:
    """Forms of other kinds, other shapes and any size are refused in words, before anybody is signed in."""
    for form in FORMS:
        headers = {**OWN_PAGE, **form.get("headers", {})}
        answer = house.client.post("/dashboard/sign-in", **{**form, "headers": headers})
        assert 400 <= answer.status_code < 500, form.keys()


def test_an_invite_lets_one_device_in_however_many_try_at_once(house: House) -> None:
    """Of a dozen requests with one invite, at the same moment and by both doors, exactly one succeeds."""
    invite = house.invite("coordinator", "moscow")
    statuses: list[int] = []

    def join() -> None:
        statuses.append(house.client.post("/api/join", json={"invite": invite}).status_code)

    def sign_in() -> None:
        answer = house.client.post(
            "/dashboard/sign-in", data={"invite": invite}, headers=OWN_PAGE, follow_redirects=False
        )
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=attempt) for attempt in (join, sign_in) * 6]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert min(statuses) in (201, 303)
    assert statuses.count(409) == 11
