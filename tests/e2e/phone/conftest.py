"""Phones: browser contexts of their own, joined by an invite."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import CHROMIUM
from tests.e2e.stage import EVENT, Otkrytka

Phone = Callable[..., BrowserContext]
PhoneOn = Callable[..., BrowserContext]


# Every write fails, until there is room again.
FILL_DISK = """() => {
  const put = IDBObjectStore.prototype.put;
  window.emptyDisk = () => { IDBObjectStore.prototype.put = put };
  IDBObjectStore.prototype.put = function (...given) {
    const request = put.apply(this, given);
    this.transaction.abort();
    return request;
  };
}"""


def tap(page: Page, control: str, times: int = 1) -> None:
    """Taps a button, by its test id."""
    for _ in range(times):
        page.get_by_test_id(control).click()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Phone]:
    """Makes phones that know nothing of each other; closed after the test."""
    made: list[BrowserContext] = []

    def make(locale: str = "en-GB") -> BrowserContext:
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale=locale
        )
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def phone_on(browser: Browser) -> Iterator[PhoneOn]:
    """Starts a phone's browser on a profile, a folder that outlives it; what still runs is ended after the test."""
    running: list[BrowserContext] = []

    def start(profile: Path, *arguments: str) -> BrowserContext:
        context = browser.browser_type.launch_persistent_context(
            profile,
            executable_path=CHROMIUM,
            args=["--no-sandbox", *arguments],
            locale="en-GB",
            viewport={"width": 390, "height": 844},
        )
        running.append(context)
        return context

    yield start
    for context in running:
        context.close()


@pytest.fixture
def kill(browser: Browser) -> Callable[[Page], None]:
    """Kills whatever runs pages, in the middle of what they do, and closes all pages of this one's phone."""

    def killed(page: Page) -> None:
        session = browser.new_browser_cdp_session()

        def renderers() -> set[int]:
            processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
            return {int(process["id"]) for process in processes if process["type"] == "renderer"}

        dying = renderers()
        with page.expect_event("crash"):
            for process in dying:
                os.kill(process, signal.SIGKILL)
        # Until the browser has heard of their end it may give a dead process to a new page, which would never answer.
        while dying & renderers():
            continue
        session.detach()
        for dead in page.context.pages:
            dead.close()

    return killed


@pytest.fixture
def evening(server: Otkrytka) -> str:
    """An open evening in Moscow, made by a coordinator; its id."""
    with server.join("coordinator", "moscow") as coordinator:
        coordinator.put(f"/db/chapter-moscow/{EVENT['_id']}", json=EVENT).raise_for_status()
    return str(EVENT["_id"])


@pytest.fixture
def join(server: Otkrytka) -> Callable[[BrowserContext], Page]:
    """Joins Moscow as a volunteer and opens the list of evenings, ready to do without the server."""

    def joined(context: BrowserContext) -> Page:
        page = context.new_page()
        page.goto(server.invite("volunteer", "moscow")["url"])
        page.get_by_test_id("join-submit").click()
        expect(page.get_by_test_id("event-item").first).to_be_visible()
        expect(page.get_by_test_id("not-ready")).to_have_count(0)
        return page

    return joined


@pytest.fixture
def opened(join: Callable[[BrowserContext], Page], evening: str) -> Callable[[BrowserContext], Page]:
    """Joins and opens the evening."""

    def at_evening(context: BrowserContext) -> Page:
        page = join(context)
        page.locator(f"[data-event='{evening}']").click()
        expect(page.get_by_test_id("heads-plus")).to_be_visible()
        return page

    return at_evening
