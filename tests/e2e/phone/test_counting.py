"""Counting with one thumb or a keyboard: names are found, a row is one step, and every step can be taken back."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.phone.conftest import tap
from tests.e2e.stage import EVENT, Otkrytka, evening_in_moscow

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
Opens = Callable[[BrowserContext], Page]

PEOPLE = [
    {"_id": "prisoner:01KG0000000000000000000001", "name": {"ru": "Харитон Выдумкин"}, "status": "detained"},
    {"_id": "prisoner:01KG0000000000000000000002", "name": {"ru": "Егор Выдумкин"}, "status": "released"},
]


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


def test_steps_outlive_a_killed_page_and_are_those_of_every_tab(
    phone: Phone, opened: Opens, kill: Callable[[Page], None]
) -> None:
    """A step is as durable as its tap: killed the moment it is counted, it can be taken back, in either of two tabs, once."""
    context = phone()
    page = opened(context)
    evening = page.url
    tap(page, "heads-plus", 3)
    expect(page.get_by_test_id("own-heads")).to_have_text("3")
    kill(page)
    page, other = context.new_page(), context.new_page()
    for tab in (page, other):
        tab.goto(evening)
        expect(tab.get_by_test_id("own-heads")).to_have_text("3")
        expect(steps_of(tab)).to_have_count(3)
    tap(page, "undo")
    for tab in (page, other):
        expect(tab.get_by_test_id("own-heads")).to_have_text("2")
        expect(tab.get_by_test_id("step")).to_have_count(2)
    tap(other, "undo")
    expect(other.get_by_test_id("own-heads")).to_have_text("1")
    kill(other)
    page = context.new_page()
    page.goto(evening)
    expect(page.get_by_test_id("own-heads")).to_have_text("1")
    expect(steps_of(page)).to_have_count(1)


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
    expect(page.get_by_test_id("row-number")).to_be_focused()
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


def test_whoever_goes_by_keys_keeps_the_place_when_something_goes(phone: Phone, opened: Opens) -> None:
    """A step that is taken back, a line with its last letter, what was typed: the focus goes to the next of its kind."""
    page = opened(phone())
    field, focused = page.get_by_test_id("letter-search"), page.locator(":focus")
    for name in ("Хар", "Егор"):
        field.fill(name)
        field.press("Enter")
    field.fill("Хар")
    page.get_by_role("button", name="Clear").click()
    expect(field).to_be_focused()
    field.press("Escape")
    page.get_by_test_id("line-minus").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("line")).to_have_count(1)
    expect(focused).to_have_attribute("data-testid", "line-value")
    tap(page, "heads-plus", 2)
    expect(steps_of(page)).to_have_count(5)
    page.get_by_test_id("take-back").nth(1).focus()
    page.keyboard.press("Enter")
    expect(steps_of(page)).to_have_count(4)
    expect(page.get_by_test_id("take-back").nth(1)).to_be_focused()


def test_a_key_that_is_held_counts_once(phone: Phone, opened: Opens) -> None:
    """A book on the keyboard is not a crowd."""
    page = opened(phone())
    for _ in range(5):
        page.keyboard.down("+")
    page.keyboard.up("+")
    page.keyboard.press("+")
    expect(page.get_by_test_id("heads-value")).to_have_attribute("data-keeping", "stored")
    expect(page.get_by_test_id("own-heads")).to_have_text("2")


WATCH_WORDS = """() => {
  window.words = new Set();
  new MutationObserver(() => {
    for (const { textContent } of document.querySelectorAll("main > p")) window.words.add(textContent);
  }).observe(document, { subtree: true, childList: true });
}"""


def test_an_evening_that_is_being_read_is_not_called_missing(phone: Phone, opened: Opens) -> None:
    """Loaded anew, the page says nothing of what it does not know yet; of an evening that is not there it says so."""
    page = opened(phone())
    page.add_init_script(f"({WATCH_WORDS})()")
    page.reload()
    expect(page.get_by_test_id("heads-plus")).to_be_visible()
    assert not [words for words in page.evaluate("[...window.words]") if "not on the phone" in words]
    page.goto(page.url[:-2] + "ZZ")
    expect(page.get_by_role("main")).to_contain_text("not on the phone")


def test_single_keys_count_until_they_are_switched_off(phone: Phone, opened: Opens) -> None:
    """Switched off in the settings they do nothing, and no button claims them; Ctrl+Z works always."""
    page = opened(phone())
    plus, own = page.get_by_test_id("heads-plus"), page.get_by_test_id("own-heads")
    expect(plus).to_have_attribute("aria-keyshortcuts", "+")
    page.keyboard.press("+")
    page.keyboard.press("+")
    expect(own).to_have_text("2")
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
    expect(page.get_by_test_id("undo")).to_be_enabled()
    page.keyboard.press("Control+z")
    expect(own).to_have_text("1")
