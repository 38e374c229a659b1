"""axe finds nothing on any page, in either language, in either theme."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.quality.pages import (
    CHAPTER,
    COVERED,
    CUT_OFF,
    DASHBOARD,
    ENTRANCE,
    GUARDED,
    LOCKED,
    PHONE,
    PUBLIC,
    Screen,
)
from tests.e2e.quality.visiting import (
    LANGUAGES,
    PASSPHRASE,
    Language,
    cover,
    cut_off,
    in_themes,
    join_phone,
    new_context,
    sign_in,
    turn_to,
    visit,
)
from tests.e2e.stage import Otkrytka

pytestmark = pytest.mark.browser
AXE = Path(__file__).parent / "node_modules/axe-core/axe.min.js"


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    """Each of the languages."""
    code: Language = request.param
    return code


@pytest.fixture
def page(browser: Browser, language: Language) -> Iterable[Page]:
    """A browser in the language, that carries axe into every page by itself: the pages' policy would not let it in."""
    context = new_context(browser, language)
    context.add_init_script(path=AXE)
    yield context.new_page()
    context.close()


def faults(page: Page, screens: Iterable[Screen], show: Callable[[Screen], None]) -> list[str]:
    """What axe finds on the screens in both themes, a line for each fault."""
    found: list[str] = []
    for screen in screens:
        show(screen)
        for theme in in_themes(page):
            # Between the themes nothing differs but the colours.
            only = {"runOnly": ["color-contrast"]} if theme == "dark" else {}
            answer: dict[str, Any] = page.evaluate("axe.run", {"resultTypes": ["violations"], **only})
            for rule in answer["violations"]:
                where = "; ".join(f"{node['html'][:160]} ({node['failureSummary']})" for node in rule["nodes"])
                found.append(f"{screen.name}, {theme}: {rule['id']}: {where}")
    return found


def test_entrance_and_public_pages(page: Page, house: Otkrytka, language: Language) -> None:
    """What a stranger sees."""
    assert faults(page, [*ENTRANCE, *PUBLIC], lambda screen: visit(page, screen, house.url, language)) == []


def test_phone(page: Page, house: Otkrytka) -> None:
    """What somebody who has joined sees."""
    join_phone(page, house)
    assert faults(page, PHONE, lambda screen: turn_to(page, screen)) == []
    cut_off(page)
    assert faults(page, CUT_OFF, lambda screen: turn_to(page, screen)) == []


def test_guarded_phone(page: Page, house: Otkrytka, language: Language) -> None:
    """What a phone behind a passphrase shows: while it is open, locked, and covered."""
    join_phone(page, house, PASSPHRASE)
    cover(page)
    assert faults(page, COVERED, lambda screen: None) == []
    assert faults(page, LOCKED, lambda screen: visit(page, screen, house.url, language)) == []
    page.get_by_test_id("unlock-passphrase").fill(PASSPHRASE)
    page.get_by_test_id("unlock-submit").click()
    expect(page.get_by_test_id("event-item").first).to_be_visible()
    assert faults(page, GUARDED, lambda screen: turn_to(page, screen)) == []


def test_dashboards(page: Page, house: Otkrytka, language: Language) -> None:
    """What a coordinator sees on a laptop."""
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, house)
    assert faults(page, DASHBOARD, lambda screen: visit(page, screen, house.url, language)) == []
    page.context.clear_cookies()
    sign_in(page, house, "coordinator", "moscow")
    assert faults(page, CHAPTER, lambda screen: visit(page, screen, house.url, language)) == []
