"""Whatever the server and the way to it do: in the end everything is delivered, once, and nothing was lost meanwhile."""

import datetime as dt
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.chaos.faulty_proxy import FATES, FaultyProxy
from tests.e2e.stage import EVENT, Otkrytka

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
Opens = Callable[[BrowserContext], Page]
DELIVERY = 60_000
REFUSED = '{"error": "fault", "reason": "a fault of this test"}'
PATIENCE = 3  # seconds, as a server asks for it
GIVEN_UP = 130_000  # milliseconds after which no request waits any more
ONLINE = "dispatchEvent(new Event('online'))"


def tap(page: Page, times: int, before: int) -> None:
    """Each tap is on the screen, whatever the line does."""
    for n in range(times):
        page.get_by_test_id("heads-plus").click()
        expect(page.get_by_test_id("own-heads")).to_have_text(str(before + n + 1))


def expect_delivered(page: Page) -> None:
    expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)


class Answers:
    """Answers a number of a phone's writes with a status, instead of the server."""

    def __init__(self, context: BrowserContext) -> None:
        self.status = 0
        self.left = 0
        self.times: list[float] = []
        context.route("**/_bulk_docs", self._answer)

    def give(self, status: int, times: int) -> None:
        self.status, self.left, self.times = status, times, []

    def _answer(self, route: Route) -> None:
        self.times.append(time.monotonic())
        if self.left == 0:
            route.continue_()
            return
        self.left -= 1
        patience = {"Retry-After": str(PATIENCE)} if self.status == 429 else {}
        headers = {"Content-Type": "application/json", **patience}
        route.fulfill(status=self.status, headers=headers, body=REFUSED)


def test_every_refusal_is_outlasted(server: Otkrytka, evening: str, phone: Phone, opened: Opens) -> None:
    """500, 429 with its patience, 409 and 413 of whole batches, 401 and 403: one after the other, and nothing is deleted."""
    context = phone()
    page = opened(context)
    answers = Answers(context)
    taps = 0
    for status in (500, 429):
        answers.give(status, 2)
        tap(page, 1, taps)
        taps += 1
        expect(page.get_by_test_id("unsent")).to_have_text("1")
        expect_delivered(page)
        if status == 429:
            assert answers.times[1] - answers.times[0] >= PATIENCE
    # Said of the batch, and then of the document itself: it is kept with its reason, and offered again when it has changed.
    for status in (409, 413):
        answers.give(status, 2)
        tap(page, 1, taps)
        expect(page.locator(".chip.refused")).to_be_visible(timeout=DELIVERY)
        tap(page, 1, taps + 1)
        taps += 2
        expect_delivered(page)
    for status in (401, 403):
        answers.give(status, 1)
        tap(page, 1, taps)
        expect(page.get_by_test_id("sync-refused")).to_contain_text("a fault of this test", timeout=DELIVERY)
        tap(page, 1, taps + 1)
        taps += 2
        page.get_by_test_id("sync-refused").get_by_role("button").click()
        expect_delivered(page)
    assert server.heads(evening) == [taps]


@pytest.fixture
def way(server: Otkrytka) -> Iterator[FaultyProxy]:
    """A way to the server on which things go wrong."""
    with FaultyProxy(server.port, seed=20260129) as proxy:
        yield proxy


def suffer(way: FaultyProxy, *fates: str) -> None:
    passing, refused, failing, cut, hanging = (int(fate in fates) for fate in FATES)
    way.weights = (passing, refused, failing, cut, hanging)


def test_a_bad_line_loses_and_doubles_nothing(server: Otkrytka, way: FaultyProxy, evening: str, phone: Phone) -> None:
    """First sync cut in the middle; then resets, 500s and cut answers while counting; then a line where nothing comes back."""
    context = phone()
    page = context.new_page()
    page.clock.install()
    page.goto(server.invite("volunteer", "moscow")["url"].replace(server.url, way.url))
    expect(page.get_by_test_id("join-submit")).to_be_visible()
    expect(page.locator("[data-testid=not-ready]")).to_have_count(0)
    page.get_by_test_id("join-submit").click()
    expect(page.get_by_test_id("new-event")).to_be_visible()
    suffer(way, "cut")
    cut = way.met["cut"]
    page.reload()
    while way.met["cut"] == cut:
        page.evaluate(ONLINE)
        page.clock.fast_forward(1000)
    suffer(way, "pass")
    listed = page.locator(f"[data-event='{evening}']")
    # What was cut may become known only now, and would then be waited for: a network that is back says so again.
    given_up = time.monotonic() + DELIVERY / 1000
    while not listed.is_visible() and time.monotonic() < given_up:
        page.evaluate(ONLINE)
        page.clock.fast_forward(1000)
    listed.click()

    suffer(way, "pass", "refuse", "fail", "cut")
    for taps in range(0, 20, 2):
        tap(page, 2, taps)
        page.clock.fast_forward(10_000)
    assert all(way.met[fate] for fate in ("refuse", "fail", "cut")), way.met
    suffer(way, "pass")
    page.clock.fast_forward(60_000)
    expect_delivered(page)
    assert server.heads(evening) == [20]

    suffer(way, "hang")
    tap(page, 3, 20)
    hung = way.met["hang"]
    while way.met["hang"] == hung:
        page.clock.fast_forward(1000)
    suffer(way, "pass")
    page.clock.fast_forward(GIVEN_UP)
    page.clock.fast_forward(GIVEN_UP)
    expect_delivered(page)
    assert server.heads(evening) == [23]


def test_clocks_that_are_days_off_change_no_number(server: Otkrytka, evening: str, phone: Phone, opened: Opens) -> None:
    """One phone lives two days ahead and one two days behind: both are counted on the evening's own day."""
    for taps, days in ((2, 2), (3, -2)):
        context = phone()
        context.clock.install(time=dt.datetime.now(dt.UTC) + dt.timedelta(days=days))
        page = opened(context)
        tap(page, taps, 0)
        expect_delivered(page)
        page.get_by_test_id("unsent").click()
        expect(page.locator("[data-progress=counted]")).to_be_visible(timeout=DELIVERY)
    assert server.heads(evening) == [2, 3]
    day = str(EVENT["starts"])[:10]
    with server.join("national") as national:
        total = national.get(f"/api/totals/events/{evening}", params={"from": day, "to": day}).json()
    assert total["heads"] == 5


def test_two_phones_of_one_profile_are_one_sheet(
    server: Otkrytka, phone_on: Callable[[Path], BrowserContext], evening: str, tmp_path: Path
) -> None:
    """A phone that was cloned counts twice under one name: the larger number of each counter stands, and no conflict stays."""

    def start(profile: Path) -> tuple[BrowserContext, Page]:
        context = phone_on(profile)
        return context, context.pages[0]

    context, page = start(tmp_path / "one")
    page.goto(server.invite("volunteer", "moscow")["url"])
    page.get_by_test_id("join-submit").click()
    page.locator(f"[data-event='{evening}']").click()
    tap(page, 2, 0)
    expect_delivered(page)
    at_evening = page.url
    context.close()
    shutil.copytree(tmp_path / "one", tmp_path / "two", ignore=shutil.ignore_patterns("Singleton*"))
    clones = [start(tmp_path / name) for name in ("one", "two")]
    for (context, page), taps in zip(clones, (3, 1), strict=True):
        context.route("**/_bulk_docs", lambda route: route.abort())
        page.goto(at_evening)
        tap(page, taps, 2)
    for context, page in clones:
        context.unroute("**/_bulk_docs")
        page.evaluate(ONLINE)
    for _, page in clones:
        expect(page.get_by_test_id("own-heads")).to_have_text("5", timeout=DELIVERY)
        expect_delivered(page)
    assert server.heads(evening) == [5]
