"""The public site in a browser without scripts, and the report on paper: the main acts, in both languages."""

import datetime as dt
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.stage import EVENT, Otkrytka, demonstration

pytestmark = pytest.mark.browser
SECONDS = 60.0  # more than anything takes on a busy machine
ULID = str(EVENT["_id"]).partition(":")[2]
TITLE = str(EVENT["title"])
FRAMES = (("card", "/card"), ("page", ""))
TITLES = {"ru": "Вечера писем политзаключённым", "en": "Letter evenings for political prisoners"}
WORDS = {
    "ru": {"totals": "Итоги", "bring": "Что взять с собой", "other": "In English", "off": "Вечер отменён."},
    "en": {
        "totals": "Totals",
        "bring": "What to bring",
        "other": "По-русски",
        "off": "This evening has been cancelled.",
    },
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Otkrytka]:
    """A server with the demo, and an evening a week from now."""
    with demonstration(tmp_path_factory.mktemp("public")) as otkrytka:
        with otkrytka.join("coordinator", "moscow") as coordinator:
            announce(coordinator)
        last = time.monotonic() + SECONDS
        while time.monotonic() < last:  # what is published follows what is counted with a little delay
            if httpx2.get(f"{otkrytka.url}/public/totals.json").json()["country"]["written"]:
                break
        yield otkrytka


def announce(coordinator: httpx2.Client, **fields: Any) -> None:
    """Puts the evening, or changes it."""
    address = f"/db/chapter-moscow/{EVENT['_id']}"
    known = coordinator.get(address)
    rev = {"_rev": known.json()["_rev"]} if known.status_code == 200 else {}
    starts = (dt.datetime.now(dt.UTC) + dt.timedelta(days=7)).replace(microsecond=0).isoformat()
    document = {**EVENT, "starts": starts, "status": "planned", "bring": "Postcards", "listed": True, **fields, **rev}
    coordinator.put(address, json=document).raise_for_status()


@pytest.fixture
def page(house: Otkrytka, browser: Browser) -> Iterator[Page]:
    """A phone's browser that runs no script; nothing may be asked of another site."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    assert all(url.startswith(house.url) for url in asked)
    assert context.cookies() == []
    context.close()


def test_the_schedule_of_one_place(house: Otkrytka, page: Page) -> None:
    """Above the evenings stands where they are: one place is chosen, has its own evenings, and all are a press away."""
    page.goto(f"{house.url}/public/en")
    places = page.get_by_role("navigation", name="Where")
    expect(places.locator("[aria-current=page]")).to_have_text("All chapters")
    places.get_by_role("link", name="St Petersburg").click()
    expect(places.locator("[aria-current=page]")).to_have_text("St Petersburg")
    expect(page.get_by_role("link", name=TITLE)).to_have_count(0)
    places.get_by_role("link", name="Moscow").click()
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()
    places.get_by_role("link", name="All chapters").click()
    expect(page).to_have_url(f"{house.url}/public/en")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_from_the_schedule_to_an_evening_and_the_totals(house: Otkrytka, page: Page, language: str) -> None:
    """Without a script: schedule → evening with what to bring → chapter → totals with their chart → the other language."""
    words = WORDS[language]
    page.goto(f"{house.url}/public/{language}")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[language])
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.get_by_text(words["bring"])).to_be_visible()
    expect(page.get_by_text("Postcards")).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name=words["totals"]).click()
    expect(page.locator("table.numbers").first).to_contain_text("549")
    expect(page.locator(".chart .narrow svg")).to_be_visible()
    page.get_by_role("link", name=words["other"]).click()
    expect(page).to_have_url(f"{house.url}/public/{'en' if language == 'ru' else 'ru'}/totals")


def test_a_cancelled_evening_is_shown_as_such(house: Otkrytka, page: Page) -> None:
    """In both languages, on its page and in the schedule; the calendar says CANCELLED under the same UID."""
    with house.join("coordinator", "moscow") as coordinator:
        announce(coordinator, status="cancelled")
        for language, words in WORDS.items():
            _until(page, f"{house.url}/public/{language}/events/{ULID}", words["off"])
        assert "STATUS:CANCELLED" in httpx2.get(f"{house.url}/public/schedule.ics").text
        announce(coordinator)


@pytest.fixture
def friends(house: Otkrytka) -> Iterator[str]:
    """The page of another site, which frames two of ours."""
    frames = "".join(f'<iframe name="{name}" src="{house.url}/public/en{path}"></iframe>' for name, path in FRAMES)

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(f"<!doctype html>{frames}".encode())

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_the_card_stands_on_another_site(house: Otkrytka, browser: Browser, friends: str) -> None:
    """Framed by a page of another origin it shows the next evening, and its links leave the frame; other pages refuse."""
    page = browser.new_page()
    page.goto(friends)
    expect(page.frame_locator("[name=card]").get_by_role("link", name=TITLE)).to_be_visible()
    expect(page.frame_locator("[name=page]").get_by_role("heading", name=TITLES["en"])).to_have_count(0)
    page.frame_locator("[name=card]").get_by_role("link", name=TITLE).click()
    expect(page).to_have_url(f"{house.url}/public/en/events/{ULID}")
    page.close()


def test_no_public_page_is_wider_than_a_screen(house: Otkrytka, page: Page) -> None:
    """Down to 320 pixels, in both languages."""
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for language in TITLES:
            for path in (
                "",
                "/chapters/moscow",
                f"/events/{ULID}",
                "/past/2026-01",
                "/totals",
                "/card",
                "/api",
                "/nowhere",
            ):
                page.goto(f"{house.url}/public/{language}{path}")
                box = page.locator("html").bounding_box()
                widest = page.locator("main").bounding_box()
                assert box is not None
                assert widest is not None
                assert widest["x"] + widest["width"] <= width, path


def test_the_report_is_made_for_paper(house: Otkrytka, browser: Browser) -> None:
    """A coordinator opens it from the page, in both languages; printed it is a PDF of few pages, the press lines in both."""
    for language, button, title in (("ru-RU", "Войти", "Отчёт о сезоне"), ("en-GB", "Sign in", "Season report")):
        context = browser.new_context(locale=language)
        page = context.new_page()
        page.goto(house.invite("coordinator", "moscow")["sign_in"])
        page.get_by_role("button", name=button).click()
        page.get_by_role("link", name=title).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        expect(page.locator(".press [lang=en]").first).to_contain_text("337 letters to 77 political prisoners")
        expect(page.locator(".press [lang=ru]").first).to_contain_text("337 писем 77 политзаключённым")
        printed = page.pdf(prefer_css_page_size=True)
        assert printed.startswith(b"%PDF")
        assert 1 <= printed.count(b"/Type /Page\n") <= 3
        context.close()


def _until(page: Page, address: str, words: str) -> None:
    """Opens a page again until it says something: the totals follow the databases with a little delay."""
    last = time.monotonic() + SECONDS
    while time.monotonic() < last:
        page.goto(address)
        if page.get_by_text(words).count():
            return
    raise AssertionError(f"{address} never said “{words}”")
