"""Lighthouse, as a phone with a slow network and a slow processor (simulated), is content with the pages."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import sync_playwright

from tests.e2e.conftest import CHROMIUM
from tests.e2e.quality.pages import ENTRANCE, PHONE, PUBLIC, Screen
from tests.e2e.quality.visiting import address, join_phone
from tests.e2e.stage import Otkrytka, free_port

pytestmark = [pytest.mark.browser, pytest.mark.quiet]
WANTED = {"performance": 0.95, "accessibility": 1.0, "best-practices": 0.95}
PHONE_SPEED = 500
"""The speed of the phone that is meant, by Lighthouse's own measure: a quarter of a good machine's."""
SLOWDOWN = 4.0
SLOW = 2000
"""A machine below this in every try is too busy to say how fast a page is: how slow it was changes while it measures."""
TRIES = 3  # the simulation starts from what this machine measured, which neighbours at work can spoil
SEEN_ALREADY = {
    *("join", "sign-in", "sign-in-phone"),
    *("public-chapter", "public-event", "public-past", "public-reference", "public-card"),
}
"""Pages made like another one here that shows more: each costs ten seconds of a machine without neighbours."""
FIRST_VISITS = [screen for screen in (*ENTRANCE, *PUBLIC) if screen.name not in SEEN_ALREADY]
JOINED = [screen for screen in PHONE if screen.name in {"evenings", "evening"}]


class Lighthouse(NamedTuple):
    """A Chromium of its own, and the server whose pages it loads."""

    port: int
    url: str

    def run(self, screen: Screen, storage: str, slowdown: float) -> dict[str, Any]:
        """The scores of a page on a phone so many times slower than this machine, and what cost them points."""
        node = shutil.which("node")
        assert node, "scripts/test puts a node on the path"
        program = Path(__file__).parent / "lighthouse.mjs"
        command = [node, str(program), str(self.port), storage, str(slowdown), f"{self.url}{address(screen, 'ru')}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def disappointments(self, screen: Screen, storage: str) -> dict[str, Any]:
        """The categories that fall short in every one of the tries, each with its last score and what cost it points.

        The simulation multiplies what this machine measured. One that is slow or busy has some of the phone's slowness already,
        so the tries after the first multiply by what is left. Skips, with the reason, where nothing but the speed of the page
        fell short even so, and the machine was too busy to tell.
        """
        short: dict[str, Any] = dict.fromkeys(WANTED)
        slowdown = SLOWDOWN
        speeds = []
        for _ in range(TRIES):
            answer = self.run(screen, storage, slowdown)
            speeds.append(answer["speed"])
            slowdown = min(SLOWDOWN, max(1.0, answer["speed"] / PHONE_SPEED))
            short = {
                category: (answer["scores"][category], answer["faults"][category])
                for category in short
                if answer["scores"][category] < WANTED[category]
            }
            if not short:
                break
        if short.keys() == {"performance"} and max(speeds) < SLOW:
            pytest.skip(f"this machine is too busy to measure a page: its speed was {max(speeds):.0f}, wanted {SLOW}")
        return short


@pytest.fixture(scope="module")
def lighthouse(house: Otkrytka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lighthouse]:
    """A Chromium that Lighthouse can reach, with a phone in it that has joined."""
    port = free_port()
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=CHROMIUM,
            args=["--no-sandbox", f"--remote-debugging-port={port}"],
        )
        join_phone(context.pages[0], house)
        # An open app would keep the processor busy, and its storage open.
        context.pages[0].goto("about:blank")
        yield Lighthouse(port, house.url)
        context.close()


@pytest.mark.parametrize("screen", JOINED, ids=lambda screen: screen.name)
def test_joined(lighthouse: Lighthouse, screen: Screen) -> None:
    """The pages of an evening, opened again by somebody who has joined."""
    assert lighthouse.disappointments(screen, "keep") == {}


@pytest.mark.parametrize("screen", FIRST_VISITS, ids=lambda screen: screen.name)
def test_first_visits(lighthouse: Lighthouse, screen: Screen) -> None:
    """Pages that strangers open: nothing of them is in the browser yet. (Forgets that the phone has joined.)"""
    assert lighthouse.disappointments(screen, "forget") == {}
