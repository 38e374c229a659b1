"""A dashboard page that stays open: signed in by a link, kept current by the server, honest when it is not."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.furnishing import dispute
from tests.e2e.stage import Otkrytka

pytestmark = pytest.mark.browser
EVENT = "event:01KFW0000000000000000000EV"
ANNA = "prisoner:01KFW000000000000000000P01"
BACK = 60_000  # milliseconds a page may take to come back after an outage


@pytest.fixture
def page(server: Otkrytka, browser: Browser) -> Iterator[Page]:
    """A national coordinator's browser, signed in; any error in a page's console fails the test."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(server.invite("national")["sign_in"])
    opened.get_by_role("button", name="Sign in").click()
    expect(opened.get_by_role("heading", level=1)).to_have_text("The whole country")
    yield opened
    context.close()
    assert errors == []


def put(client: httpx2.Client, heads: int, letters: int, rev: str | None = None) -> str:
    """Puts the device's sheet and answers its revision."""
    device = client.headers["X-Device"]
    sheet: dict[str, Any] = {
        "type": "sheet",
        "schema": 1,
        "event": EVENT,
        "device": device,
        "chapter": "moscow",
        "heads": {"added": heads, "removed": 0},
        "letters": [{"to": ANNA, "kind": "card", "origin": "here", "added": letters, "removed": 0}],
    }
    if rev:
        sheet["_rev"] = rev
    answer = client.put(f"/db/chapter-moscow/sheet:{EVENT.partition(':')[2]}:{device}", json=sheet)
    answer.raise_for_status()
    return str(answer.json()["rev"])


def written(page: Page) -> Any:
    return page.locator(".tile.main .count")


def test_the_invite_leaves_the_address_and_is_used_by_the_button_alone(server: Otkrytka, browser: Browser) -> None:
    """Opening the link twice is harmless; the invite is gone from the address bar and the history at once."""
    link = server.invite("coordinator", "moscow")["sign_in"]
    for _ in range(2):
        context = browser.new_context(locale="ru-RU")
        page = context.new_page()
        page.goto(link)
        expect(page.get_by_text("Приглашение на месте")).to_be_visible()
        assert "#" not in page.url
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Москва")
    page.goto(link)
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("alert")).to_contain_text("уже вошли")


def test_numbers_arrive_in_the_open_page(server: Otkrytka, page: Page) -> None:
    """Counts written by a phone appear without a reload: the tiles, the chapter's row, the mark that they are provisional."""
    expect(written(page)).to_have_text("549")
    expect(page.get_by_role("status")).to_have_text("Numbers update by themselves.")
    page.evaluate("window.stayed = true")
    with server.join("volunteer", "moscow") as volunteer:
        rev = put(volunteer, 10, 3)
        expect(written(page)).to_have_text("552")
        put(volunteer, 12, 1451, rev)
        expect(written(page)).to_have_text("2,000")
    row = page.get_by_role("row").filter(has_text="Moscow")
    expect(row.locator('[data-label="People"]')).to_have_text("116")
    assert page.evaluate("window.stayed") is True


# What moves while nobody does anything, as the browser itself measures it (https://wicg.github.io/layout-instability/).
WATCH = """() => {
  window.moved = [];
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries())
      window.moved.push(`${value} ${sources.map(({ node }) => node?.textContent?.trim().slice(0, 40))}`);
  }).observe({ type: "layout-shift" });
}"""
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"


def moved(page: Page) -> Any:
    """What has moved since WATCH, up to now."""
    page.evaluate(PAINTED)
    return page.evaluate("window.moved")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_new_phone_moves_nothing_that_is_looked_at(server: Otkrytka, page: Page, width: int) -> None:
    """Rows below the screen come by themselves. In sight the numbers do, and the rows once somebody asks for them."""
    page.set_viewport_size({"width": width, "height": 844})
    people = page.locator("#compare tr").filter(has_text="People").locator("td").first
    sheets, button = page.locator("#sheets tbody tr"), page.get_by_role("button", name="The lists have changed: show")
    with server.join("volunteer", "moscow", pseudonym="Quiet Owl") as one:
        rev = put(one, 5, 1)
        expect(written(page)).to_have_text("550")
        page.goto(f"{server.url}/dashboard/events/{EVENT}")
        expect(sheets).to_have_count(1)
        page.set_viewport_size({"width": width, "height": 400})
        page.evaluate(WATCH)
        with server.join("volunteer", "moscow", pseudonym="Bright Fox") as two:
            put(two, 7, 2)
            expect(sheets).to_have_count(2)
            expect(people).to_have_text("12")
        expect(button).to_have_count(0)
        assert moved(page) == []

        page.set_viewport_size({"width": width, "height": 844})
        page.locator("#sheets").scroll_into_view_if_needed()
        page.evaluate(WATCH)
        with server.join("volunteer", "moscow", pseudonym="Early Heron") as three:
            put(three, 30, 0)
            put(one, 6, 1, rev)
            expect(people).to_have_text("43")
            expect(sheets.filter(has_text="Quiet Owl").locator("td").first).to_have_text("6")
        assert moved(page) == []
        expect(sheets).to_have_count(2)
        button.click()
        expect(sheets).to_have_count(3)
        expect(sheets.filter(has_text="Early Heron").locator(".changed")).to_have_count(2)
        expect(sheets.filter(has_text="Bright Fox").locator(".changed")).to_have_count(0)
        expect(page.locator("#sheets")).to_be_focused()
        expect(button).to_have_count(0)


def test_what_somebody_is_choosing_stays_when_news_arrives(server: Otkrytka, browser: Browser) -> None:
    """Another conflict joins the queue above, once asked for, and moves nothing before; what was ticked is ticked still."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    with server.join("coordinator", "moscow") as one, server.join("coordinator", "moscow") as other:
        dispute(one, other)
        page.goto(server.invite("coordinator", "moscow")["sign_in"])
        page.get_by_role("button", name="Sign in").click()
        page.locator("header").get_by_role("link", name="Conflicts").click()
        expect(page.get_by_role("status")).to_have_text("Numbers update by themselves.")
        lost = page.locator("input[value=lost]")
        lost.check()
        address = page.locator("#queue form").get_attribute("action")
        dispute(one, other, "01KFW0000000000000000000EE")
        page.get_by_role("button", name="The lists have changed: show").click()
        expect(lost).to_have_count(2)
    ticked = page.locator("#queue input:checked")
    expect(ticked).to_have_count(1)
    expect(page.locator("#queue form:has(input:checked)")).to_have_attribute("action", str(address))
    context.close()


def test_a_lost_connection_is_said_and_comes_back_by_itself(server: Otkrytka, page: Page) -> None:
    """While the server is away the page says that its numbers may be old; afterwards it catches up with what it missed."""
    status = page.get_by_role("status")
    expect(status).to_have_text("Numbers update by themselves.")
    with server.join("volunteer", "moscow") as volunteer:
        server.stop()
        expect(status).to_contain_text("connection is lost")
        server.start()
        put(volunteer, 1, 1)
    expect(written(page)).to_have_text("550", timeout=BACK)
    expect(status).to_have_text("Numbers update by themselves.", timeout=BACK)


def test_a_revoked_browser_hears_no_more(server: Otkrytka, page: Page, browser: Browser) -> None:
    """The stream ends, and the page says that it is signed out instead of showing old numbers as new."""
    page.goto(f"{server.url}/dashboard/devices")
    pseudonym = page.locator("tr", has_text="This browser").locator("th").inner_text()
    page.goto(f"{server.url}/dashboard")
    expect(page.get_by_role("status")).to_have_text("Numbers update by themselves.")
    context = browser.new_context(locale="en-GB")
    other = context.new_page()
    other.goto(server.invite("national")["sign_in"])
    other.get_by_role("button", name="Sign in").click()
    other.goto(f"{server.url}/dashboard/devices")
    # By chance both may have been given one pseudonym.
    row = other.get_by_role("row").filter(has_text=pseudonym, has_not_text="This browser")
    row.locator("summary").click()
    row.get_by_role("button", name="Yes, revoke").click()
    expect(row).to_contain_text("Revoked on")
    with server.join("volunteer", "moscow") as volunteer:
        put(volunteer, 1, 1)
    expect(page.get_by_role("status")).to_contain_text("no longer signed in")
    expect(written(page)).to_have_text("549")
    context.close()


def test_no_page_is_wider_than_the_screen(server: Otkrytka, page: Page) -> None:
    """On a phone and on a laptop, in both languages, nothing is scrolled sideways, and every page has one first heading."""
    page.goto(f"{server.url}/dashboard/chapters/moscow")
    event = _first_event(page)
    paths = ("", "/chapters/moscow", event, "/devices", "/conflicts", "/sign-in", "/nowhere")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        for path in paths:
            for language in ("ru", "en"):
                page.goto(f"{server.url}/dashboard{path}?lang={language}")
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
                assert page.locator("h1").count() == 1, path


def _first_event(page: Page) -> str:
    address = page.locator("#events a").first.get_attribute("href")
    assert address is not None
    return address.removeprefix("/dashboard")
