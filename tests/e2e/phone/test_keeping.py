"""What is shown as stored is on the disk, whatever happens to the disk, the tab or the record of the last taps."""

import random
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.phone.conftest import FILL_DISK, tap
from tests.e2e.stage import EVENT, Otkrytka, evening_in_moscow

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
Opens = Callable[[BrowserContext], Page]

HOLD = """() => {
  // A writing transaction is over when nothing is asked of it any more: as long as `held` is set, something is.
  const begin = IDBDatabase.prototype.transaction;
  window.held = true;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const transaction = begin.call(this, stores, mode, options);
    const name = Array.isArray(stores) ? stores[0] : stores;
    const ask = () => {
      if (window.held) transaction.objectStore(name).count().onsuccess = ask;
    };
    if (mode === "readwrite") ask();
    return transaction;
  };
}"""

# Everything that was asked for succeeds, and only the commit fails: for lack of room, or because of the disk.
FAIL_COMMITS = """() => {
  const put = IDBObjectStore.prototype.put;
  window.emptyDisk = () => { IDBObjectStore.prototype.put = put };
  IDBObjectStore.prototype.put = function (...given) {
    const request = put.apply(this, given);
    request.addEventListener("success", () => this.transaction.abort());
    return request;
  };
}"""

# Local documents are checkpoints and what is written ahead; all of them are spoilt, below the app.
SPOIL_LOCAL = """async () => {
  const opened = (name) => new Promise((done) => {
    indexedDB.open(name).onsuccess = ({ target }) => done(target.result);
  });
  let spoilt = 0;
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith("_pouch_")) continue;
    const database = await opened(name);
    const store = database.transaction("local-store", "readwrite").objectStore("local-store");
    await new Promise((done) => {
      store.openCursor().onsuccess = ({ target: { result: cursor } }) => {
        if (!cursor) return done();
        cursor.update({ ...cursor.value, sealed: cursor.value.sealed.slice(0, 80) });
        spoilt += 1;
        cursor.continue();
      };
    });
    database.close();
  }
  return spoilt;
}"""

WATCH_STORED = """() => {
  const tell = () => window.stored(Number(document.querySelector("[data-testid=own-heads]")?.textContent ?? 0));
  new MutationObserver(tell).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Otkrytka]:
    """One server for all of these tests: each counts on a phone of its own and looks at that phone's numbers."""
    with evening_in_moscow(tmp_path_factory.mktemp("keeping")) as otkrytka:
        yield otkrytka


@pytest.fixture(scope="module")
def evening() -> str:
    """The one that the server has."""
    return str(EVENT["_id"])


def test_a_number_takes_its_colour_only_when_its_tap_is_on_the_disk(phone: Phone, opened: Opens) -> None:
    """While the write is held, the number is shown as being saved, and nothing else counts it."""
    page = opened(phone())
    tap(page, "heads-plus")
    number = page.get_by_test_id("heads-value")
    expect(number).to_have_attribute("data-keeping", "stored")
    before = int(number.inner_text())
    page.evaluate(HOLD)
    tap(page, "heads-plus")
    expect(number).to_have_text(str(before + 1))
    expect(number).to_have_attribute("data-keeping", "saving")
    expect(page.get_by_test_id("own-heads")).to_have_text("1")
    page.evaluate("window.held = false")
    expect(number).to_have_attribute("data-keeping", "stored")
    expect(page.get_by_test_id("own-heads")).to_have_text("2")


@pytest.mark.parametrize("fault", [FILL_DISK, FAIL_COMMITS], ids=["a write fails", "a commit fails"])
def test_what_could_not_be_stored_stays_on_the_screen_until_it_is(phone: Phone, opened: Opens, fault: str) -> None:
    """The failure is loud, the number is kept, and trying again stores it once."""
    page = opened(phone())
    tap(page, "heads-plus")
    expect(page.get_by_test_id("own-heads")).to_have_text("1")
    number = page.get_by_test_id("heads-value")
    before = int(number.inner_text())
    page.evaluate(fault)
    tap(page, "heads-plus", 2)
    expect(page.get_by_test_id("not-saved")).to_contain_text("2 steps could not be stored")
    expect(number).to_have_text(str(before + 2))
    expect(number).to_have_attribute("data-keeping", "failed")
    expect(page.get_by_test_id("own-heads")).to_have_text("1")
    page.evaluate("window.emptyDisk()")
    tap(page, "save-again")
    expect(number).to_have_attribute("data-keeping", "stored")
    expect(page.get_by_test_id("not-saved")).to_have_count(0)
    expect(page.get_by_test_id("own-heads")).to_have_text("3")
    page.reload()
    expect(page.get_by_test_id("own-heads")).to_have_text("3")


def test_what_could_not_be_stored_is_said_wherever_one_has_been(phone: Phone, opened: Opens) -> None:
    """On the list, too, the browser asks before the page goes; back at the evening it can still be stored."""
    page = opened(phone())
    page.evaluate(FAIL_COMMITS)
    tap(page, "heads-plus", 2)
    expect(page.get_by_test_id("not-saved")).to_be_visible()
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_test_id("new-event")).to_be_visible()
    page.once("dialog", lambda question: question.dismiss())
    with page.expect_event("dialog") as asked:
        page.evaluate("void setTimeout(() => location.reload())")
    assert asked.value.type == "beforeunload"
    page.locator(f"[data-event='{EVENT['_id']}']").click()
    expect(page.get_by_test_id("not-saved")).to_contain_text("2 steps could not be stored")
    page.evaluate("window.emptyDisk()")
    tap(page, "save-again")
    expect(page.get_by_test_id("own-heads")).to_have_text("2")
    expect(page.get_by_test_id("not-saved")).to_have_count(0)


def test_the_next_tap_that_is_stored_takes_those_along_that_were_not(phone: Phone, opened: Opens) -> None:
    """Nobody has to press "store it now": once there is room, counting on is enough."""
    page = opened(phone())
    page.evaluate(FAIL_COMMITS)
    tap(page, "heads-plus", 3)
    expect(page.get_by_test_id("not-saved")).to_contain_text("3 steps could not be stored")
    expect(page.get_by_test_id("own-heads")).to_have_text("0")
    page.evaluate("window.emptyDisk()")
    tap(page, "heads-plus")
    expect(page.get_by_test_id("own-heads")).to_have_text("4")
    expect(page.get_by_test_id("not-saved")).to_have_count(0)
    page.reload()
    expect(page.get_by_test_id("own-heads")).to_have_text("4")
    expect(page.get_by_test_id("unsent")).to_have_text("0")


def test_a_damaged_record_of_the_last_taps_is_said_and_stops_nobody(phone: Phone, opened: Opens) -> None:
    """Counting and delivery go on; the notice stays, through a reload, until somebody says they have compared the numbers."""
    page = opened(phone())
    tap(page, "heads-plus", 2)
    expect(page.get_by_test_id("unsent")).to_have_text("0")
    assert page.evaluate(SPOIL_LOCAL) > 0
    page.reload()
    expect(page.get_by_test_id("taps-damaged")).to_be_visible()
    expect(page.get_by_test_id("own-heads")).to_have_text("2")
    tap(page, "heads-plus")
    expect(page.get_by_test_id("own-heads")).to_have_text("3")
    expect(page.get_by_test_id("unsent")).to_have_text("0")
    page.reload()
    page.get_by_test_id("taps-damaged-known").click()
    expect(page.get_by_test_id("taps-damaged")).to_have_count(0)
    page.reload()
    expect(page.get_by_test_id("own-heads")).to_have_text("3")
    expect(page.get_by_test_id("taps-damaged")).to_have_count(0)


def test_no_tap_that_was_shown_is_lost_when_the_tab_dies(server: Otkrytka, phone: Phone, opened: Opens) -> None:
    """Over 200 taps the tab is loaded anew or closed at any moment: what had been shown as stored is there."""
    chance = random.Random(200)
    context = phone()
    shown = [0]
    context.expose_function("stored", lambda number: shown.append(number))
    page = opened(context)
    address = page.url
    page.evaluate(WATCH_STORED)
    tapped = 0
    while tapped < 200:
        taps = min(chance.randint(5, 25), 200 - tapped)
        moments = [chance.randint(0, 250) for _ in range(taps)]
        page.evaluate(
            """(moments) => {
              for (const moment of moments)
                setTimeout(() => document.querySelector("[data-testid=heads-plus]").click(), moment)
            }""",
            moments,
        )
        tapped += taps
        page = end_of(page, context, chance, address)
        expect(page.get_by_test_id("heads-plus")).to_be_visible()
        there = int(page.get_by_test_id("own-heads").inner_text())
        assert max(shown) <= there <= tapped, f"{max(shown)} were shown as stored, {there} are there, {tapped} tapped"
        shown.append(there)
        page.evaluate(WATCH_STORED)


def end_of(page: Page, context: BrowserContext, chance: random.Random, address: str) -> Page:
    """Ends a page in one of two ways, at some moment of the next quarter of a second; a page at the same address."""
    page.evaluate("(after) => new Promise((over) => setTimeout(over, after))", chance.randint(0, 250))
    if chance.choice(("load", "close")) == "load":
        page.goto(address)
        return page
    page.close()
    again = context.new_page()
    again.goto(address)
    return again


FELT = """
window.felt = [];
navigator.vibrate = (pattern) => window.felt.push(pattern);
"""


def test_a_tap_is_felt_once_it_is_stored(phone: Phone, opened: Opens) -> None:
    """Not while it is being written; taking away feels different; what could not be stored is not felt."""
    context = phone()
    context.add_init_script(FELT)
    page = opened(context)
    page.evaluate(HOLD)
    tap(page, "heads-plus")
    expect(page.get_by_test_id("heads-value")).to_have_attribute("data-keeping", "saving")
    assert page.evaluate("window.felt") == []
    page.evaluate("window.held = false")
    expect(page.get_by_test_id("own-heads")).to_have_text("1")
    tap(page, "heads-minus")
    expect(page.get_by_test_id("own-heads")).to_have_text("0")
    plus, minus = page.evaluate("window.felt")
    assert plus != minus
    page.evaluate(FILL_DISK)
    tap(page, "heads-plus")
    expect(page.get_by_test_id("not-saved")).to_be_visible()
    assert len(page.evaluate("window.felt")) == 2
