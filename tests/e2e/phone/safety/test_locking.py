"""A phone behind a passphrase: locked after every start, opened without a network, the same in all its tabs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.phone.safety.conftest import unlock
from tests.e2e.stage import Otkrytka

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
Opens = Callable[[BrowserContext], Page]
STRETCHING = 60_000  # milliseconds: Argon2id is slow by intention, and more so on a busy machine


def test_a_locked_phone_shows_nothing_and_opens_by_its_passphrase_alone(
    server: Otkrytka, phone: Phone, guarded: Opens
) -> None:
    """Counted offline, reloaded: the passphrase opens it without a network, a wrong one says so; a second tab needs none."""
    context = phone()
    page = guarded(context)
    context.set_offline(True)
    for _ in range(3):
        page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("own-heads")).to_have_text("3")
    page.reload()
    expect(page.get_by_test_id("unlock-passphrase")).to_be_visible()
    expect(page.get_by_test_id("heads-plus")).to_have_count(0)
    unlock(page, "not the passphrase")
    expect(page.get_by_test_id("unlock-problem")).to_contain_text("not the passphrase", timeout=STRETCHING)
    unlock(page)
    expect(page.get_by_test_id("own-heads")).to_have_text("3", timeout=STRETCHING)
    other = context.new_page()
    other.goto(page.url)
    expect(other.get_by_test_id("own-heads")).to_have_text("3")
    for each in (page, other):
        each.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("own-heads")).to_have_text("5")
    expect(other.get_by_test_id("own-heads")).to_have_text("5")
    context.set_offline(False)
    expect(page.get_by_test_id("unsent")).to_have_text("0")


HIDE = """() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
SHOW = HIDE.replace("hidden", "visible")
DATABASES = "indexedDB.databases().then((all) => all.map(({ name }) => name))"
BURST = """times => { for (let tap = 0; tap < times; tap += 1) document.querySelector("[data-testid=heads-plus]").click() }"""


def settings(page: Page, server: Otkrytka) -> None:
    """Opens the page on safety of an unlocked phone, without loading anything anew."""
    page.evaluate("history.pushState(null, '', '/app/safety'); dispatchEvent(new PopStateEvent('popstate'))")
    expect(page.get_by_test_id("wipe")).to_be_visible()


def back(page: Page) -> None:
    page.evaluate("history.back()")
    expect(page.get_by_test_id("heads-plus")).to_be_visible()


def test_locked_in_the_middle_of_taps_and_delivery_nothing_is_lost(
    server: Otkrytka, phone: Phone, guarded: Opens
) -> None:
    """Out of sight means locked at once, but after the taps are written; what was on its way arrives after unlocking."""
    page = guarded(phone())
    settings(page, server)
    page.get_by_test_id("lock-hidden").select_option("0")
    back(page)
    page.route("**/_bulk_docs*", lambda route: None)  # a delivery that hangs
    page.evaluate(BURST, 10)
    expect(page.get_by_test_id("own-heads")).to_have_text("10")
    page.evaluate(f"() => {{ ({BURST})(15); ({HIDE})(); }}")
    expect(page.get_by_test_id("unlock-passphrase")).to_be_visible(timeout=STRETCHING)
    page.unroute("**/_bulk_docs*")
    unlock(page)
    expect(page.get_by_test_id("own-heads")).to_have_text("25", timeout=STRETCHING)
    expect(page.get_by_test_id("unsent")).to_have_text("0")
    with server.join("coordinator", "moscow") as coordinator:
        event = "event:" + page.url.rpartition("/")[2]
        totals = coordinator.get(f"/api/totals/events/{event}").raise_for_status().json()
    assert totals["heads"] >= 25


def test_an_untouched_phone_locks_by_itself(server: Otkrytka, phone: Phone, guarded: Opens) -> None:
    """Every touch begins the time anew; when it has passed nothing is shown any more."""
    context = phone()
    context.clock.install()
    page = guarded(context)
    settings(page, server)
    page.get_by_test_id("lock-idle").select_option("5")
    back(page)
    for counted in ("1", "2"):
        page.get_by_test_id("heads-plus").click()
        page.clock.fast_forward(4 * 60_000)
        expect(page.get_by_test_id("own-heads")).to_have_text(counted)
    page.clock.fast_forward(2 * 60_000)
    expect(page.get_by_test_id("unlock-passphrase")).to_be_visible(timeout=STRETCHING)
    expect(page.get_by_test_id("own-heads")).to_have_count(0)


def test_a_short_code_leads_back_and_three_wrong_ones_lock(server: Otkrytka, phone: Phone, guarded: Opens) -> None:
    """Behind the code nothing is shown, another tab gets no keys, and after three wrong codes only the passphrase helps."""
    context = phone()
    page = guarded(context)
    settings(page, server)
    page.get_by_test_id("lock-hidden").select_option("0")
    page.get_by_test_id("pin-new").fill("4913")
    page.get_by_test_id("pin-save").click()
    expect(page.get_by_test_id("pin-new")).to_have_count(0)
    back(page)
    page.evaluate(HIDE)
    page.evaluate(SHOW)
    expect(page.get_by_test_id("heads-plus")).to_have_count(0)
    other = context.new_page()
    other.goto(server.url)
    expect(other.get_by_test_id("unlock-passphrase")).to_be_visible()
    other.close()
    page.get_by_test_id("pin").fill("4913")
    page.get_by_test_id("pin-submit").click()
    expect(page.get_by_test_id("heads-plus")).to_be_visible()
    page.evaluate(HIDE)
    for wrong in ("0000", "1111", "2222"):
        page.get_by_test_id("pin").fill(wrong)
        page.get_by_test_id("pin-submit").click()
    expect(page.get_by_test_id("unlock-passphrase")).to_be_visible()


def test_a_passphrase_chosen_later_seals_everything_anew(server: Otkrytka, phone: Phone, evening: str) -> None:
    """Nothing is lost on the way, another tab stands aside, and what the old keys sealed is gone."""
    context = phone()
    page = context.new_page()
    page.goto(server.invite("volunteer", "moscow")["url"])
    page.get_by_test_id("join-submit").click()
    expect(page.get_by_test_id("event-item").first).to_be_visible()
    expect(page.get_by_test_id("not-ready")).to_have_count(0)
    page.locator(f"[data-event='{evening}']").click()
    expect(page.get_by_test_id("heads-plus")).to_be_visible()
    page.context.set_offline(True)
    page.evaluate(BURST, 4)
    expect(page.get_by_test_id("own-heads")).to_have_text("4")
    expect(page.get_by_test_id("unsent")).to_have_text("4")
    other = context.new_page()
    other.goto(page.url)
    expect(other.get_by_test_id("own-heads")).to_have_text("4")
    before = set(page.evaluate(DATABASES))
    settings(page, server)
    for field in ("passphrase", "passphrase-again"):
        page.get_by_test_id(field).fill("a moss grown passphrase")
    page.get_by_test_id("guard").click()
    expect(page.get_by_test_id("unlock-passphrase")).to_be_visible(timeout=STRETCHING)
    expect(other.get_by_test_id("unlock-passphrase")).to_be_visible(timeout=STRETCHING)
    assert set(page.evaluate(DATABASES)) & before == {"vault"}
    unlock(other, "a moss grown passphrase")
    page.context.set_offline(False)
    expect(other.get_by_test_id("own-heads")).to_have_text("4", timeout=STRETCHING)
    expect(other.get_by_test_id("unsent")).to_have_text("0")
