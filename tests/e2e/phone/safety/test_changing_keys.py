"""Keys that change while the phone dies, or another tab unlocks: no tap is lost, and no old key opens."""

from collections.abc import Callable
from itertools import count

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.phone.dying import dies, make_mortal
from tests.e2e.phone.safety.conftest import PASSPHRASE, unlock
from tests.e2e.stage import Otkrytka

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
STRETCHING = 60_000
STRIDE = 3  # every so many steps of the change the phone dies; there are some twenty
CHANGED = "a moss grown passphrase"
SPACES = """indexedDB.databases().then((all) =>
    [...new Set(all.flatMap(({ name }) => /^_pouch_([0-9a-f]{8})-/.exec(name)?.[1] ?? []))])"""


@pytest.fixture
def offline(server: Otkrytka, phone: Phone, evening: str) -> Callable[[], tuple[BrowserContext, str]]:
    """A phone without a passphrase that has counted one, and the address of its evening. Nothing more is delivered."""

    def made() -> tuple[BrowserContext, str]:
        context = phone()
        page = context.new_page()
        page.goto(server.invite("volunteer", "moscow")["url"])
        page.get_by_test_id("join-submit").click()
        expect(page.get_by_test_id("not-ready")).to_have_count(0)
        page.locator(f"[data-event='{evening}']").click()
        page.get_by_test_id("heads-plus").click()
        expect(page.get_by_test_id("own-heads")).to_have_text("1")
        expect(page.get_by_test_id("unsent")).to_have_text("0")
        address = page.url
        page.close()
        make_mortal(context)
        context.add_init_script("window.hold = true")
        for door in ("**/db/**", "**/api/**"):
            context.route(door, lambda route: route.abort())
        return context, address

    return made


def count_ahead(page: Page, before: int) -> None:
    """One more person, written ahead and not folded."""
    expect(page.get_by_test_id("own-heads")).to_have_text(str(before))
    page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("own-heads")).to_have_text(str(before + 1))


def choose_passphrase(page: Page, steps: int) -> bool:
    """Begins to seal everything anew; whether the phone died after so many steps."""
    page.evaluate("history.pushState(null, '', '/app/safety'); dispatchEvent(new PopStateEvent('popstate'))")
    for field in ("passphrase", "passphrase-again"):
        page.get_by_test_id(field).fill(PASSPHRASE)
    page.evaluate("window.hold = false")
    guard = "document.querySelector('[data-testid=guard]').click()"
    return dies(page, steps, guard, lambda request: request.is_navigation_request())


def test_a_phone_that_dies_while_a_passphrase_is_set_loses_no_tap(
    offline: Callable[[], tuple[BrowserContext, str]], kill: Callable[[Page], None]
) -> None:
    """Until the vault is replaced all is as it was, afterwards only the passphrase opens it; no other keys stay."""
    context, address = offline()
    taps = 1
    guarded = False
    for steps in count(0, STRIDE):
        page = context.new_page()
        page.goto(address)
        if guarded:
            context, address = offline()
            taps, guarded = 1, False
            page = context.new_page()
            page.goto(address)
        count_ahead(page, taps)
        taps += 1
        died = choose_passphrase(page, steps)
        if died:
            kill(page)
            page = context.new_page()
            page.goto(address)
        expect(page.get_by_test_id("unlock-passphrase").or_(page.get_by_test_id("own-heads"))).to_be_visible()
        guarded = page.get_by_test_id("unlock-passphrase").is_visible()
        assert len(page.evaluate(SPACES)) == 1, f"after {steps} steps"
        if guarded:
            unlock(page)
            page.goto(address)
            unlock(page)
        expect(page.get_by_test_id("own-heads")).to_have_text(str(taps), timeout=STRETCHING)
        page.close()
        if not died:
            break
    assert guarded


# What a worker has stretched arrives when the test says so.
GATE = """
const gate = new Promise((open) => { window.release = open });
window.Worker = class extends Worker {
  set onmessage(hear) { super.onmessage = async (event) => { await gate; hear(event) } }
};
"""


def test_a_passphrase_stays_changed_though_another_tab_was_unlocking_with_the_old_one(
    server: Otkrytka, phone: Phone, guarded: Callable[[BrowserContext], Page]
) -> None:
    """That tab opens, and puts nothing back: from then on only the new passphrase does."""
    page = guarded(phone())
    slow = page.context.new_page()
    slow.add_init_script(GATE)
    page.goto(f"{server.url}/app/safety")
    expect(page.get_by_test_id("unlock-passphrase")).to_be_visible()
    slow.goto(server.url)
    unlock(slow)
    unlock(page)
    page.get_by_test_id("passphrase-change").locator("xpath=ancestor::details").locator("summary").click(
        timeout=STRETCHING
    )
    page.get_by_test_id("passphrase-old").fill(PASSPHRASE)
    for field in ("passphrase", "passphrase-again"):
        page.get_by_test_id(field).fill(CHANGED)
    page.get_by_test_id("passphrase-change").click()
    expect(page.get_by_role("status").filter(has_text="changed")).to_be_visible(timeout=STRETCHING)
    slow.evaluate("window.release()")
    expect(slow.get_by_test_id("new-event")).to_be_visible(timeout=STRETCHING)
    page.get_by_test_id("lock").click()
    unlock(page, CHANGED)
    expect(page.get_by_test_id("wipe").or_(page.get_by_test_id("new-event"))).to_be_visible(timeout=STRETCHING)
