"""A hostile evening: tabs die, the server says no in every way it can, and a ledger of its own says what must be counted."""

import contextlib
import random
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from playwright.sync_api import Error as Gone

from tests.e2e.phone.dying import dies, make_mortal
from tests.e2e.stage import Otkrytka

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
Opens = Callable[[BrowserContext], Page]
DELIVERY = 120_000
SEEDS = 1
WELCOME = "Count people and letters, even without a network"
ROUNDS = 12
ONLINE = "dispatchEvent(new Event('online'))"
REFUSED = '{"error": "fault", "reason": "a fault of this test"}'
STATUSES = (401, 403, 409, 413, 429, 500)

# Tells how many of this page's own taps are acknowledged: all that were made, whenever the number has the colour of ink.
WATCH = """() => {
  window.made = 0;
  window.tap = (by) => {
    window.made += 1;
    document.querySelector(`[data-testid=heads-${by > 0 ? "plus" : "minus"}]`).click();
  };
  const number = document.querySelector("[data-testid=heads-value]");
  const tell = () => { if (number.dataset.keeping === "stored") window.stored(window.made) };
  new MutationObserver(tell).observe(number, { attributes: true, childList: true, subtree: true, characterData: true });
}"""
TAPS = """(taps) => {
  for (const [by, after] of taps) setTimeout(() => window.tap(by), after);
}"""


class Tab:
    """One open tab, and what it was asked to count."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps: list[int] = []
        self.acknowledged = 0
        page.expose_function("stored", self._hear)
        expect(page.get_by_test_id("heads-plus")).to_be_visible()
        page.evaluate(WATCH)

    def _hear(self, made: int) -> None:
        self.acknowledged = max(self.acknowledged, made)

    def tap(self, taps: list[tuple[int, int]]) -> None:
        self.taps += [by for by, _ in sorted(taps, key=lambda tap: tap[1])]
        self.page.evaluate(TAPS, taps)


class Ledger:
    """What must be counted: between the taps that were acknowledged, and those with what may have been stored unseen."""

    def __init__(self) -> None:
        self.low = self.high = 0

    def settle(self, tab: Tab) -> None:
        """A tab has ended: each of its taps that was not acknowledged is stored or not."""
        sure, open_ = tab.taps[: tab.acknowledged], tab.taps[tab.acknowledged :]
        self.low += sum(sure) + sum(by for by in open_ if by < 0)
        self.high += sum(sure) + sum(by for by in open_ if by > 0)
        tab.taps, tab.acknowledged = [], 0

    def meet(self, value: int, when: str) -> None:
        assert self.low <= value <= self.high, f"{when}: {value} is counted, must be {self.low} to {self.high}"
        self.low = self.high = value


class Moods:
    """A server that answers some requests in the way of its mood."""

    def __init__(self, context: BrowserContext, chance: random.Random) -> None:
        self.chance = chance
        self.rate = 0.0
        self.met: dict[str, int] = {}
        for door in ("**/db/**", "**/api/receipts", "**/api/waiting", "**/api/courier", "**/api/farewell"):
            context.route(door, self._answer)

    def _answer(self, route: Route) -> None:
        try:
            if self.chance.random() >= self.rate:
                route.continue_()
                return
            mood = self.chance.choice((*STATUSES, "cut", "hang", "lost"))
            self.met[str(mood)] = self.met.get(str(mood), 0) + 1
            if mood == "hang":
                return
            if mood == "cut":
                route.abort("connectionreset")
            elif mood == "lost":
                route.fetch(timeout=5000)
                route.abort("connectionreset")
            else:
                headers = {"Content-Type": "application/json", **({"Retry-After": "1"} if mood == 429 else {})}
                route.fulfill(status=int(mood), headers=headers, body=REFUSED)
        except Gone:
            return


def total(server: Otkrytka, evening: str) -> int:
    """The people of an evening, as the server says."""
    with server.join("coordinator", "moscow") as coordinator:
        return int(coordinator.get(f"/api/totals/events/{evening}").raise_for_status().json()["heads"])


def leave(page: Page) -> None:
    """By another address, as far as there is still somebody to leave."""
    with contextlib.suppress(Gone):
        page.goto("about:blank")
    page.close()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_whatever_dies_and_whatever_the_server_says_the_ledger_agrees(
    server: Otkrytka, evening: str, phone: Phone, opened: Opens, kill: Callable[[Page], None], seed: int
) -> None:
    """Two tabs count and take away, die and come back, under a server of changing moods; in the end all three agree."""
    chance = random.Random(seed)
    context = phone()
    page = opened(context)
    address = page.url
    moods = Moods(context, chance)
    ends = (Page.close, leave)
    ledger = Ledger()
    page.get_by_test_id("heads-row").click()
    page.get_by_test_id("row-number").fill("200")
    page.get_by_test_id("row-add").click()
    expect(page.get_by_test_id("own-heads")).to_have_text("200")
    ledger.low = ledger.high = 200
    page.close()

    def come(number: int) -> Tab:
        again = context.new_page()
        again.goto(address)
        expect(again.get_by_test_id("heads-plus")).to_be_visible()
        return Tab(again)

    for round_ in range(ROUNDS):
        moods.rate = chance.choice((0.0, 0.3, 0.8))
        tabs = [come(number) for number in range(chance.choice((1, 1, 2)))]
        for tab in tabs:
            tab.tap([(chance.choice((1, 1, 1, -1)), chance.randint(0, 400)) for _ in range(chance.randint(1, 15))])
        tabs[0].page.wait_for_timeout(chance.randint(0, 900))
        chance.shuffle(tabs)
        if chance.random() < 0.4:
            kill(tabs[0].page)
        for tab in tabs:
            if not tab.page.is_closed():
                chance.choice(ends)(tab.page)
            ledger.settle(tab)
        look = context.new_page()
        look.goto(address)
        expect(look.get_by_test_id("heads-plus")).to_be_visible()
        ledger.meet(int(look.get_by_test_id("own-heads").inner_text()), f"round {round_}")
        look.close()
    moods.rate = 0
    last = context.new_page()
    last.goto(address)
    expect(last.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)
    expect(last.get_by_test_id("own-heads")).to_have_text(str(ledger.low))
    assert total(server, evening) == ledger.low, moods.met


def test_two_tabs_that_take_back_the_same_step_take_it_back_once(
    server: Otkrytka, evening: str, phone: Phone, opened: Opens
) -> None:
    """Both are asked at the same moment, before either can have heard of the other; in the end both and the server agree."""
    context = phone()
    page = opened(context)
    for _ in range(6):
        page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("own-heads")).to_have_text("6")
    other = context.new_page()
    other.goto(page.url)
    for left in (5, 4, 3):
        for tab in (page, other):
            expect(tab.get_by_test_id("own-heads")).to_have_text(str(left + 1))
            expect(tab.get_by_test_id("step")).to_have_count(left + 1)
        at = page.evaluate("Date.now() + 300")
        for tab in (page, other):
            tab.evaluate(
                """(at) => void setTimeout(() => document.querySelector("[data-testid=undo]").click(), at - Date.now())""",
                at,
            )
    for tab in (page, other):
        expect(tab.get_by_test_id("own-heads")).to_have_text("3")
    expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)
    assert total(server, evening) == 3


@pytest.mark.parametrize("steps", [3, 6, 8, 10])
def test_a_phone_that_dies_in_its_first_sync_has_everything_later(
    server: Otkrytka, evening: str, phone: Phone, kill: Callable[[Page], None], steps: int
) -> None:
    """Whatever was stored: opened again, the evening and every name are there, or it asks for an invite again."""
    context = phone()
    make_mortal(context)
    page = context.new_page()
    page.goto(server.invite("volunteer", "moscow")["url"])
    expect(page.get_by_test_id("join-submit")).to_be_visible()
    submit = "document.querySelector('[data-testid=join-submit]').click()"
    if dies(page, steps, submit, lambda request: "feed=longpoll" in request.url):
        kill(page)
        page = context.new_page()
        page.goto(server.url)
    else:
        page.evaluate("window.left = Number.POSITIVE_INFINITY")
    here, welcome = page.locator(f"[data-event='{evening}']"), page.get_by_role("heading", level=1, name=WELCOME)
    expect(here.or_(welcome)).to_be_visible(timeout=DELIVERY)
    if welcome.is_visible():
        page.goto(server.invite("volunteer", "moscow")["url"])
        page.get_by_test_id("join-submit").click()
    here.click(timeout=DELIVERY)
    page.get_by_test_id("letter-search").fill("Kagarl")
    expect(page.get_by_test_id("letter-option")).to_have_count(1, timeout=DELIVERY)
    page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("own-heads")).to_have_text("1")
    expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)
