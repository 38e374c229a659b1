"""Joining by an invite: what the person is told, and what is left behind."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.stage import Otkrytka, demonstration

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Otkrytka]:
    """One server for all of these tests: each uses invites of its own."""
    with demonstration(tmp_path_factory.mktemp("joining")) as otkrytka:
        yield otkrytka


def try_to_join(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_test_id("join-submit").click()


def test_an_invite_is_gone_from_the_address_at_once(server: Otkrytka, phone: Phone) -> None:
    """Neither the address nor the history keeps the token, whether it is used or not."""
    page = phone().new_page()
    page.goto(server.invite("volunteer", "moscow")["url"])
    expect(page.get_by_test_id("join-submit")).to_be_visible()
    expect(page.get_by_test_id("evicted")).to_have_count(0)
    assert page.url == f"{server.url}/join"
    page.goto(f"{server.url}/app/settings")
    page.go_back()
    assert page.url == f"{server.url}/join"


def test_a_chosen_pseudonym_is_kept_and_a_missing_one_suggested(server: Otkrytka, phone: Phone) -> None:
    """The person may choose how to be called, and needn't."""
    named = phone().new_page()
    named.goto(server.invite("volunteer", "moscow")["url"])
    named.get_by_test_id("join-pseudonym").fill("Paper Crane")
    named.get_by_test_id("join-submit").click()
    expect(named.get_by_test_id("new-event")).to_be_visible()
    named.goto(f"{server.url}/app/settings")
    expect(named.get_by_test_id("pseudonym")).to_have_text("Paper Crane")

    unnamed = phone("ru-RU").new_page()
    try_to_join(unnamed, server.invite("volunteer", "moscow")["url"])
    expect(unnamed.get_by_test_id("new-event")).to_be_visible()
    unnamed.goto(f"{server.url}/app/settings")
    expect(unnamed.get_by_test_id("pseudonym")).to_have_text(re.compile(r"^[А-Яё][а-яё-]+ [а-яё-]+$"))


def test_every_refusal_says_what_to_do(server: Otkrytka, phone: Phone) -> None:
    """A used, an expired, a foreign and a torn invite each get their own advice."""
    used = server.invite("volunteer", "moscow")["url"]
    try_to_join(phone().new_page(), used)
    expired = server.command("invite", "--role", "volunteer", "--chapter", "moscow", "--hours", "0.000001", "--json")
    expired = re.search(r'"url":\s*"([^"]+)"', expired)[1]  # type: ignore[index]
    foreign = server.invite("volunteer", "moscow")["url"][:-4] + "AAAA"
    for url, advice in (
        (used, "has been used"),
        (expired, "past its time"),
        (foreign, "does not know this invite"),
        (f"{server.url}/join#torn", "can’t be read"),
    ):
        page = phone().new_page()
        try_to_join(page, url)
        expect(page.get_by_test_id("join-problem")).to_contain_text(advice)


def test_joining_without_a_network_is_explained_and_can_be_tried_again(server: Otkrytka, phone: Phone) -> None:
    """The invite is not lost while the page stays open."""
    context = phone()
    page = context.new_page()
    page.goto(server.invite("volunteer", "moscow")["url"])
    expect(page.get_by_test_id("join-submit")).to_be_visible()
    context.set_offline(True)
    page.get_by_test_id("join-submit").click()
    expect(page.get_by_test_id("join-problem")).to_contain_text("needs the network")
    context.set_offline(False)
    page.get_by_test_id("join-submit").click()
    expect(page.get_by_test_id("new-event")).to_be_visible()


def test_a_page_that_the_network_did_not_bring_comes_by_itself(server: Otkrytka, phone: Phone) -> None:
    """The line is lost between the app and the page: the person is told, and the invite is not lost."""
    context = phone()
    context.route("**/assets/join-*", lambda route: route.abort())
    page = context.new_page()
    page.goto(server.invite("volunteer", "moscow")["url"])
    expect(page.get_by_test_id("page-missing")).to_be_visible()
    context.unroute("**/assets/join-*")
    page.get_by_test_id("join-submit").click()
    expect(page.get_by_test_id("page-missing")).to_have_count(0)
    expect(page.get_by_test_id("new-event")).to_be_visible()


def test_the_browser_chooses_the_language_and_the_person_may_change_it(server: Otkrytka, phone: Phone) -> None:
    """Both languages are whole pages, marked as such; the choice outlives a reload."""
    page = phone("ru-RU").new_page()
    page.goto(server.url)
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.get_by_role("heading", level=1)).to_have_text("Считайте людей и письма даже без связи")
    page.get_by_role("radio", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Count people and letters, even without a network")


def test_the_list_stays_where_it_is_when_the_phone_is_ready(server: Otkrytka, phone: Phone) -> None:
    """Names that arrive while a thumb aims at an evening don't push it away; that all is here is said in the same place."""
    held: list[Route] = []
    holding = True
    context = phone()
    context.route("**/db/register/**", lambda route: held.append(route) if holding else route.continue_())
    page = context.new_page()
    try_to_join(page, server.invite("volunteer", "moscow")["url"])
    item = page.get_by_test_id("event-item").first
    expect(page.get_by_test_id("not-ready")).to_be_visible()
    expect(item).to_be_visible()
    before = item.bounding_box()
    holding = False
    for route in held:
        route.continue_()
    expect(page.get_by_test_id("ready")).to_be_visible()
    assert item.bounding_box() == before
