"""Each editing page's main act, in a browser without scripts, in both languages."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.stage import Otkrytka, demonstration

pytestmark = pytest.mark.browser
WORDS: dict[str, dict[str, str]] = {
    "ru": {"locale": "ru-RU", "new": "Новый вечер", "title": "Название", "starts": "Начало", "save": "Сохранить",
           "close": "Закрыть вечер", "again": "Объявить числа заново", "heads": "Люди",
           "cancel": "Отменить вечер", "cancelled": "отменён",
           "sure": "Да, отменить вечер", "search": "Имя", "show": "Показать", "edit": "Изменить", "status": "Положение",
           "released": "на свободе", "asked": "chertopolokh", "file": "Файл", "look": "Посмотреть, что изменится",
           "write": "Записать отмеченное", "written": "Записана 1 строка"},
    "en": {"locale": "en-GB", "new": "New evening", "title": "Title", "starts": "Start", "save": "Save",
           "close": "Close the evening", "again": "Declare numbers anew", "heads": "People",
           "cancel": "Cancel the evening", "cancelled": "cancelled",
           "sure": "Yes, cancel this evening", "search": "Name", "show": "Show", "edit": "Change", "status": "Status",
           "released": "released", "asked": "oduvanchik", "file": "File", "look": "See what would change",
           "write": "Write what is ticked", "written": "1 row written"},
}  # fmt: skip


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Otkrytka]:
    """One server for all; each test works on an evening or a person of its own."""
    with demonstration(tmp_path_factory.mktemp("editing")) as server:
        yield server


@pytest.fixture(params=("ru", "en"))
def words(request: pytest.FixtureRequest) -> dict[str, str]:
    """What stands on buttons and fields in each language."""
    return WORDS[request.param]


def sign_in(browser: Browser, server: Otkrytka, locale: str, *invited: str) -> Page:
    """A browser that signs in by pasting the invite, as scripts are off."""
    page = browser.new_context(java_script_enabled=False, locale=locale).new_page()
    page.goto(f"{server.url}/dashboard/sign-in")
    page.locator("textarea").fill(server.invite(*invited)["sign_in"])
    page.locator("main form button").click()
    return page


def test_an_evening_from_its_plan_to_its_end(browser: Browser, running: Otkrytka, words: dict[str, str]) -> None:
    """Made, closed with declared numbers, cancelled; its history tells of each."""
    page = sign_in(browser, running, words["locale"], "coordinator", "moscow")
    page.get_by_role("link", name=words["new"]).click()
    page.get_by_label(words["title"], exact=True).fill("A quiet evening")
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_label(words["title"], exact=True)).to_have_value("A quiet evening")
    page.get_by_label(words["starts"], exact=True).fill("2026-12-10T19:00")
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A quiet evening")
    page.get_by_role("link", name=words["close"]).click()
    page.get_by_label(words["heads"], exact=True).fill("23")
    page.get_by_role("button", name=words["save"]).click()
    expect(page.locator("#compare")).to_contain_text("23")
    expect(page.get_by_role("link", name=words["close"])).to_have_count(0)
    expect(page.get_by_role("link", name=words["again"])).to_be_visible()
    page.get_by_text(words["cancel"], exact=True).click()
    page.get_by_role("button", name=words["sure"]).click()
    expect(page.locator("#when")).to_contain_text(words["cancelled"])
    expect(page.locator("#history li")).to_have_count(3)
    page.context.close()


def test_somebody_is_found_and_released(browser: Browser, running: Otkrytka, words: dict[str, str]) -> None:
    """Found in another alphabet's spelling, changed, told in the history, and merged with nobody by accident."""
    page = sign_in(browser, running, words["locale"], "national")
    page.goto(f"{running.url}/dashboard/register")
    page.get_by_label(words["search"], exact=True).fill(words["asked"])
    page.get_by_role("button", name=words["show"]).click()
    page.locator(".people a").first.click()
    page.get_by_role("link", name=words["edit"]).click()
    page.get_by_label(words["status"], exact=True).select_option("released")
    page.get_by_role("button", name=words["save"]).click()
    expect(page.locator("header.postcard")).to_contain_text(words["released"])
    expect(page.locator("ins").first).to_have_text(re.compile(words["released"]))
    page.context.close()


def test_a_table_is_previewed_and_written(browser: Browser, running: Otkrytka, words: dict[str, str]) -> None:
    """A file chosen, looked at, confirmed."""
    page = sign_in(browser, running, words["locale"], "national")
    page.goto(f"{running.url}/dashboard/register/table")
    name = "Выдуман Ромашкин" if words["locale"] == "ru-RU" else "Imagined Thistledown"
    table: Any = {"name": "new.csv", "mimeType": "text/csv", "buffer": f"name_ru;born\n{name};1980\n".encode()}
    page.get_by_label(words["file"]).set_input_files(table)
    page.get_by_role("button", name=words["look"]).click()
    expect(page.locator("#new")).to_contain_text(name)
    page.get_by_role("button", name=words["write"]).click()
    expect(page.get_by_role("status")).to_contain_text(words["written"])
    page.context.close()
