"""A real server process and a real browser for the tests that walk the whole way of a tap."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.stage import Otkrytka, demonstration

# The shell is the same browser without its own windows, which in the other run a process beside every page.
_BROWSERS = (os.environ.get("OTKRYTKA_TEST_CHROMIUM"), *map(shutil.which, ("chromium-headless-shell", "chromium")))
CHROMIUM = next(filter(None, _BROWSERS), "/usr/bin/chromium")

# Milliseconds. What comes about at all comes about at once, but not on a busy machine.
expect.set_options(timeout=60_000)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Otkrytka]:
    """A running server with the demo's chapters and register."""
    with demonstration(tmp_path) as otkrytka:
        yield otkrytka


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Playwright keeps an event loop running, which no later asynchronous test must meet."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
        )
        yield chromium
        chromium.close()
