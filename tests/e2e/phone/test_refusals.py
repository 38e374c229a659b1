"""When the server says no: delivery stops, recording never does, and nothing is deleted."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.stage import Otkrytka

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
Opens = Callable[[BrowserContext], Page]
DELIVERY = 60_000


def revoke(browser_page: Page, server: Otkrytka) -> None:
    """A coordinator revokes the newest volunteer's device on the dashboard."""
    browser_page.goto(server.invite("coordinator", "moscow")["sign_in"])
    browser_page.get_by_role("button", name="Sign in").click()
    expect(browser_page.get_by_role("heading", level=1)).to_be_visible()
    browser_page.goto(f"{server.url}/dashboard/devices")
    browser_page.locator("details.confirm summary").first.click()
    browser_page.locator("form[action$='/revoke'] button").first.click()
    browser_page.wait_for_load_state()


def as_older_server(route: Route) -> None:
    """Answers a batch without the names of rules, as servers did before they had any."""
    answer = route.fetch()
    rows = [{name: value for name, value in row.items() if name not in ("rule", "path")} for row in answer.json()]
    route.fulfill(response=answer, json=rows)


def test_a_revoked_phone_goes_on_counting_and_says_what_to_do(server: Otkrytka, phone: Phone, opened: Opens) -> None:
    """Its counts stay; a new invite does not lose them from sight, and the refused sheet is named with the rule, in the
    reader's language; where the server names none, in its own words.
    """
    page = opened(phone())
    page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)
    revoke(phone().new_page(), server)
    for _ in range(2):
        page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("sync-refused")).to_contain_text("no longer knows this phone", timeout=DELIVERY)
    expect(page.get_by_test_id("sync-refused").locator("q")).to_have_count(0)
    page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("own-heads")).to_have_text("4")
    expect(page.get_by_test_id("unsent")).to_have_text("3")
    page.reload()
    expect(page.get_by_test_id("own-heads")).to_have_text("4")

    event = page.url
    page.goto(server.invite("volunteer", "moscow")["url"])
    expect(page.get_by_text("3 taps are not at the server yet")).to_be_visible()
    page.get_by_test_id("join-submit").click()
    expect(page.get_by_test_id("new-event")).to_be_visible()
    page.goto(event)
    page.get_by_test_id("heads-plus").click()
    # The new device has a sheet of its own; the old one's taps are still counted here, and still not delivered.
    expect(page.get_by_test_id("own-heads")).to_have_text("1")
    expect(page.get_by_test_id("chapter-heads")).to_have_text("5")
    expect(page.get_by_test_id("unsent")).to_have_text("3", timeout=DELIVERY)
    page.goto(f"{server.url}/app/delivery")
    reason = page.locator("[data-progress=refused] .reason")
    expect(reason).to_have_text("A sheet is written only by the device that counts on it.")
    expect(page.locator("[data-progress=counted]")).to_be_visible(timeout=DELIVERY)
    page.goto(f"{server.url}/app/settings")
    page.get_by_role("radio", name="Русский").check()
    expect(page.get_by_role("heading", level=1)).to_have_text("Настройки")
    page.goto(f"{server.url}/app/delivery")
    expect(reason).to_have_text("Лист пишет только то устройство, которое на нём считает.")
    # What this page offers by itself has been answered: from here on only the button can make a difference.
    expect(page.get_by_test_id("sync-phase")).to_have_attribute("data-phase", "connected", timeout=DELIVERY)

    page.context.route("**/_bulk_docs", as_older_server)
    page.get_by_role("button", name="Отправить снова").click()
    expect(reason).to_have_text("Ответ сервера: A sheet is written only by the device that counts on it")
    expect(reason.locator("[lang=en]")).to_have_text("A sheet is written only by the device that counts on it")


def test_leaving_warns_of_what_is_unsent_and_forgets_everything(server: Otkrytka, phone: Phone, opened: Opens) -> None:
    """After leaving, the phone holds no database, and every tab is back at the beginning."""
    context = phone()
    page = opened(context)
    other = context.new_page()
    other.goto(server.url)
    expect(other.get_by_test_id("new-event")).to_be_visible()
    server.kill()
    page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("unsent")).to_have_text("1")
    page.goto(f"{server.url}/app/settings")
    page.get_by_test_id("leave").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 tap is not at the server yet")
    page.get_by_test_id("leave-confirm").click()
    for tab in (page, other):
        expect(tab.get_by_role("heading", level=1)).to_have_text("Count people and letters, even without a network")
    names = page.evaluate("indexedDB.databases().then((all) => all.map(({ name }) => name))")
    assert not [name for name in names if "chapter" in name or "register" in name]
