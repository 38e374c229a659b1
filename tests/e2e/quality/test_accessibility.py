"""axe finds nothing on any page, in either language and theme; nothing is cut or too small."""

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
    EMPTY,
    ENTRANCE,
    EVICTED,
    GUARDED,
    LOCKED,
    OFFERED,
    PHONE,
    PUBLIC,
    REFUSED,
    REVOKED,
    WIPED,
    Screen,
)
from tests.e2e.quality.visiting import (
    LANGUAGES,
    PASSPHRASE,
    Language,
    answer,
    begin_chapter,
    cover,
    cut_off,
    enlarge,
    evict,
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
# What is cut off or too small for a thumb. A link within a sentence and what fills the label around it are as large as those.
CUT_OR_SMALL = """() => {
    const words = (element) => (element.getAttribute("aria-label") || element.textContent || element.id).trim().slice(0, 60);
    const found = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} wide`);
    for (const control of document.querySelectorAll("a[href], button, input, select, textarea, summary, [role=option]")) {
        const target = control.closest("label:not(.field, .origin)") ?? control;
        const box = target.getBoundingClientRect();
        if (!control.checkVisibility() || getComputedStyle(control).display === "inline") continue;
        if (box.height < 47.5 || box.width < 47.5) found.push(`${words(target)}: ${box.width} × ${box.height}`);
        if (box.left < -0.5 || box.right > clientWidth + 0.5) found.push(`${words(target)}: from ${box.left} to ${box.right}`);
        if (control.matches("a, button") && target.scrollWidth > target.clientWidth) found.push(`${words(target)}: cut`);
    }
    const papers = ".card, .notice, .postcard, .event-item";
    for (const part of document.querySelectorAll(`:is(${papers}) :not(.unseen, svg *, .postmark *)`)) {
        const { right, width, height } = part.getBoundingClientRect();
        if (!part.checkVisibility() || !part.textContent) continue;
        const edge = part.parentElement.closest(papers).getBoundingClientRect().right;
        if (right > edge + 0.5) found.push(`${words(part)}: over the edge`);
        const letter = parseFloat(getComputedStyle(part).fontSize);
        if (width < 2.5 * letter && height > 3 * letter) found.push(`${words(part)}: letter by letter`);
        if (part.matches(".numeral") && height > 1.5 * letter) found.push(`${words(part)}: in two lines`);
    }
    return found;
}"""


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


def faults(page: Page, screens: Iterable[Screen], show: Callable[[Screen], None], narrow: bool = True) -> list[str]:
    """What axe finds on the screens in both themes, a line for each fault; and what narrow ones lack."""
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
        if narrow:
            found += wants(page, screen)
    return found


def wants(page: Page, screen: Screen) -> list[str]:
    """What the screen lacks on the smallest phone, with letters of the usual size and of twice that; a line for each."""
    usual = page.viewport_size
    assert usual
    page.set_viewport_size({"width": 320, "height": 640})
    found: list[str] = []
    for percent in (100, 200):
        enlarge(page, percent)
        found += [f"{screen.name}, {percent} %: {want}" for want in page.evaluate(CUT_OR_SMALL)]
    enlarge(page, 100)
    page.set_viewport_size(usual)
    return found


def test_entrance_and_public_pages(page: Page, house: Otkrytka, language: Language) -> None:
    """What a stranger sees."""

    def show(screen: Screen) -> None:
        visit(page, screen, house.url, language)

    assert faults(page, ENTRANCE, show) == []
    assert faults(page, PUBLIC, show, narrow=False) == []


def test_phone(page: Page, house: Otkrytka) -> None:
    """What somebody who has joined sees."""
    join_phone(page, house)

    def show(screen: Screen) -> None:
        turn_to(page, screen)

    assert faults(page, [*PHONE, *OFFERED], show) == []
    answer(page, 413, "others-sheet")
    assert faults(page, REFUSED, show) == []
    answer(page, 401, "revoked")
    assert faults(page, REVOKED, show) == []
    page.context.unroute("**/_bulk_docs")
    cut_off(page)
    assert faults(page, CUT_OFF, show) == []


def test_phone_with_nothing(page: Page, house: Otkrytka, language: Language) -> None:
    """What somebody sees whose chapter has just begun, and whose browser then took everything."""
    begin_chapter(page, house)
    assert faults(page, EMPTY, lambda screen: turn_to(page, screen)) == []
    evict(page, house)
    assert faults(page, EVICTED, lambda screen: visit(page, screen, house.url, language)) == []


def test_guarded_phone(page: Page, house: Otkrytka, language: Language) -> None:
    """What a phone behind a passphrase shows: while it is open, locked, and covered."""
    join_phone(page, house, PASSPHRASE)
    cover(page)
    assert faults(page, COVERED, lambda screen: None) == []

    def show(screen: Screen) -> None:
        visit(page, screen, house.url, language)

    assert faults(page, LOCKED, show) == []
    page.get_by_test_id("unlock-passphrase").fill(PASSPHRASE)
    page.get_by_test_id("unlock-submit").click()
    expect(page.get_by_test_id("event-item").first).to_be_visible()
    assert faults(page, GUARDED, lambda screen: turn_to(page, screen)) == []
    assert faults(page, WIPED, show) == []


def test_dashboards(page: Page, house: Otkrytka, language: Language) -> None:
    """What a coordinator sees on a laptop."""
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, house)

    def show(screen: Screen) -> None:
        visit(page, screen, house.url, language)

    assert faults(page, DASHBOARD, show, narrow=False) == []
    page.context.clear_cookies()
    sign_in(page, house, "coordinator", "moscow")
    assert faults(page, CHAPTER, show, narrow=False) == []
