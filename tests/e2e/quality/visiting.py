"""A house to look at: a server with the demo and one more evening, phones that have joined and counted, coordinators signed in.

Chromium ── context per language ── joined phone, signed-in coordinator, stranger ── every page of pages.py ── themes, sizes
"""

import re
from collections.abc import Iterator
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.furnishing import AHEAD, DISPUTED, FIGURE, RELEASED, SNOWDROP
from tests.e2e.quality.pages import GUARDED, PHONE, Screen
from tests.e2e.stage import EVENT, Otkrytka

Language = Literal["ru", "en"]
LANGUAGES: tuple[Language, ...] = ("ru", "en")
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LOCALES = {"ru": "ru-RU", "en": "en-GB"}
WORDS = {
    "event": str(EVENT["_id"]).partition(":")[2],
    "disputed": DISPUTED,
    "ahead": AHEAD,
    "prisoner": SNOWDROP.partition(":")[2],
    "figure": str(FIGURE["_id"]).partition(":")[2],
    "released": str(RELEASED["_id"]).partition(":")[2],
    "paper": "7K3QDW52",
    "closed": "01KG57Q800904F111BE4JDPJPJ",
    "browser": "01KFW0000000000000000WXYZ",
}


def new_context(browser: Browser, language: Language) -> BrowserContext:
    """A browser of its own; a phone's size to begin with. Nothing moves, so that nothing is caught half-way."""
    return browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, locale=LOCALES[language], reduced_motion="reduce"
    )


PASSPHRASE = "quince lantern ferry moss"
PIN = "4913"
# What counts seconds down does so no more.
STAND_STILL = """() => {
    const { setTimeout } = window;
    window.setTimeout = (work, after, ...more) => after === 1000 ? 0 : setTimeout(work, after, ...more);
}"""
FULL = """() => {
    navigator.storage.estimate = async () => ({ usage: 95e6, quota: 100e6 });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
HIDE = """() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def join_phone(page: Page, server: Otkrytka, passphrase: str = "") -> None:
    """Joins as a coordinator of Moscow, whose phone shows whatever a phone can show, and counts a little."""
    page.goto(server.invite("coordinator", "moscow")["url"])
    for field in ("passphrase", "passphrase-again") if passphrase else ():
        page.get_by_test_id(field).fill(passphrase)
    page.get_by_test_id("join-submit").click()
    page.locator(f"[data-event='{EVENT['_id']}']").click()
    page.get_by_test_id("heads-plus").click()
    page.get_by_test_id("letter-no-name").click()
    expect(page.get_by_test_id("own-letters")).to_have_text("1")


def cut_off(page: Page) -> None:
    """Takes the network away from a phone that has counted, and nearly all of its room; it counts on."""
    for doors in ("**/db/**", "**/api/**"):
        page.context.route(doors, lambda route: route.abort())
    turn_to(page, next(screen for screen in PHONE if screen.name == "evening"))
    page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("unsent")).not_to_have_text("0")
    page.evaluate(FULL)


def cover(page: Page) -> None:
    """Covers a guarded phone: it has a short code, and was out of sight for a moment."""
    turn_to(page, next(screen for screen in GUARDED if screen.name == "guarded"))
    page.get_by_test_id("lock-hidden").select_option("0")
    page.get_by_test_id("pin-new").fill(PIN)
    page.get_by_test_id("pin-save").click()
    expect(page.get_by_test_id("pin-new")).to_have_count(0)
    page.evaluate(HIDE)
    expect(page.get_by_test_id("pin")).to_be_visible()


def sign_in(page: Page, server: Otkrytka, role: str = "national", *chapters: str) -> None:
    """Signs a coordinator in to the dashboards, a national one unless said otherwise."""
    page.goto(server.invite(role, *chapters)["sign_in"])
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile(f"^{re.escape(server.url)}/dashboard(/chapters/.*)?$"))


def address(screen: Screen, language: Language) -> str:
    """The path of a screen, for the evening that has been counted at and for somebody who was written to."""
    return screen.address.format(language=language, **WORDS)


def visit(page: Page, screen: Screen, url: str, language: Language) -> None:
    """Loads a page of the server's."""
    page.goto(f"{url}{address(screen, language)}")
    if screen.table:
        table = screen.table.format(**WORDS).encode()
        page.locator("input[type=file]").set_input_files({"name": "t.csv", "mimeType": "text/csv", "buffer": table})
    if screen.sent:
        page.locator("main form button").first.click()
    expect(page.locator(screen.ready).first).to_be_visible()


# The heading of the page that is left may stand until the next one has been loaded.
TURN = """address => {
    document.querySelector("h1")?.setAttribute("data-left", "");
    history.pushState(null, "", address);
    dispatchEvent(new HashChangeEvent("hashchange"));
    dispatchEvent(new PopStateEvent("popstate"));
}"""


def turn_to(page: Page, screen: Screen) -> None:
    """Turns to a page of the phone app without loading it anew: an app that has been unlocked stays so."""
    page.evaluate(TURN, address(screen, "ru"))
    if screen.name == "wiping":
        page.evaluate(STAND_STILL)
    for pressed in screen.press:
        page.locator(pressed).click()
    expect(page.locator(screen.ready).first).to_be_visible()


def in_themes(page: Page) -> Iterator[Literal["light", "dark"]]:
    """The page as it stands, in one theme after the other."""
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        yield theme
