"""The whole way of a tap in Firefox and WebKitGTK: counting, doing without the server, and delivering."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.e2e.others.driven import Driven, click, firefox, until, webkit
from tests.e2e.stage import EVENT, Otkrytka

pytestmark = [pytest.mark.browser, pytest.mark.anyio]
Open = Callable[[Path], AbstractAsyncContextManager[Driven]]


def shows(name: str, words: str) -> str:
    """Whether an element, by its test id, reads so."""
    return f"document.querySelector('[data-testid={name}]')?.textContent.trim() === '{words}'"


@pytest.mark.parametrize("browser", [firefox, webkit])
async def test_counts_without_a_server_and_delivers_when_it_is_back(
    server: Otkrytka, tmp_path: Path, browser: Open
) -> None:
    """Taps are counted with the server gone, are there after the app was opened again without it, and then arrive."""
    with server.join("coordinator", "moscow") as coordinator:
        coordinator.put(f"/db/chapter-moscow/{EVENT['_id']}", json=EVENT).raise_for_status()
    profile = tmp_path / "profile"
    profile.mkdir()
    async with browser(profile) as page:
        await page.go(server.invite("volunteer", "moscow")["url"])
        await click(page, "[data-testid=join-submit]")
        await click(page, f"[data-event='{EVENT['_id']}']")
        await click(page, "[data-testid=heads-plus]")
        await until(page, shows("unsent", "0"))
        # The worker has kept the app by then, so that it can be opened without the server.
        await page.evaluate("navigator.serviceWorker.ready.then(() => true)")

        server.stop()
        await click(page, "[data-testid=heads-plus]")
        await click(page, "[data-testid=letter-no-name]")
        await until(page, shows("own-letters", "1"))
        await page.go(f"{server.url}/app/event/{str(EVENT['_id']).partition(':')[2]}")
        await until(page, shows("own-heads", "2"))
        await click(page, "[data-testid=heads-plus]")
        await until(page, shows("own-heads", "3"))

        server.start()
        await page.evaluate("dispatchEvent(new Event('online'))")
        await until(page, shows("unsent", "0"))
    with server.join("coordinator", "moscow") as coordinator:
        totals = coordinator.get(f"/api/totals/events/{EVENT['_id']}").raise_for_status().json()
    assert (totals["heads"], totals["written"]) == (3, 1)
