"""Phones guarded by a passphrase."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.stage import EVENT, Otkrytka, evening_in_moscow

PASSPHRASE = "quince lantern ferry moss"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Otkrytka]:
    """One server for the tests of a module, with an open evening in Moscow; each test has phones of its own."""
    with evening_in_moscow(tmp_path_factory.mktemp("safety")) as otkrytka:
        yield otkrytka


@pytest.fixture
def evening() -> str:
    return str(EVENT["_id"])


@pytest.fixture
def guarded(server: Otkrytka, evening: str) -> Callable[[BrowserContext], Page]:
    """Joins behind a passphrase and opens the evening, ready to do without the server."""

    def joined(context: BrowserContext) -> Page:
        page = context.pages[0] if context.pages else context.new_page()
        page.goto(server.invite("volunteer", "moscow")["url"])
        page.get_by_test_id("passphrase").fill(PASSPHRASE)
        page.get_by_test_id("passphrase-again").fill(PASSPHRASE)
        page.get_by_test_id("join-submit").click()
        expect(page.locator(f"[data-event='{evening}']")).to_be_visible(timeout=30_000)
        expect(page.get_by_test_id("not-ready")).to_have_count(0)
        page.locator(f"[data-event='{evening}']").click()
        expect(page.get_by_test_id("heads-plus")).to_be_visible()
        return page

    return joined


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def start(phone_on: Callable[[Path], BrowserContext], profile: Path) -> Callable[[], Page]:
    """Starts the phone's browser on its profile."""
    return lambda: phone_on(profile).pages[0]


def unlock(page: Page, passphrase: str = PASSPHRASE) -> None:
    """Types the passphrase into a locked page."""
    page.get_by_test_id("unlock-passphrase").fill(passphrase)
    page.get_by_test_id("unlock-submit").click()
