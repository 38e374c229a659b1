"""A house to look at: a server with the demo and one more evening, phones that have joined and counted, coordinators signed in.

Chromium ── context per language ── joined phone, signed-in coordinator, stranger ── every page of pages.py ── themes, sizes
"""

import json
import re
from collections.abc import Iterator
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.furnishing import AHEAD, CROWDED, DISPUTED, FIGURE, RELEASED, SNOWDROP
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
    "crowded": CROWDED,
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


def enlarge(page: Page, percent: int) -> None:
    """Lets the browser write everything so much larger, as people set it who can't read small letters."""
    standard = 16 * percent // 100
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": standard}})


def begin_chapter(page: Page, server: Otkrytka) -> None:
    """Joins a chapter that has no evenings yet."""
    page.goto(server.invite("coordinator", "perm")["url"])
    page.get_by_test_id("join-submit").click()
    expect(page.get_by_test_id("new-event")).to_be_visible()


def answer(page: Page, status: int, rule: str) -> None:
    """Has the server refuse so, by a rule, whatever the phone writes, and the phone write something."""
    context = page.context
    context.unroute("**/_bulk_docs")
    body = json.dumps({"error": "invented", "reason": "an invented reason", "rule": rule})
    context.route(
        "**/_bulk_docs", lambda route: route.fulfill(status=status, content_type="application/json", body=body)
    )
    turn_to(page, next(screen for screen in PHONE if screen.name == "evening"))
    page.get_by_test_id("heads-plus").click()
    expect(page.locator(".chip.refused")).to_be_visible()


def evict(page: Page, server: Otkrytka) -> None:
    """Has the browser take everything that the phone kept."""
    page.goto(f"{server.url}/healthz")
    page.context.new_cdp_session(page).send(
        "Storage.clearDataForOrigin", {"origin": server.url, "storageTypes": "indexeddb,cache_storage,service_workers"}
    )


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
    _bring_about(page, screen)


# The heading of the page that is left may stand until the next one has been loaded, and its dialog where that is the same page.
TURN = """address => {
    document.querySelector("dialog[open]")?.close();
    document.querySelector("h1")?.setAttribute("data-left", "");
    history.pushState(null, "", address);
    dispatchEvent(new HashChangeEvent("hashchange"));
    dispatchEvent(new PopStateEvent("popstate"));
}"""


def turn_to(page: Page, screen: Screen) -> None:
    """Turns to a page of the phone app without loading it anew: an app that has been unlocked stays so."""
    if screen.happens:
        page.evaluate(screen.happens)
    page.evaluate(TURN, address(screen, "ru"))
    _bring_about(page, screen)


def _bring_about(page: Page, screen: Screen) -> None:
    for pressed in screen.press:
        page.locator(pressed).click()
    if screen.typed:  # instead of what was there
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type(screen.typed)
    expect(page.locator(screen.ready).first).to_be_visible()


def in_themes(page: Page) -> Iterator[Literal["light", "dark"]]:
    """The page as it stands, in one theme after the other."""
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        yield theme
