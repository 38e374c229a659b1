"""Several addresses of one server: a phone finds the one that works, and learns of new ones."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.chaos.faulty_proxy import FaultyProxy
from tests.e2e.stage import Otkrytka, demonstration, free_port

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
Opens = Callable[[BrowserContext], Page]
DELIVERY = 60_000
POLICY = "caches.match('/').then((page) => page.headers.get('content-security-policy'))"


@pytest.fixture
def port() -> int:
    """Where the server will listen."""
    return free_port()


@pytest.fixture
def ways(port: int) -> Iterator[list[FaultyProxy]]:
    """Two further ways to the server."""
    with FaultyProxy(port, seed=1) as one, FaultyProxy(port, seed=2) as other:
        yield [one, other]


@pytest.fixture
def server(tmp_path: Path, port: int, ways: list[FaultyProxy]) -> Iterator[Otkrytka]:
    """A server that names the first of them."""
    with demonstration(tmp_path, port, {"OTKRYTKA_MIRRORS": ways[0].url}) as otkrytka:
        yield otkrytka


def test_a_blocked_phone_delivers_by_another_address(
    server: Otkrytka, ways: list[FaultyProxy], phone: Phone, opened: Opens
) -> None:
    """The app stays where it is, the data take the other way; a new address of the list may be asked from the next start."""
    context = phone()
    page = opened(context)
    page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)
    for doors in ("db", "api"):
        context.route(f"{server.url}/{doors}/**", lambda route: route.abort())
    page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("own-heads")).to_have_text("2")
    page.get_by_test_id("unsent").click()
    expect(page.locator("[data-progress=counted]")).to_be_visible(timeout=DELIVERY)
    expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)
    assert ways[0].met["pass"] > 0

    server.stop()
    server.settings["OTKRYTKA_MIRRORS"] = f"{ways[0].url} {ways[1].url}"
    server.start()
    deadline = time.monotonic() + DELIVERY / 1000
    while ways[1].url not in page.evaluate(POLICY):
        assert time.monotonic() < deadline
        page.evaluate("dispatchEvent(new Event('online'))")
    page.reload()
    expect(page.get_by_test_id("unsent")).to_have_text("0")
    assert page.evaluate("(address) => fetch(`${address}/api/mirrors`).then(({ ok }) => ok)", ways[1].url)
