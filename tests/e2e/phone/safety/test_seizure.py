"""A seized phone: what is found in the whole profile of its browser, bytes and all."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.phone.safety.conftest import PASSPHRASE, unlock
from tests.e2e.phone.safety.profile import found
from tests.e2e.stage import Otkrytka

pytestmark = pytest.mark.browser
Start = Callable[[], Page]
DELIVERY = 60_000
STRETCHING = 60_000

CANARIES = {
    "pseudonym": "Zimorodok-7q9xw",
    "title": "Vecher-u-Kvitkovskoj-83hzk",
    "place": "Podval-na-Zelenoj-5tmvd",
    "passphrase": PASSPHRASE,
    "pin": "739158264",
    "prisoner": "Кагарлицкий",
    "prisoner in English": "Kagarlitsky",
    "chapter": "chapter-moscow",
    "sheet": "sheet:",
    "register": "prisoner:",
    "database": '"register"',
}


# Words of the app's own code, wherever the browser keeps that; and the browser's history of the link one came by.
CODE = {"sheet", "register", "database"}
PROGRAMS = (
    "Default/Service Worker/CacheStorage",
    "Default/Service Worker/ScriptCache",
    "Default/Code Cache",
    "Default/Cache",
)
KEPT = ("Default/IndexedDB", "Default/Local Storage", "Default/Session Storage", "Default/Service Worker")


def is_expected(canary: str, file: str) -> bool:
    """What no app can keep a browser from writing, and what is no secret."""
    return (canary in CODE and file.startswith(PROGRAMS)) or (canary == "invite" and not file.startswith(KEPT))


def count_an_evening(page: Page, server: Otkrytka) -> tuple[str, dict[str, str]]:
    """Joins, makes an evening, counts people and a letter, and delivers; the evening's address, and what must not be found."""
    invite = server.invite("volunteer", "moscow")
    page.goto(invite["url"])
    page.get_by_test_id("join-pseudonym").fill(CANARIES["pseudonym"])
    page.get_by_test_id("passphrase").fill(PASSPHRASE)
    page.get_by_test_id("passphrase-again").fill(PASSPHRASE)
    with page.expect_response("**/api/join") as joined:
        page.get_by_test_id("join-submit").click()
    secrets = {name: joined.value.json()[name] for name in ("token", "device")}
    expect(page.get_by_test_id("new-event")).to_be_visible(timeout=STRETCHING)
    expect(page.get_by_test_id("not-ready")).to_have_count(0, timeout=DELIVERY)
    page.get_by_test_id("new-event").click()
    page.get_by_test_id("event-title").fill(CANARIES["title"])
    page.get_by_test_id("event-place").fill(CANARIES["place"])
    page.get_by_test_id("event-save").click()
    for _ in range(3):
        page.get_by_test_id("heads-plus").click()
    page.get_by_test_id("letter-search").fill("Kagarl")
    page.get_by_test_id("letter-option").first.click()
    expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)
    return page.url, {**secrets, "invite": invite["invite"]}


def test_nothing_in_a_seized_profile_says_who_what_or_where(server: Otkrytka, start: Start, profile: Path) -> None:
    """Joined, counted, delivered, locked, closed: no name, title, place, id or secret is in any file, however it is encoded."""
    page = start()
    address, secrets = count_an_evening(page, server)
    page.goto(f"{server.url}/app/safety")
    unlock(page)
    page.get_by_test_id("pin-new").fill(CANARIES["pin"])
    page.get_by_test_id("pin-save").click()
    expect(page.get_by_test_id("pin-new")).to_have_count(0)
    page.get_by_test_id("lock").click()
    expect(page.get_by_test_id("unlock-passphrase")).to_be_visible()
    page.context.close()
    assert not {hit for hit in found(profile, {**CANARIES, **secrets}) if not is_expected(*hit)}

    page = start()
    page.goto(address)
    unlock(page)
    expect(page.get_by_test_id("own-heads")).to_have_text("3", timeout=STRETCHING)
    expect(page.get_by_test_id("own-letters")).to_have_text("1")


def test_the_search_finds_what_is_not_sealed(server: Otkrytka, start: Start, profile: Path) -> None:
    """The search itself is held to account: the same words kept by a page in the clear are found."""
    page = start()
    page.goto(f"{server.url}/healthz")
    page.evaluate(
        """words => new Promise((done) => {
            const opening = indexedDB.open("clear", 1);
            opening.onupgradeneeded = () => opening.result.createObjectStore("words");
            opening.onsuccess = () => {
                const writing = opening.result.transaction("words", "readwrite");
                for (const [name, word] of Object.entries(words)) writing.objectStore("words").put({ word }, name);
                writing.oncomplete = () => done();
            };
            localStorage.setItem("clear", JSON.stringify(words));
        })""",
        CANARIES,
    )
    page.context.close()
    assert {name for name, _ in found(profile, CANARIES)} == set(CANARIES)
