"""Every page as a picture, from its top to its end: `<folder>/<page>-<size>-<language>-<theme>.png`.

The pages are those that the browser tests measure, on a server with the demo's data that is started for it and thrown away.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

import tests.e2e.quality.pages as pages
import tests.e2e.quality.visiting as visiting
from tests.e2e.conftest import CHROMIUM
from tests.e2e.furnishing import furnish
from tests.e2e.stage import Otkrytka, demonstration


class Size(NamedTuple):
    """A screen in CSS pixels, and how large its letters are."""

    width: int
    height: int
    percent: int = 100

    def __str__(self) -> str:
        return str(self.width) if self.percent == 100 else f"{self.width}at{self.percent}"


SMALL, USUAL, LAPTOP = Size(320, 640), Size(390, 844), Size(1280, 900)
PHONES = (SMALL, USUAL, LAPTOP, SMALL._replace(percent=200), USUAL._replace(percent=200))
DESKS = (USUAL, LAPTOP)


class Photographer(NamedTuple):
    """Takes pictures in one language of the pages that were asked for by name, or of all."""

    browser: Browser
    server: Otkrytka
    language: visiting.Language
    folder: Path
    names: frozenset[str]

    def take(self) -> None:
        """Goes through all pages: a stranger's, a phone's that has joined, a coordinator's."""
        page = self._page()
        self._photograph(page, pages.ENTRANCE, PHONES, self._visit(page))
        self._photograph(page, pages.PUBLIC, PHONES, self._visit(page))
        page = self._page()
        visiting.join_phone(page, self.server)
        self._photograph(page, [*pages.PHONE, *pages.OFFERED], PHONES, self._turn(page))
        visiting.answer(page, 413, "others-sheet")
        self._photograph(page, pages.REFUSED, PHONES, self._turn(page))
        visiting.answer(page, 401, "revoked")
        self._photograph(page, pages.REVOKED, PHONES, self._turn(page))
        page = self._page()
        visiting.begin_chapter(page, self.server)
        self._photograph(page, pages.EMPTY, PHONES, self._turn(page))
        page = self._page()
        visiting.join_phone(page, self.server)
        visiting.cut_off(page)
        self._photograph(page, pages.CUT_OFF, PHONES, self._turn(page))
        page = self._page()
        visiting.join_phone(page, self.server, visiting.PASSPHRASE)
        self._photograph(page, pages.GUARDED, PHONES, self._turn(page))
        self._photograph(page, [*pages.LOCKED, *pages.WIPED], PHONES, self._visit(page))
        page = self._page()
        visiting.join_phone(page, self.server, visiting.PASSPHRASE)
        visiting.cover(page)
        self._photograph(page, pages.COVERED, PHONES, lambda screen: None)
        visiting.evict(page, self.server)
        self._photograph(page, pages.EVICTED, PHONES, self._visit(page))
        page = self._page()
        visiting.sign_in(page, self.server)
        self._photograph(page, pages.DASHBOARD, DESKS, self._visit(page))
        page = self._page()
        visiting.sign_in(page, self.server, "coordinator", "moscow")
        self._photograph(page, pages.CHAPTER, DESKS, self._visit(page))

    def _page(self) -> Page:
        return visiting.new_context(self.browser, self.language).new_page()

    def _turn(self, page: Page) -> Callable[[pages.Screen], None]:
        return lambda screen: visiting.turn_to(page, screen)

    def _visit(self, page: Page) -> Callable[[pages.Screen], None]:
        return lambda screen: visiting.visit(page, screen, self.server.url, self.language)

    def _photograph(
        self, page: Page, screens: Iterable[pages.Screen], sizes: Iterable[Size], show: Callable[[pages.Screen], None]
    ) -> None:
        for screen in screens:
            if self.names and screen.name not in self.names:
                continue
            show(screen)
            for size in sizes:
                visiting.enlarge(page, size.percent)
                for theme in visiting.in_themes(page):
                    self._stretch(page, size)
                    page.screenshot(path=self.folder / f"{screen.name}-{size}-{self.language}-{theme}.png")
            visiting.enlarge(page, 100)

    def _stretch(self, page: Page, size: Size) -> None:
        """Makes the screen as high as the page, so that what keeps to its lower edge covers nothing."""
        page.set_viewport_size({"width": size.width, "height": size.height})
        height: int = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size.width, "height": max(size.height, height)})


def main() -> None:
    """Takes the pictures, and says where they are."""
    parser = argparse.ArgumentParser(prog="scripts/screenshots", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", help="of pages in tests/e2e/quality/pages.py; all if none is given")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright, demonstration(Path(data)) as server:
        furnish(server)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for language in visiting.LANGUAGES:
            Photographer(browser, server, language, asked.folder, frozenset(asked.names)).take()
    print(f"{len(list(asked.folder.glob('*.png')))} pictures in {asked.folder}")


if __name__ == "__main__":
    main()
