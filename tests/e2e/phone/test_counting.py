"""Counting with one thumb or a keyboard: nothing is shown as stored that is not, and every step can be taken back."""

import random
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.stage import EVENT, Otkrytka, evening_in_moscow

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
Opens = Callable[[BrowserContext], Page]

PEOPLE = [
    {"_id": "prisoner:01KG0000000000000000000001", "name": {"ru": "Харитон Выдумкин"}, "status": "detained"},
    {"_id": "prisoner:01KG0000000000000000000002", "name": {"ru": "Егор Выдумкин"}, "status": "released"},
]

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

FILL_DISK = """() => {
  const put = IDBObjectStore.prototype.put;
  window.emptyDisk = () => { IDBObjectStore.prototype.put = put };
  IDBObjectStore.prototype.put = function (...given) {
    const request = put.apply(this, given);
    this.transaction.abort();
    return request;
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
    with evening_in_moscow(tmp_path_factory.mktemp("counting")) as otkrytka:
        with otkrytka.join("national") as national:
            for person in PEOPLE:
                body = {"type": "prisoner", "schema": 1, "invented": True, **person}
                national.put(f"/db/register/{person['_id']}", json=body).raise_for_status()
        yield otkrytka


@pytest.fixture(scope="module")
def evening(server: Otkrytka) -> str:
    return str(EVENT["_id"])


def tap(page: Page, control: str, times: int = 1) -> None:
    for _ in range(times):
        page.get_by_test_id(control).click()


def count_row(page: Page, number: int, button: str = "row-add") -> None:
    page.get_by_test_id("row-number").fill(str(number))
    page.get_by_test_id(button).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def steps_of(page: Page) -> Locator:
    if page.get_by_test_id("steps").get_attribute("open") is None:
        page.get_by_test_id("steps").locator("summary").click()
    return page.get_by_test_id("step")


def test_the_last_ten_steps_are_named_and_taken_back_even_after_a_reload(phone: Phone, opened: Opens) -> None:
    """A whole row is one step; a step from the middle can be taken back; what was taken back stays so."""
    page = opened(phone())
    tap(page, "heads-plus", 9)
    tap(page, "heads-row")
    count_row(page, 14)
    page.get_by_test_id("letter-search").fill("Kagarl")
    page.get_by_test_id("letter-search").press("Enter")
    tap(page, "line-value")
    count_row(page, 6)
    expect(page.get_by_test_id("own-heads")).to_have_text("23")
    expect(page.get_by_test_id("own-letters")).to_have_text("7")
    expect(steps_of(page)).to_have_count(10)
    # What is counted is stored; a burst's steps are noted at its end.
    expect(page.get_by_test_id("steps")).to_have_attribute("data-keeping", "stored")
    page.reload()
    expect(steps_of(page)).to_have_count(10)
    expect(page.get_by_test_id("step").nth(0)).to_contain_text("+6")
    expect(page.get_by_test_id("step").nth(0)).to_contain_text("Boris Kagarlitsky")
    # The row of fourteen, and nothing that came after it.
    page.get_by_test_id("step").filter(has_text="+14").get_by_test_id("take-back").click()
    expect(page.get_by_test_id("own-heads")).to_have_text("9")
    expect(page.get_by_test_id("own-letters")).to_have_text("7")
    for left in range(9, 0, -1):
        expect(page.get_by_test_id("step")).to_have_count(left)
        tap(page, "undo")
    expect(page.get_by_test_id("undo")).to_be_disabled()
    # Two of the nine taps were the eleventh and twelfth steps, and have been forgotten.
    expect(page.get_by_test_id("own-heads")).to_have_text("2")
    expect(page.get_by_test_id("own-letters")).to_have_text("0")
    page.reload()
    expect(page.get_by_test_id("own-heads")).to_have_text("2")
    expect(page.get_by_test_id("undo")).to_be_disabled()


def test_a_row_is_never_more_than_can_be_meant(phone: Phone, opened: Opens) -> None:
    """No more is taken away than this phone has counted, and a slip is told before it counts."""
    page = opened(phone())
    tap(page, "heads-row")
    count_row(page, 12)
    tap(page, "heads-row")
    for typed, button in (("", "row-add"), ("1e3", "row-add"), ("13", "row-take"), ("-4", "row-add")):
        page.get_by_test_id("row-number").fill(typed)
        page.get_by_test_id(button).click()
        expect(page.get_by_role("alert")).to_be_visible()
    count_row(page, 5, "row-take")
    expect(page.get_by_test_id("own-heads")).to_have_text("7")
    tap(page, "undo")
    expect(page.get_by_test_id("own-heads")).to_have_text("12")


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


def test_names_are_found_in_either_alphabet_and_those_written_to_lately_are_offered(
    phone: Phone, opened: Opens
) -> None:
    """A name without an English spelling answers to Latin letters and to the wrong layout; the free are marked, and last."""
    page = opened(phone())
    field, options = page.get_by_test_id("letter-search"), page.get_by_test_id("letter-option")
    for typed in ("vydumkin khar", "Хар", "Hariton", "[fhbnj"):
        field.fill(typed)
        expect(options).to_have_count(1)
        expect(options).to_contain_text("Харитон Выдумкин")
    field.fill("vydumkin")
    expect(options).to_have_count(2)
    expect(options.nth(0)).to_contain_text("Харитон")
    expect(options.nth(1)).to_contain_text(re.compile("Егор.*released", re.DOTALL))
    field.press("Enter")
    expect(page.get_by_test_id("own-letters")).to_have_text("1")
    # The field is empty again: the one just written to is offered, and Enter alone counts nothing.
    expect(options).to_have_count(1)
    field.press("Enter")
    field.press("ArrowDown")
    expect(options).to_have_attribute("aria-selected", "true")
    page.get_by_test_id("letter-origin").select_option("brought")
    field.focus()
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.get_by_test_id("own-letters")).to_have_text("2")
    expect(page.get_by_test_id("own-recipients")).to_have_text("1")
    expect(page.get_by_test_id("line").nth(0)).to_contain_text("Brought")


def test_everything_is_counted_with_a_keyboard_and_said_politely(phone: Phone, opened: Opens) -> None:
    """+ and − for people, a number for a row, undo; the numbers are said once, a moment after the last tap."""
    context = phone()
    context.add_init_script(
        "navigator.wakeLock.request = (kind) => { window.awake = kind; return Promise.resolve({ release() {} }) }"
    )
    page = opened(context)
    assert page.evaluate("window.awake") == "screen"
    said = page.locator("[role=status][aria-live=polite]")
    own = page.get_by_test_id("own-heads")
    page.locator("h1").click()
    for key in ("+", "+", "=", "-"):
        page.keyboard.press(key)
    expect(own).to_have_text("2")
    whole = page.get_by_test_id("chapter-heads").inner_text()
    expect(said).to_contain_text(f"People: {whole}.")
    page.keyboard.press("n")
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    expect(own).to_have_text("32")
    page.keyboard.press("Control+z")
    expect(own).to_have_text("2")
    page.keyboard.press("/")
    expect(page.get_by_test_id("letter-search")).to_be_focused()
    # In the field the same keys are only letters.
    page.keyboard.type("n+")
    expect(page.get_by_test_id("letter-search")).to_have_value("n+")
    expect(own).to_have_text("2")


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


def test_single_keys_count_until_they_are_switched_off(phone: Phone, opened: Opens) -> None:
    """Switched off in the settings they do nothing, and no button claims them; Ctrl+Z works always."""
    page = opened(phone())
    plus, own = page.get_by_test_id("heads-plus"), page.get_by_test_id("own-heads")
    expect(plus).to_have_attribute("aria-keyshortcuts", "+")
    page.keyboard.press("+")
    page.keyboard.press("+")
    expect(own).to_have_text("2")
    expect(page.get_by_test_id("steps")).to_have_attribute("data-keeping", "stored")
    page.goto(f"{page.url.partition('/app/')[0]}/app/settings")
    page.get_by_test_id("keys").uncheck()
    expect(page.get_by_test_id("keys")).not_to_be_checked()
    page.get_by_role("link", name="Back").click()
    page.locator(f"[data-event='{EVENT['_id']}']").click()
    expect(own).to_have_text("2")
    expect(plus).not_to_have_attribute("aria-keyshortcuts", "+")
    page.keyboard.press("+")
    page.keyboard.press("n")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(own).to_have_text("1")
