"""What a phone does by itself: open, count, and keep every tap."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from tests.e2e.stage import EVENT, Otkrytka

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
Opens = Callable[[BrowserContext], Page]
DELIVERY = 60_000


def test_the_app_opens_at_every_address_without_a_server(server: Otkrytka, phone: Phone, opened: Opens) -> None:
    """One visit is enough: a new tab needs nothing from the network."""
    context = phone()
    opened(context)
    server.kill()
    ulid = str(EVENT["_id"]).removeprefix("event:")
    for path, sign in (
        ("/", "new-event"),
        ("/join", "join-pseudonym"),
        (f"/app/event/{ulid}", "heads-plus"),
        ("/app/new", "event-save"),
        ("/app/delivery", "sync-phase"),
        ("/app/settings", "pseudonym"),
    ):
        page = context.new_page()
        page.goto(server.url + path)
        if path == "/join":
            expect(page.get_by_role("heading", level=1)).to_be_visible()
        else:
            expect(page.get_by_test_id(sign)).to_be_visible()
        page.close()


def test_an_evening_made_without_a_server_arrives_with_its_counts(server: Otkrytka, phone: Phone, join: Opens) -> None:
    """An evening nobody planned: made, counted, undone and delivered, its author among the volunteers."""
    page = join(phone())
    server.kill()
    page.get_by_test_id("new-event").click()
    page.get_by_test_id("event-title").fill("In a kitchen")
    page.get_by_test_id("event-save").click()
    for _ in range(3):
        page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("heads-value")).to_have_text("3")
    page.get_by_test_id("undo").click()
    expect(page.get_by_test_id("heads-value")).to_have_text("2")
    page.get_by_test_id("letter-search").fill("kagarl")
    page.get_by_test_id("letter-search").press("Enter")
    expect(page.get_by_test_id("letters-value")).to_have_text("1")
    page.get_by_test_id("undo").click()
    expect(page.get_by_test_id("letters-value")).to_have_text("0")
    page.get_by_test_id("kind-handmade").click()
    page.get_by_test_id("letter-no-name").click()
    page.get_by_test_id("line-plus").click()
    expect(page.get_by_test_id("letters-value")).to_have_text("2")
    # 3 people, one taken back, a letter, taken back, two handmade; and the evening itself
    expect(page.get_by_test_id("unsent")).to_have_text("9")
    server.start()
    expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)
    event = "event:" + page.url.rpartition("/")[2]
    with server.join("coordinator", "moscow") as coordinator:
        totals = coordinator.get(f"/api/totals/events/{event}").raise_for_status().json()
    assert (totals["heads"], totals["handmade"], totals["written"], totals["recipients"]) == (2, 2, 2, 0)


def test_two_tabs_of_one_phone_lose_no_tap_and_one_of_them_syncs(server: Otkrytka, phone: Phone, opened: Opens) -> None:
    """Both tabs count at once on one sheet and show the same numbers; only one talks to the databases."""
    context = phone()
    first = opened(context)
    expect(first.get_by_test_id("unsent")).to_have_text("0")
    second = context.new_page()
    asked: list[str] = []
    second.on("request", lambda request: asked.append(request.url))
    second.goto(first.url)
    expect(second.get_by_test_id("heads-plus")).to_be_visible()
    burst = (
        """() => { for (let tap = 0; tap < 20; tap += 1) document.querySelector("[data-testid=heads-plus]").click() }"""
    )
    for _ in range(2):
        first.evaluate(burst)
        second.evaluate(burst)
    for page in (first, second):
        expect(page.get_by_test_id("own-heads")).to_have_text("80")
        expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)
    assert not [url for url in asked if "/db/" in url]

    # The tab that delivered is closed: the other one takes over.
    first.close()
    second.get_by_test_id("heads-plus").click()
    expect(second.get_by_test_id("own-heads")).to_have_text("81")
    expect(second.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)
    assert [url for url in asked if "/db/" in url]


def test_a_tap_that_was_shown_survives_the_death_of_the_browser(
    server: Otkrytka, evening: str, tmp_path: Path, phone_on: Callable[[Path], BrowserContext]
) -> None:
    """Nothing is shown before it is stored: the browser is crashed right after the number appeared."""
    profile = tmp_path / "profile"
    context = phone_on(profile)
    page = context.pages[0]
    page.goto(server.invite("volunteer", "moscow")["url"])
    page.get_by_test_id("join-submit").click()
    expect(page.locator(f"[data-event='{evening}']")).to_be_visible()
    expect(page.get_by_test_id("not-ready")).to_have_count(0)
    page.locator(f"[data-event='{evening}']").click()
    server.kill()
    for _ in range(7):
        page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("own-heads")).to_have_text("7")
    address = page.url
    with pytest.raises(Error):
        context.new_cdp_session(page).send("Browser.crash")

    page = phone_on(profile).pages[0]
    page.goto(address)
    expect(page.get_by_test_id("own-heads")).to_have_text("7")


def test_what_is_undelivered_can_be_saved_as_a_file(server: Otkrytka, phone: Phone, opened: Opens) -> None:
    """The file holds the sheet as it is on the phone, and no token."""
    page = opened(phone())
    server.kill()
    page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("unsent")).to_have_text("1")
    page.get_by_test_id("unsent").click()
    expect(page.get_by_test_id("record")).to_have_attribute("data-progress", "phone")
    with page.expect_download() as download:
        page.get_by_test_id("export").click()
    assert re.fullmatch(r"otkrytka-[\dT-]+\.json", download.value.suggested_filename)
    saved = Path(download.value.path()).read_text("utf-8")
    [record] = json.loads(saved)["records"]
    assert record["database"] == "chapter-moscow"
    assert record["document"]["heads"] == {"added": 1, "removed": 0}
    assert "token" not in saved
