"""Forgetting everything: by the button, by wrong passphrases, by a coordinator; never by anything less."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.phone.safety.conftest import unlock
from tests.e2e.stage import Otkrytka

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
Opens = Callable[[BrowserContext], Page]
STRETCHING = 60_000
LEFT = """async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    storage: localStorage.length + sessionStorage.length,
})"""
NOTHING = {"databases": [], "caches": [], "workers": 0, "storage": 0}


def test_the_button_wipes_everything_without_a_network(server: Otkrytka, phone: Phone, guarded: Opens) -> None:
    """Five seconds in which one may stop it; then no database, cache or worker is left, and other tabs are empty too."""
    context = phone()
    page = guarded(context)
    page.get_by_test_id("heads-plus").click()
    page.goto(f"{server.url}/app/safety")
    unlock(page)
    expect(page.get_by_test_id("lock")).to_be_visible(timeout=STRETCHING)
    other = context.new_page()
    other.goto(server.url)
    expect(other.get_by_test_id("new-event")).to_be_visible(timeout=STRETCHING)
    context.set_offline(True)
    page.get_by_test_id("wipe").click()
    expect(page.get_by_test_id("wipe-countdown")).to_have_text(re.compile("^[2-4]$"))
    expect(page.get_by_test_id("wipe-cancel")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("wipe")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("wiped")).to_be_visible(timeout=15_000)
    assert page.evaluate(LEFT) == NOTHING
    assert other.url == "about:blank"


STUCK = """() => {
    const remove = IDBFactory.prototype.deleteDatabase;
    window.loosen = () => { IDBFactory.prototype.deleteDatabase = remove };
    IDBFactory.prototype.deleteDatabase = function (name) {
        if (name.startsWith("_pouch_")) throw new DOMException("the disk says no", "UnknownError");
        return remove.call(this, name);
    };
}"""
HOLD_OPEN = """async () => {
    for (const { name } of await indexedDB.databases())
        await new Promise((done) => { indexedDB.open(name).onsuccess = done });
}"""


def ask_to_wipe(page: Page, server: Otkrytka) -> None:
    page.goto(f"{server.url}/app/safety")
    unlock(page)
    expect(page.get_by_test_id("wipe")).to_be_visible(timeout=STRETCHING)


def test_what_could_not_be_wiped_is_said_and_spares_nothing_else(
    server: Otkrytka, phone: Phone, guarded: Opens
) -> None:
    """The rest is gone all the same, and trying again may do what is left."""
    page = guarded(phone())
    ask_to_wipe(page, server)
    page.evaluate(STUCK)
    page.get_by_test_id("wipe").click()
    expect(page.get_by_test_id("unwiped")).to_be_visible(timeout=15_000)
    left = page.evaluate(LEFT)
    assert {**left, "databases": []} == NOTHING
    assert left["databases"]
    assert "vault" not in left["databases"]
    page.evaluate("loosen()")
    page.get_by_test_id("wipe-again").click()
    expect(page.get_by_test_id("wiped")).to_be_visible()
    assert page.evaluate(LEFT) == NOTHING


def test_a_tab_that_holds_on_to_the_data_holds_up_no_wiping(server: Otkrytka, phone: Phone, guarded: Opens) -> None:
    """The keys are gone at once, and the rest with that tab."""
    context = phone()
    page = guarded(context)
    holding = context.new_page()
    holding.goto(f"{server.url}/healthz")
    ask_to_wipe(page, server)
    holding.evaluate(HOLD_OPEN)
    page.get_by_test_id("wipe").click()
    expect(page.get_by_test_id("wiped")).to_be_visible(timeout=15_000)
    holding.close()
    page.wait_for_function("async () => (await indexedDB.databases()).length === 0")


def test_wrong_passphrases_wipe_only_where_that_was_chosen(server: Otkrytka, phone: Phone, guarded: Opens) -> None:
    """The tries left are said; a start in between does not give them back; the last one wipes."""
    page = guarded(phone())
    page.goto(f"{server.url}/app/safety")
    unlock(page, "wrong, but nothing was chosen")
    expect(page.get_by_test_id("unlock-problem")).to_have_text("That is not the passphrase.", timeout=STRETCHING)
    unlock(page)
    page.get_by_test_id("wipe-after").select_option("3", timeout=STRETCHING)
    expect(page.get_by_test_id("wipe-after")).to_have_attribute("data-stored", "3")
    page.reload()
    for left in ("2 tries are left", "1 try is left"):
        unlock(page, "wrong")
        expect(page.get_by_test_id("unlock-problem")).to_contain_text(left, timeout=STRETCHING)
    page.reload()
    unlock(page, "wrong")
    expect(page.get_by_test_id("wiped")).to_be_visible(timeout=STRETCHING)
    assert page.evaluate(LEFT) == NOTHING


def test_a_coordinator_wipes_a_lost_phone_at_its_next_contact(server: Otkrytka, phone: Phone, guarded: Opens) -> None:
    """Revoked with that order it forgets everything by itself; an answer that only looks like the order changes nothing."""
    context = phone()
    page = guarded(context)
    page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("unsent")).to_have_text("0")
    page.route("**/api/farewell", lambda route: route.fulfill(json={"device": "x", "signature": "A" * 88}))
    desk = phone().new_page()
    desk.goto(server.invite("coordinator", "moscow")["sign_in"])
    desk.get_by_role("button", name="Sign in").click()
    expect(desk.get_by_role("heading", level=1)).to_be_visible()
    desk.goto(f"{server.url}/dashboard/devices")
    desk.locator("details.confirm summary").first.click()
    desk.locator("button[name=forget]").first.click()
    desk.wait_for_load_state()
    with page.expect_response("**/api/farewell", timeout=60_000):
        page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("own-heads")).to_have_text("2")
    page.unroute("**/api/farewell")
    page.reload()
    unlock(page)
    expect(page.get_by_test_id("wiped")).to_be_visible(timeout=60_000)
    assert page.evaluate(LEFT) == NOTHING
