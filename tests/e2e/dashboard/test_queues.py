"""The main act of each page that collects what needs somebody, in a browser without scripts, in both languages."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from server.language import Language, language_named
from tests.e2e.furnishing import DISPUTED, DOUBLE, EVENING, FIGURE, SNOWDROP, furnish
from tests.e2e.stage import Otkrytka, demonstration

pytestmark = pytest.mark.browser
LOCALES = {"ru": "ru-RU", "en": "en-GB"}


class House(NamedTuple):
    """A furnished server, and the language in which its pages are used: every act in it is done once."""

    server: Otkrytka
    language: Language

    def text(self, key: str) -> str:
        """What stands on a page."""
        return self.language.text(key)


Enter = Callable[..., Page]


@pytest.fixture(scope="module", params=("ru", "en"))
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house for each language."""
    with demonstration(tmp_path_factory.mktemp("queues")) as server:
        furnish(server)
        yield House(server, language_named(request.param))


@pytest.fixture
def enter(browser: Browser, house: House) -> Iterator[Enter]:
    """Opens a page of the dashboards, as somebody who signs in with a pasted invite."""
    context = browser.new_context(java_script_enabled=False, locale=LOCALES[house.language.code])

    def opened(address: str, *invited: str) -> Page:
        page = context.new_page()
        page.goto(f"{house.server.url}/dashboard/sign-in")
        page.locator("textarea").fill(house.server.invite(*invited)["sign_in"])
        page.locator("main form button").click()
        page.goto(f"{house.server.url}/dashboard/{address}")
        return page

    yield opened
    context.close()


def test_letters_are_marked_as_sent(house: House, enter: Enter) -> None:
    """A form that lacks its number comes back with the day that was typed; then the evening says what went by which way."""
    page = enter(f"events/{EVENING['_id']}", "coordinator", "moscow")
    expect(page.locator("#dispatches li")).to_have_count(1)
    page.get_by_role("link", name=house.text("dispatch-title")).click()
    page.get_by_label(house.text("dispatch-on"), exact=True).fill("2026-03-09")
    page.get_by_role("button", name=house.text("form-store")).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label(house.text("dispatch-on"), exact=True)).to_have_value("2026-03-09")
    page.get_by_label(house.text("dispatch-count"), exact=True).fill("17")
    page.get_by_label(house.text("dispatch-method"), exact=True).select_option("eletter")
    page.get_by_role("button", name=house.text("form-store")).click()
    expect(page.locator("#dispatches")).to_contain_text("17")
    expect(page.locator("#dispatches")).to_contain_text(house.text("method-eletter"))
    expect(page.locator("#history")).to_contain_text(house.text("act-letters-sent"))


def test_conflicts_are_chosen_from(house: House, enter: Enter) -> None:
    """The value that lost is brought back, the other closing declared; then nothing is left to choose."""
    page = enter("conflicts", "coordinator", "moscow")
    page.locator("input[value=lost]").check()
    page.get_by_role("button", name=house.text("conflicts-choose")).first.click()
    page.locator("input[name=closing]").nth(1).check()
    page.get_by_role("button", name=house.text("conflicts-choose")).click()
    expect(page.locator("#queue")).to_have_text(house.text("conflicts-empty"))
    page.goto(f"{house.server.url}/dashboard/events/event:{DISPUTED}")
    expect(page.locator("#when")).to_contain_text("Москва, Выдуманная ул., 7")
    expect(page.locator("#compare")).to_contain_text("43")
    expect(page.locator("#compare a.warn")).to_have_count(0)


def test_a_refusal_is_looked_at(house: House, enter: Enter) -> None:
    """A coordinator sees those of the chapter, with what to do, and takes one off the list."""
    page = enter("refused", "coordinator", "moscow")
    expect(page.locator("main section")).to_have_count(1)
    expect(page.locator("main section")).to_contain_text(house.text("refused-advice-role"))
    page.get_by_role("button", name=house.text("refused-seen")).click()
    expect(page.locator("main .empty")).to_have_text(house.text("refused-none"))


def test_a_mistaken_report_is_removed(house: House, enter: Enter) -> None:
    """By the chapter whose report it is, in whose log it then stands."""
    page = enter("register/reports", "coordinator", "moscow")
    expect(page.locator("blockquote")).to_contain_text("адресат выбыл")
    page.get_by_role("button", name=house.text("reports-dismiss")).click()
    expect(page.locator("main .empty")).to_have_text(house.text("reports-none"))
    page.goto(f"{house.server.url}/dashboard/acts")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text(house.text("act-report-dismissed"))


def test_doubles_are_made_one_and_two_again(house: House, enter: Enter) -> None:
    """The entry that is kept tells of the other, in its history too; the merge is taken back on its page."""
    double = str(DOUBLE["_id"])
    page = enter(f"register/doubles?one={SNOWDROP}&other={double}", "national")
    page.locator(f"button[value='{SNOWDROP}']").click()
    expect(page).to_have_url(f"{house.server.url}/dashboard/register/{SNOWDROP}")
    expect(page.get_by_role("heading", name=house.text("doubles-merged"))).to_be_visible()
    page.goto(f"{house.server.url}/dashboard/register/{double}?double=1")
    expect(page.locator(".history").last).to_contain_text(house.text("act-prisoner-merged"))
    page.goto(f"{house.server.url}/dashboard/register/{SNOWDROP}")
    page.get_by_role("button", name=house.text("doubles-undo")).click()
    expect(page).to_have_url(f"{house.server.url}/dashboard/register/{double}")
    expect(page.locator(".history").last).to_contain_text(house.text("act-prisoner-parted"))


def test_a_figure_is_changed_and_the_log_tells(house: House, enter: Enter) -> None:
    """A number somebody published, with its source and day; who changed it is in the log, and leads back to it."""
    slug = str(FIGURE["_id"]).partition(":")[2]
    page = enter("register/records", "national")
    page.locator(f"a[href$='/figure/{slug}']").click()
    page.get_by_label(house.text("figure-count"), exact=True).fill("1301")
    page.get_by_role("button", name=house.text("form-store")).click()
    expect(page.locator("#figure li").first).to_contain_text(house.language.text("figure-said-at-least", n=1301))
    page.goto(f"{house.server.url}/dashboard/acts")
    row = page.locator("tbody tr").first
    expect(row).to_contain_text(house.text("act-figure-edited"))
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", name=house.text("record-figure-many"))).to_be_visible()
