"""Files of what a page shows: the same numbers, for those who may see the page, kept by no cache."""

import csv
import io
import re
from html import unescape

import pytest
from openpyxl import load_workbook

from tests.protocol.server.house import EVENT, House

ANNA = "prisoner:01KFW000000000000000000P01"
ENGLISH = {"Accept-Language": "en"}
TITLE = '=HYPERLINK("https://example.org")'


@pytest.fixture
def counted(house: House) -> House:
    """An evening with a title that is a formula, and counts."""
    coordinator = house.join("coordinator", "moscow", pseudonym="Quiet Owl")
    coordinator.write({**EVENT, "device": coordinator.id, "title": TITLE, "status": "closed"})
    coordinator.write(coordinator.sheet(heads=41, letters={ANNA: 1234}))
    coordinator.write(coordinator.closing(basis="recount", letters=1240))
    house.settle()
    return house


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("country", ["Moscow", "1", "1234", "1234", "0", "0", "1", "41", "0"]),
        ("chapters/moscow", [f"'{TITLE}", "2026-03-05 23:30", "closed", "1234", "1", "41", "0", "1240", "the number"]),
        (f"events/{EVENT['_id']}", ["Quiet Owl", "41", "1234", "1"]),
    ],
)
def test_both_formats_hold_what_the_page_shows(counted: House, path: str, expected: list[str]) -> None:
    """CSV and Excel agree cell by cell; in CSV a title that would be a formula is made harmless, in Excel it is a text."""
    browser = counted.sign_in("national")
    answer = browser.get(f"/dashboard/tables/{path}.csv?lang=en")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith('attachment; filename="otkrytka-')
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert expected in rows
    book = load_workbook(io.BytesIO(browser.get(f"/dashboard/tables/{path}.xlsx?lang=en").content))
    assert book.active is not None
    read = [[str(value)[:16] for value in row] for row in book.active.iter_rows(values_only=True)]
    assert [value.removeprefix("'")[:16] for value in expected] in read


def test_a_sheet_of_paper_and_an_open_evening_are_called_as_on_the_page(house: House) -> None:
    """By the number on the paper and whoever typed it in; and by what the page calls the state of its numbers."""
    phone = house.join("coordinator", "moscow", pseudonym="Quiet Owl")
    phone.write({**EVENT, "status": "planned"})
    number = "01KFW00000000000007K3QDW52"
    paper = {**phone.sheet(heads=5), "_id": phone.sheet()["_id"].replace(phone.id, number), "device": number}
    phone.write({**paper, "paper": {"by": phone.id}})
    house.settle()
    browser = house.sign_in("coordinator", "moscow")
    for path, column, words in (
        (f"events/{EVENT['_id']}", 0, "Sheet of paper 7K3Q DW52 typed in by Quiet Owl"),
        ("chapters/moscow", 2, "Provisional"),
    ):
        table = browser.get(f"/dashboard/tables/{path}.csv", headers=ENGLISH).content.decode("utf-8-sig")
        assert list(csv.reader(io.StringIO(table)))[1][column] == words
        page = browser.get(f"/dashboard/{path}", headers=ENGLISH).text
        assert words in " ".join(re.sub("<[^>]+>", " ", page).split())


def test_a_lower_bound_is_one_wherever_it_goes(counted: House) -> None:
    """It stays a number in its cell, with a cell that says what it is; a sum names the figures that are bounds."""
    coordinator = counted.join("coordinator", "moscow")
    before = coordinator.closing()["_id"]
    closing = coordinator.get(f"/db/chapter-moscow/{before}").json()
    del closing["_rev"]
    closing |= {"_id": before[:-1] + "1", "replaces": before, "heads": 40, "letters": 1500, "at_least": ["letters"]}
    coordinator.write(closing)
    counted.settle()
    browser = counted.sign_in("national")
    rows = list(csv.reader(io.StringIO(browser.get("/dashboard/tables/chapters/moscow.csv?lang=en").text, newline="")))
    assert (rows[0][-2:], rows[1][-2:]) == (["Declared", "Declared as"], ["1500", "at least"])
    book = load_workbook(io.BytesIO(browser.get("/dashboard/tables/chapters/moscow.xlsx?lang=ru").content))
    assert book.active is not None
    assert [cell.value for cell in book.active[2]][-2:] == [1500, "не менее"]
    for path in ("/dashboard/chapters/moscow?lang=en", "/dashboard/report?lang=en&from=2026-01-01"):
        words = " ".join(re.sub("<[^>]*>", " ", unescape(browser.get(path).text)).split())
        assert "people — 40, letters — at least 1,500" in words
    for path in ("", "/chapters/moscow", f"/events/{EVENT['_id']}"):
        declared = counted.join("national").get(f"/api/totals{path}").json()["declared"]
        assert (declared["letters"], declared["heads"], declared["at_least"]) == (1500, 40, ["letters"])
    assert counted.join("national").get("/api/totals?from=2027-01-01").json()["declared"]["at_least"] == []


def test_a_file_is_for_those_who_may_see_the_page(counted: House) -> None:
    """Another chapter's coordinator gets a refusal, or a list without it; a stranger nothing; there are no other formats."""
    browser = counted.sign_in("coordinator", "tver")
    assert "Moscow" not in browser.get("/dashboard/tables/country.csv?lang=en").text
    assert browser.get("/dashboard/tables/chapters/moscow.csv").status_code == 403
    assert browser.get(f"/dashboard/tables/events/{EVENT['_id']}.csv").status_code == 403
    assert browser.get("/dashboard/report?chapter=moscow").status_code == 403
    assert browser.get("/dashboard/tables/country.pdf").status_code == 404
    assert counted.client.get("/dashboard/tables/country.csv").status_code == 401


def test_a_file_keeps_to_the_days_that_are_shown(counted: House) -> None:
    """Another year has no events."""
    browser = counted.sign_in("national")
    assert "HYPERLINK" in browser.get("/dashboard/tables/chapters/moscow.csv?from=2026-01-01").text
    assert "HYPERLINK" not in browser.get("/dashboard/tables/chapters/moscow.csv?from=2027-01-01").text


def test_the_report_has_the_numbers_and_the_lines_in_both_languages(counted: House) -> None:
    """Tallied and declared, the chart with its table, and what may be said to the press, in Russian and in English."""
    text = counted.sign_in("coordinator", "moscow").get("/dashboard/report?lang=en&from=2026-01-01").text
    assert "Season report" in text
    assert "1,234" in text
    assert "1,240" in text
    assert "<svg" in text
    assert '<p lang="ru">Пришло больше тридцати человек.' in text
    assert '<p lang="en">' in text


def test_the_press_hears_of_an_evening_that_was_declared_and_not_tallied(counted: House) -> None:
    """Its letters are in no sheet: nobody counted on a phone."""
    coordinator = counted.join("coordinator", "moscow")
    event = "event:01KFW0000000000000000000EW"
    coordinator.write({**EVENT, "_id": event, "device": coordinator.id, "status": "closed"})
    closing = coordinator.closing(basis="recount", cards=61)
    coordinator.write({**closing, "_id": closing["_id"].replace(EVENT["_id"][6:], event[6:]), "event": event})
    counted.settle()
    text = counted.sign_in("coordinator", "moscow").get("/dashboard/report?lang=en&from=2026-01-01").text
    assert "In total, 61 letters were written" in text


def test_a_chapters_report_names_no_other_chapter(counted: House) -> None:
    """What other chapters counted is for those who coordinate them, and for the country's report."""
    tver = counted.join("coordinator", "tver")
    event = "event:01KFW0000000000000000000ET"
    tver.write({**EVENT, "_id": event, "chapter": "tver", "device": tver.id, "status": "closed"}, "chapter-tver")
    counted.settle()
    days = "?lang=en&from=2026-01-01"
    assert "Tver" in counted.sign_in("national").get(f"/dashboard/report{days}").text
    for browser in (counted.sign_in("coordinator", "moscow"), counted.sign_in("national")):
        assert "Tver" not in browser.get(f"/dashboard/report{days}&chapter=moscow").text


def test_the_report_says_what_other_pages_count_and_it_does_not(counted: House) -> None:
    """Counts of an evening that has not arrived have no day, so they are in no report: the rest of the country's sum."""
    browser = counted.sign_in("national")
    assert "more letter" not in browser.get("/dashboard/report?lang=en").text
    volunteer = counted.join("volunteer", "moscow")
    unknown = "event:01KFW0000000000000000000EN"
    sheet = volunteer.sheet(heads=2, letters={ANNA: 6})
    volunteer.write(
        {**sheet, "_id": sheet["_id"].replace(sheet["event"].partition(":")[2], unknown[6:]), "event": unknown}
    )
    counted.settle()
    assert '<p class="count">1,240</p>' in browser.get("/dashboard?lang=en").text
    text = browser.get("/dashboard/report?lang=en").text
    assert '<p class="count">1,234</p>' in text
    assert "6 more letters and cards are from evenings whose date is unknown" in text
