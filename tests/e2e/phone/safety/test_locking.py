"""A phone behind a passphrase: locked after every start, opened without a network, the same in all its tabs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.phone.safety.conftest import unlock
from tests.e2e.stage import Otkrytka

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
Opens = Callable[[BrowserContext], Page]
STRETCHING = 30_000  # milliseconds: Argon2id is slow by intention, and more so on a busy machine


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
    expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=30_000)
