"""An evening counted on two phones without a network, and without a server."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.e2e.stage import EVENT, Otkrytka

PHONE: ViewportSize = {"width": 390, "height": 844}
DELIVERY = 60_000  # milliseconds: the phones come back by themselves, however long they had backed off


def phone(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-GB", service_workers="allow")


def join(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    page.get_by_test_id("join-submit").click()
    expect(page.get_by_test_id("new-event").first).to_be_visible()
    # From here on the app must come from the phone alone.
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    return page


def add_letter(page: Page, name: str | None, kind: str, times: int) -> None:
    """Counts letters to one prisoner found by typing part of a name, or to nobody named."""
    page.get_by_test_id(f"kind-{kind}").click()
    for _ in range(times):
        if name is None:
            page.get_by_test_id("letter-no-name").click()
        else:
            page.get_by_test_id("letter-search").fill(name)
            page.get_by_test_id("letter-option").first.click()


def count_evening(page: Page, *, reload: bool) -> None:
    """30 heads and 12 letters, two of them to the same prisoner."""
    for tap in range(31):
        page.get_by_test_id("heads-plus").click()
        if reload and tap == 15:
            expect(page.get_by_test_id("own-heads")).to_have_text("16")
            page.reload()
    page.get_by_test_id("heads-minus").click()
    expect(page.get_by_test_id("own-heads")).to_have_text("30")
    add_letter(page, "Kagarl", "letter", 2)
    add_letter(page, "Maslov", "card", 3)
    add_letter(page, "Mift", "handmade", 1)
    add_letter(page, None, "letter", 6)
    expect(page.get_by_test_id("own-letters")).to_have_text("12")


def sign_in(browser: Browser, server: Otkrytka, path: str) -> Page:
    """A coordinator's page on a desk, signed in by an invite."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB").new_page()
    page.goto(server.invite("coordinator", "moscow")["sign_in"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(f"{server.url}{path}")
    return page


@pytest.mark.browser
def test_counts_survive_without_a_server_and_arrive_by_themselves(server: Otkrytka, browser: Browser) -> None:
    """Two phones offline, the server stopped, one reloaded: all taps arrive, once, without another tap."""
    with server.join("coordinator", "moscow") as coordinator:
        coordinator.put(f"/db/chapter-moscow/{EVENT['_id']}", json=EVENT).raise_for_status()
    dashboard = sign_in(browser, server, f"/dashboard/events/{EVENT['_id']}")
    contexts = [phone(browser), phone(browser)]
    phones = [join(context, server.invite("volunteer", "moscow")["url"]) for context in contexts]
    for page in phones:
        page.get_by_test_id("event-item").filter(has_text=str(EVENT["title"])).click()
        expect(page.get_by_test_id("heads-plus")).to_be_visible()

    for context in contexts:
        context.set_offline(True)
    server.stop()
    for page, reload in zip(phones, (False, True), strict=True):
        count_evening(page, reload=reload)
        expect(page.get_by_test_id("chapter-heads")).to_have_text("30")

    server.start()
    for context in contexts:
        context.set_offline(False)
    for page in phones:
        expect(page.get_by_test_id("chapter-heads")).to_have_text("60", timeout=DELIVERY)
        expect(page.get_by_test_id("chapter-letters")).to_have_text("24", timeout=DELIVERY)
        expect(page.get_by_test_id("chapter-recipients")).to_have_text("3")
        expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)
    written, _, heads, _ = (dashboard.locator("#tiles .count").nth(place) for place in range(4))
    expect(written).to_have_text("24", timeout=DELIVERY)
    expect(heads).to_have_text("60", timeout=DELIVERY)
