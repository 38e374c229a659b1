"""The country's page: what it says for a time, what it knows to be missing, and what its stream sends to whom."""

import datetime as dt
import re
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest
from starlette.types import Message

from server.dashboards import national
from server.dashboards.country import Country, country
from server.projection import tables
from server.publication import publisher
from tests.protocol.server.house import EVENT, House

ANNA = "prisoner:01KFW000000000000000000P01"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def counted(house: House) -> House:
    """An evening of 5 March 2026 in Moscow, not closed: two phones, one of which has counted."""
    coordinator = house.join("coordinator", "moscow")
    coordinator.write({**EVENT, "device": coordinator.id})
    volunteer = house.join("volunteer", "moscow")
    volunteer.write(volunteer.sheet(heads=41, letters={ANNA: 1234}))
    house.join("volunteer", "moscow")
    house.settle()
    return house


def test_the_course_ends_today_whatever_is_planned(counted: House) -> None:
    """An evening announced for two months from now does not push the letters of this one aside."""
    browser = counted.sign_in("national")

    def weeks() -> int:
        return len(re.findall(r'id="course-row-', browser.get("/dashboard", headers=ENGLISH).text))

    before = weeks()
    coordinator = counted.join("coordinator", "moscow")
    planned = {
        **EVENT,
        "_id": "event:01KFW0000000000000000000E9",
        "starts": f"{dt.datetime.now(dt.UTC).date() + dt.timedelta(days=60)}T19:00:00+03:00",
    }
    coordinator.write({**planned, "status": "planned", "device": coordinator.id})
    counted.settle()
    assert 1 < weeks() == before


@pytest.mark.parametrize(
    ("query", "written", "title"),
    [
        ("", "1,234", None),
        ("?month=2026-03", "1,234", "March 2026"),
        ("?month=2026-02", "0", "February 2026"),
        ("?season=2025", "1,234", "Season 2025/26"),
        ("?year=2025", "0", "Year 2025"),
        ("?from=2026-03-05&to=2026-03-06", "1,234", "6 Mar 2026"),
        ("?theme=another", "0", "another"),
        ("?month=never&theme=%3C", "1,234", None),
    ],
)
def test_the_address_chooses_the_time(counted: House, query: str, written: str, title: str | None) -> None:
    """A month, a season, a year, any days, a theme; its name stands above the numbers, its neighbours beside it."""
    text = counted.sign_in("national").get(f"/dashboard{query}", headers=ENGLISH).text
    main = re.search(r'id="tile-written".*?class="count">(.*?)<', text, re.DOTALL)
    assert main is not None
    assert main[1] == written
    if title is not None:
        assert title in text
    if "month=2026-03" in query:
        assert 'href="/dashboard?month=2026-02"' in text
        assert 'href="/dashboard?month=2026-04"' in text


def test_it_says_what_the_numbers_do_not_hold(counted: House) -> None:
    """The evening nobody closed, the letters not sent, and links to where each is mended."""
    browser = counted.sign_in("national")
    text = browser.get("/dashboard", headers=ENGLISH).text
    missing = re.search(r'<div id="unknown".*?</div>', text, re.DOTALL)
    assert missing is not None
    said = " ".join(re.sub(r"<[^>]+>", " ", missing[0]).split())
    assert "1 evening not closed by a coordinator 5 March 2026" in said
    assert "1,234 letters written and not marked as sent" in said
    assert 'href="/dashboard/look/unclosed"' in missing[0]
    assert EVENT["title"] in browser.get("/dashboard/look/unclosed", headers=ENGLISH).text
    assert EVENT["title"] not in browser.get("/dashboard/look/differing", headers=ENGLISH).text
    assert browser.get("/dashboard/look/nonsense").status_code == 404


def test_what_needs_an_eye_in_several_chapters_is_in_one_order(house: House) -> None:
    """The latest first, whichever chapter it is of, and before them those of which only counts are known."""
    phone, browser = house.join("coordinator", "moscow", "tver"), house.sign_in("coordinator", "moscow", "tver")
    for number, chapter in enumerate(["moscow", "tver", "moscow"], 1):
        about = {"_id": EVENT["_id"][:-1] + str(number), "chapter": chapter, "title": f"Evening {number}"}
        phone.write({**EVENT, **about, "starts": f"2026-03-0{number}T19:00:00+03:00"}, f"chapter-{chapter}")
    phone.write({**phone.sheet(heads=1), "chapter": "tver"}, "chapter-tver")
    house.settle()
    page = browser.get("/dashboard/look/unclosed", headers=ENGLISH).text
    listed = re.findall(r'<th scope="row">.*?>([^<]*)</a>', page)
    assert listed[1:] == ["Evening 3", "Evening 2", "Evening 1"]
    assert len(listed) == 4


def test_no_chapter_is_hidden_behind_another_on_the_map(house: House) -> None:
    """Two of one tile would stand on each other: then all stand in a row."""
    national, browser = house.join("national"), house.sign_in("national")
    for tiles, placed in (({"moscow": [3, 3], "tver": [3, 3]}, False), ({"moscow": [3, 3], "tver": [4, 3]}, True)):
        for slug, tile in tiles.items():
            chapter = national.get(f"/db/register/chapter:{slug}").json()
            national.write({**chapter, "tile": tile}, "register")
        house.settle()
        assert ('class="map placed"' in browser.get("/dashboard").text) == placed


def test_a_phone_that_typed_in_a_sheet_of_paper_has_been_heard_from(house: House) -> None:
    """The number on the paper is no device: what it counts came from whoever typed it in."""
    phone, browser = house.join("volunteer", "moscow"), house.sign_in("national")

    def unheard() -> bool:
        house.settle()
        return "phone has joined but sent no counts yet" in browser.get("/dashboard", headers=ENGLISH).text

    assert unheard()
    number = "01KFW00000000000007K3QDW52"
    paper = {**phone.sheet(heads=5), "_id": phone.sheet()["_id"].replace(phone.id, number), "device": number}
    phone.write({**paper, "paper": {"by": phone.id}})
    assert not unheard()


def test_it_shows_which_declared_numbers_are_not_those_tallied(counted: House) -> None:
    """Both beside each other where they contradict; one number where they agree, reach a lower bound, or none was declared."""
    coordinator = counted.join("coordinator", "moscow")
    ulid = EVENT["_id"].partition(":")[2]
    envelope = {
        "_id": f"closing:{ulid}:01KFW0000000000000000000C1",
        "type": "closing",
        "schema": 1,
        "chapter": "moscow",
    }
    numbers = {"heads": 40, "at_least": ["heads"], "letters": 1234, "recipients": 3}
    closing = {**envelope, "event": EVENT["_id"], "device": coordinator.id, "basis": "recount", **numbers}
    coordinator.write(closing)
    counted.settle()
    text = counted.sign_in("national").get("/dashboard/look/differing", headers=ENGLISH).text
    cells = re.findall(r'<td class="n" data-label="(\w+)">(.*?)</td>', text)
    assert {label: " ".join(re.sub(r"<[^>]+>", " ", cell).split()) for label, cell in cells} == {
        "People": "41",
        "Letters": "1,234",
        "Cards": "0",
        "Handmade": "0",
        "Recipients": "declared 3 tallied 1",
    }


def test_every_chart_has_its_numbers_as_a_table(counted: House) -> None:
    """What the picture shows is read out from the table behind it; the page has no script or style of its own within."""
    text = counted.sign_in("national").get("/dashboard?month=2026-03", headers=ENGLISH).text
    course = re.search(r'<div id="course".*?</div>\s*</figure>|<div id="course".*?</figure>', text, re.DOTALL)
    assert course is not None
    assert re.search(r"<th scope=\"row\">2\s?–\s?8 Mar 2026</th><td class=\"n\">1,234</td>", course[0])
    assert not re.search(r"<style|style=\"|<script(?![^>]*src=)", text)


def test_it_is_made_once_for_all_who_see_the_same(counted: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten readers, one question; another language, another circle of chapters or another time is another page."""
    asked = []

    def gather(*given: Any) -> Country:
        asked.append(given)
        return country(*given)

    monkeypatch.setattr(national, "gather", gather)
    readers = [counted.sign_in("national") for _ in range(2)]
    for _ in range(5):
        for browser in readers:
            assert browser.get("/dashboard?year=2026", headers=ENGLISH).status_code == 200
    assert len(asked) == 1
    readers[0].get("/dashboard?year=2026", headers={"Accept-Language": "ru"})
    readers[0].get("/dashboard?year=2025", headers=ENGLISH)
    assert len(asked) == 3


class Pages:
    """Open pages of the country in one browser, each with a stream of its own, within the server's loop."""

    def __init__(self, house: House) -> None:
        self.app, self.context = house.client.app, house.context
        self.headers = house.join("national").headers
        page = house.client.get("/dashboard", headers={**self.headers, **ENGLISH, "Accept": "text/html"}).text
        since, made = (re.search(rf'data-{name}="([^"]+)"', page) for name in ("live", "made"))
        assert since is not None
        assert made is not None
        self.query = f"page=country&since={since[1]}&made={made[1]}"

    async def show(self, number: int, change: Callable[[], object]) -> None:
        """Opens so many, makes a change, and returns when each of them has been sent it."""
        told: list[anyio.Event] = []
        async with anyio.create_task_group() as tasks:
            for _ in range(number):
                connected, changed = anyio.Event(), anyio.Event()
                tasks.start_soon(self._listen, connected, changed)
                await connected.wait()
                told.append(changed)
            await anyio.to_thread.run_sync(change)
            for changed in told:
                await changed.wait()
            tasks.cancel_scope.cancel()

    async def _listen(self, connected: anyio.Event, changed: anyio.Event) -> None:
        async def receive() -> Message:
            await anyio.sleep_forever()
            raise AssertionError

        async def send(message: Message) -> None:
            body = message.get("body", b"")
            if body.startswith(b": connected"):
                connected.set()
            elif body.startswith(b"event: parts"):
                changed.set()

        headers = [(name.lower().encode(), value.encode()) for name, value in {**self.headers, **ENGLISH}.items()]
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/dashboard/live",
            "query_string": self.query.encode(),
            "headers": headers,
            "state": {"context": self.context},
        }
        await self.app(scope, receive, send)


def test_a_change_is_read_once_however_many_pages_are_open(counted: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what SQLite runs on the file of the totals between a tap and the last page that shows it.

    The page's own statements are the same ones for one page and for two hundred. Around them the follower ends one round and
    begins another, which may fall on either side; all the same there are fewer in all than one for every other page.
    """
    statements: list[str] = []
    monkeypatch.setattr(publisher, "_PAUSE_SECONDS", 600.0)  # it asks too, in its own time
    reader = tables.open_reader

    def watched(path: Path) -> sqlite3.Connection:
        connection = reader(path)
        connection.set_trace_callback(statements.append)
        return connection

    monkeypatch.setattr(tables, "open_reader", watched)
    for connection in (counted.context.tables._writer, *counted.context.tables._readers):
        connection.set_trace_callback(statements.append)
    ran, readings = [], []
    for number in (1, 200):
        pages, phone = Pages(counted), counted.join("volunteer", "moscow")
        statements.clear()
        counted.call(pages.show, number, partial(phone.write, phone.sheet(letters={ANNA: 1})))
        ran.append(len(statements))
        readings.append([one for one in "\n".join(statements).split("\nBEGIN\n") if "WITH span" in one])
    assert [len(one) for one in readings] == [1, 1]
    of_one, of_many = ([line.split(" WHERE ")[0] for line in one[0].splitlines()] for one in readings)
    assert len(of_one) > 10
    assert of_one == of_many
    assert ran[1] < ran[0] + 100
