"""The country's page: what it says for a time, what it knows to be missing, and what its stream sends to whom."""

import re
from typing import Any

import pytest

from server.dashboards import national
from server.dashboards.country import Country, country
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
    assert "1 evening not closed by a coordinator The oldest is of 5 March 2026" in said
    assert "1,234 letters written and not marked as sent" in said
    assert 'href="/dashboard/look/unclosed"' in missing[0]
    assert EVENT["title"] in browser.get("/dashboard/look/unclosed", headers=ENGLISH).text
    assert EVENT["title"] not in browser.get("/dashboard/look/differing", headers=ENGLISH).text
    assert browser.get("/dashboard/look/nonsense").status_code == 404


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
