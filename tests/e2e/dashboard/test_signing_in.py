"""A coordinator signs a laptop in: with a phone beside it, and afterwards with a passkey of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.e2e.stage import Otkrytka, demonstration, free_port

pytestmark = pytest.mark.browser


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Otkrytka]:
    """A server that browsers know as `localhost`: passkeys belong to a name, and an address of numbers is none."""
    port = free_port()
    with demonstration(tmp_path, port, {"OTKRYTKA_PUBLIC_URL": f"http://localhost:{port}"}) as otkrytka:
        yield otkrytka


@pytest.fixture
def laptop(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="en-GB"
    )
    yield context
    context.close()


def test_by_phone_and_then_by_passkey(server: Otkrytka, laptop: BrowserContext, phone: BrowserContext) -> None:
    """The letters agree, the laptop follows the phone's word by itself, a passkey opens the next session, and one is ended."""
    base = f"http://localhost:{server.port}"
    held, page = phone.new_page(), laptop.new_page()
    held.goto(server.invite("coordinator", "moscow")["url"])
    held.get_by_test_id("join-submit").click()
    expect(held.get_by_test_id("event-item").first).to_be_visible()

    page.goto(f"{base}/dashboard/sign-in")
    page.get_by_role("link", name="Sign in with your phone").click()
    letters = page.locator(".letters").inner_text()
    name = page.locator("[data-link]").get_attribute("data-link")
    assert name is not None
    held.goto(name)
    expect(held.get_by_test_id("vouch-letters")).to_have_text(letters)
    assert "#" not in held.url
    held.get_by_test_id("vouch").click()
    expect(held.get_by_test_id("vouched")).to_be_visible()
    expect(page.get_by_role("heading", name="Moscow").first).to_be_visible()

    devtools = laptop.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(f"{base}/dashboard/sessions")
    page.get_by_role("button", name="Add a passkey on this computer").click()
    expect(page.get_by_role("listitem").filter(has_text="Added")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Passkey").click()
    expect(page.get_by_role("heading", name="Moscow").first).to_be_visible()

    page.goto(f"{base}/dashboard/sessions")
    expect(page.get_by_text("by passkey", exact=True)).to_be_visible()
    page.get_by_role("row", name="by passkey").get_by_role("button", name="End").click()
    expect(page.get_by_role("heading", name="Sign in", exact=False)).to_be_visible()
