"""Counts that leave a room with somebody else: as a file, and from screen to camera."""

from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.phone.conftest import FILL_DISK
from tests.e2e.stage import Otkrytka

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
Opens = Callable[[BrowserContext], Page]
DELIVERY = 60_000
# A camera that sees what the test puts before it.
CAMERA = """
const board = document.createElement("canvas");
board.width = board.height = 800;
board.getContext("2d").fillRect(0, 0, 800, 800);
window.putBeforeCamera = async (address) => {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  board.getContext("2d").drawImage(picture, 20, 20, 760, 760);
};
navigator.mediaDevices.getUserMedia = async () => board.captureStream(30);
"""


# A browser that hands files on to other apps, and remembers what it was given.
SHARING = """
navigator.canShare = ({ files }) => files?.length === 1;
window.shared = new Promise((told) => {
  navigator.share = async ({ files: [file] }) => told({ name: file.name, begins: (await file.text()).slice(0, 21) });
});
"""


def cut_off(context: BrowserContext) -> None:
    for doors in ("**/db/**", "**/api/**"):
        context.route(doors, lambda route: route.abort())


def connect(context: BrowserContext) -> None:
    for doors in ("**/db/**", "**/api/**"):
        context.unroute(doors)


def count(page: Page, heads: int) -> None:
    for _ in range(heads):
        page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("unsent")).to_have_text(str(heads))


def to_parcels(page: Page) -> None:
    page.get_by_test_id("unsent").click()
    page.get_by_test_id("courier").click()
    expect(page.get_by_test_id("courier-open")).to_be_attached()


def test_a_file_carried_by_another_phone(server: Otkrytka, phone: Phone, opened: Opens, tmp_path: Path) -> None:
    """It says nothing, waits for a network, is counted once however often it comes, and its phone hears of it."""
    sender, carrier = phone(), phone()
    counting, carrying = opened(sender), opened(carrier)
    cut_off(sender)
    cut_off(carrier)
    count(counting, 3)
    counting.get_by_test_id("unsent").click()
    expect(counting.get_by_test_id("unsent-line")).to_contain_text("Not yet delivered: 3 people, the oldest")
    traffic = counting.get_by_test_id("traffic")
    assert int(str(traffic.get_attribute("data-received"))) > 0
    counting.get_by_test_id("courier").click()
    with counting.expect_download() as saved:
        counting.get_by_test_id("courier-save").click()
    parcel = tmp_path / saved.value.suggested_filename
    saved.value.save_as(parcel)
    content = parcel.read_bytes()
    assert content.startswith(b"age-encryption.org/v1\n")
    assert b"moscow" not in content
    assert b"sheet" not in content

    to_parcels(carrying)
    carrying.get_by_test_id("courier-open").set_input_files(parcel)
    expect(carrying.locator("[data-testid=courier-parcel][data-state=waiting]")).to_be_visible()
    garbage = tmp_path / "notes.txt"
    garbage.write_text("not a parcel")
    carrying.get_by_test_id("courier-open").set_input_files(garbage)
    expect(carrying.get_by_test_id("courier-outcome")).to_have_text("This is no parcel.")
    assert server.heads_counted() == 0
    connect(carrier)
    carrying.evaluate("dispatchEvent(new Event('online'))")
    expect(carrying.locator("[data-testid=courier-parcel][data-state=delivered]")).to_be_visible(timeout=DELIVERY)
    assert server.heads_counted() == 3

    again = httpx2.post(f"{server.url}/api/courier", content=content)
    assert again.json() == {"stored": 1, "refused": 0}
    changed = httpx2.post(f"{server.url}/api/courier", content=content[:-1] + bytes([content[-1] ^ 1]))
    assert changed.status_code == 400
    connect(sender)
    counting.evaluate("dispatchEvent(new Event('online'))")
    expect(counting.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)
    assert server.heads_counted() == 3


def test_a_phone_that_can_share_hands_the_parcel_to_another_app(phone: Phone, opened: Opens) -> None:
    """What the other app gets is the same file that would be saved."""
    sender = phone()
    sender.add_init_script(SHARING)
    page = opened(sender)
    cut_off(sender)
    count(page, 1)
    to_parcels(page)
    page.get_by_test_id("courier-save").click()
    parcel = page.evaluate("window.shared")
    assert parcel["begins"] == "age-encryption.org/v1"
    assert parcel["name"].endswith(".age")


def test_codes_on_a_screen_seen_by_another_phone(server: Otkrytka, phone: Phone, opened: Opens) -> None:
    """The camera collects what the screen shows in turn, and the parcel goes to the server from there."""
    sender, carrier = phone(), phone()
    carrier.add_init_script(CAMERA)
    counting, carrying = opened(sender), opened(carrier)
    cut_off(sender)
    count(counting, 2)
    to_parcels(counting)
    to_parcels(carrying)
    counting.get_by_test_id("courier-show").click()
    expect(counting.get_by_test_id("courier-code")).to_be_visible()
    carrying.get_by_test_id("courier-scan").click()
    expect(carrying.get_by_test_id("courier-seen")).to_be_visible()
    taken = carrying.get_by_text("The parcel is with you.")
    for _ in range(200):
        shown = counting.get_by_test_id("courier-code").evaluate("(canvas) => canvas.toDataURL()")
        carrying.evaluate("(address) => putBeforeCamera(address)", shown)
        if taken.is_visible():
            break
    expect(taken).to_be_visible()
    expect(carrying.locator("[data-testid=courier-parcel][data-state=delivered]")).to_be_visible(timeout=DELIVERY)
    assert server.heads_counted() == 2


def test_a_parcel_that_cannot_be_kept_is_said(server: Otkrytka, phone: Phone, opened: Opens, tmp_path: Path) -> None:
    """Not shown as taken, and taken once there is room."""
    sender = phone()
    page = opened(sender)
    cut_off(sender)
    count(page, 1)
    to_parcels(page)
    with page.expect_download() as download:
        page.get_by_test_id("courier-save").click()
    parcel = tmp_path / "parcel.age"
    download.value.save_as(parcel)
    page.evaluate(FILL_DISK)
    page.get_by_test_id("courier-open").set_input_files(parcel)
    expect(page.get_by_test_id("courier-problem")).to_contain_text("That did not work")
    expect(page.get_by_test_id("courier-outcome")).to_have_text("")
    page.evaluate("emptyDisk()")
    page.get_by_test_id("courier-open").set_input_files(parcel)
    expect(page.get_by_test_id("courier-outcome")).to_have_text("The parcel is with you.")
    expect(page.get_by_test_id("courier-problem")).to_have_count(0)
