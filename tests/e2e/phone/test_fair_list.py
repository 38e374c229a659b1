"""Whom to write to: the list, a person's page, a report that travels, and what comes out of the printer."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.stage import Otkrytka, demonstration

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
Opens = Callable[[BrowserContext], Page]
DELIVERY = 60_000
POINTS_PER_MM = 72 / 25.4


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Otkrytka]:
    """One server for all of these tests: they only read what others may see, and report."""
    with demonstration(tmp_path_factory.mktemp("fair")) as otkrytka:
        yield otkrytka


def open_list(page: Page) -> None:
    page.get_by_test_id("fair-open").click()
    expect(page.get_by_test_id("fair-row").first).to_be_visible()


def choose(page: Page, *names: str) -> None:
    for name in names:
        page.get_by_test_id("fair-search").fill(name)
        expect(page.get_by_test_id("fair-found")).to_contain_text("1 person")
        page.get_by_test_id("fair-row").locator("input").check()
    page.get_by_test_id("fair-print").click()


def printed(page: Page) -> tuple[list[tuple[int, int]], str]:
    """The page as it is printed: the sizes of its sheets in millimetres, and all that is to be read on them."""
    file = page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", file)
    sizes = [(round(float(w) / POINTS_PER_MM), round(float(h) / POINTS_PER_MM)) for w, h in boxes]
    page.emulate_media(media="print")
    text = page.locator("body").inner_text()
    page.emulate_media(media="null")
    return sizes, text


def test_the_list_works_without_a_server_and_puts_the_forgotten_first(
    server: Otkrytka, phone: Phone, join: Opens
) -> None:
    """Search in either language, why somebody needs support, themes; and a person's page with address, rules, history."""
    context = phone()
    page = join(context)
    context.set_offline(True)
    open_list(page)
    expect(page.get_by_test_id("fair-row").first).to_contain_text("No letters yet", ignore_case=True)
    page.get_by_test_id("fair-search").fill("вымысел одув")
    expect(page.get_by_test_id("fair-row")).to_have_count(1)
    page.get_by_test_id("fair-search").fill("")
    everybody = page.get_by_test_id("fair-found").inner_text()
    page.get_by_test_id("fair-theme").select_option("scientist")
    expect(page.get_by_test_id("fair-found")).not_to_have_text(everybody)
    page.get_by_test_id("fair-theme").select_option("")
    page.get_by_test_id("fair-search").fill("fiction dandelion")
    page.get_by_test_id("fair-row").get_by_role("link").click()
    expect(page.get_by_test_id("address")).to_contain_text("000000, г. Выдуманск")
    expect(page.get_by_test_id("checked")).to_have_attribute("data-stale", re.compile("true|false"))
    expect(page.get_by_test_id("facility-rules")).to_contain_text("The case and the trial")
    expect(page.get_by_test_id("history-entry")).to_contain_text("29 January 2026")
    expect(page.get_by_test_id("advice")).to_contain_text("What a censor returns")


def test_a_report_is_delivered_like_everything_else_and_stays_with_the_chapter(
    server: Otkrytka, phone: Phone, join: Opens
) -> None:
    """Made without a network, by a volunteer; it says "at the server" only after a receipt."""
    context = phone()
    page = join(context)
    open_list(page)
    page.get_by_test_id("fair-search").fill("sketch bulrush")
    page.get_by_test_id("fair-row").get_by_role("link").click()
    context.set_offline(True)
    page.get_by_test_id("report-kind").select_option("moved")
    page.get_by_test_id("report-note").fill("The envelope says so")
    page.get_by_test_id("report-send").click()
    report = page.get_by_test_id("report")
    expect(report).to_contain_text("Moved to another place")
    expect(report).to_have_attribute("data-progress", "phone")
    context.set_offline(False)
    expect(report).to_have_attribute("data-progress", "counted", timeout=DELIVERY)
    with server.join("volunteer", "moscow") as other:
        listed = other.get("/db/chapter-moscow/_all_docs", params={"include_docs": "true", "startkey": '"report:"'})
    made = [row["doc"] for row in listed.json()["rows"] if row["id"].startswith("report:")]
    assert [(doc["kind"], doc["note"], doc["facility"]) for doc in made] == [
        ("moved", "The envelope says so", "Выдуманная колония № 2")
    ]


def test_what_is_printed_has_the_size_of_the_paper(server: Otkrytka, phone: Phone, join: Opens) -> None:
    """Labels begin at the chosen cell; envelopes carry sender, recipient and postcode; rules come one sheet to a place."""
    page = join(phone())
    open_list(page)
    choose(page, "fiction dandelion", "fiction snowdrop", "sketch bulrush", "kagarlitsky")
    # Nobody prints for whom there is no address.
    expect(page.get_by_text("so not printed: Boris Kagarlitsky")).to_be_visible()

    page.get_by_test_id("print-start").fill("23")
    sizes, text = printed(page)
    assert sizes == [(210, 297)] * 2
    assert text.count("000000, г. Выдуманск") == 3
    assert "Whom to write to" not in text

    page.get_by_test_id("print-envelopes").check(force=True)
    page.get_by_test_id("print-sender").fill("Открытка\nа/я 1, Выдуманск")
    sizes, text = printed(page)
    assert sizes == [(162, 114)] * 3
    assert text.count("а/я 1, Выдуманск") == 3
    page.get_by_test_id("envelope-dl").check(force=True)
    sizes, _ = printed(page)
    assert sizes == [(220, 110)] * 3

    page.get_by_test_id("print-cards").check(force=True)
    sizes, text = printed(page)
    assert sizes == [(210, 297)]
    assert "Вымысел Одуванчик" in text

    page.get_by_test_id("print-rules").check(force=True)
    sizes, text = printed(page)
    assert sizes == [(210, 297)] * 2
    assert "A blank sheet and a stamped envelope" in text
    assert "Before the envelope is sealed" in text
