"""Sheets of paper: printed with a number of their own, typed in on any phone, counted once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import segno
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.stage import EVENT, Otkrytka, evening_in_moscow

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
Opens = Callable[[BrowserContext], Page]
ULID = str(EVENT["_id"]).removeprefix("event:")
DELIVERY = 60_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Otkrytka]:
    with evening_in_moscow(tmp_path_factory.mktemp("paper")) as otkrytka:
        yield otkrytka


@pytest.fixture(scope="module")
def evening(server: Otkrytka) -> str:
    return str(EVENT["_id"])


def printed(page: Page, copies: int) -> list[str]:
    """The numbers of freshly printed sheets."""
    page.get_by_test_id("paper-to-print").click()
    page.get_by_test_id("paper-copies").fill(str(copies))
    page.get_by_test_id("paper-copies").press("Tab")
    sheets = page.get_by_test_id("tally-sheet")
    expect(sheets).to_have_count(copies)
    numbers = [str(sheet.get_attribute("data-number")) for sheet in sheets.all()]
    for sheet, number in zip(sheets.all(), numbers, strict=True):
        expect(sheet).to_contain_text(f"{number[:4]} {number[4:]}")
        expect(sheet.get_by_role("img")).to_be_visible()
    page.go_back()
    return numbers


def open_sheet(page: Page, number: str) -> None:
    page.get_by_test_id("paper-number").fill(number)
    page.get_by_test_id("paper-open").click()


def type_in(page: Page, number: str, heads: int, unnamed: int) -> None:
    page.get_by_test_id("paper-to-type").click()
    open_sheet(page, number)
    page.get_by_test_id("paper-heads").fill(str(heads))
    page.get_by_test_id("paper-card").first.fill(str(unnamed))
    page.get_by_test_id("paper-save").click()
    expect(page.get_by_test_id("paper-known")).to_contain_text(f"People: {heads}")


def test_one_sheet_typed_in_on_two_phones_counts_once(server: Otkrytka, phone: Phone, opened: Opens) -> None:
    """Both without a network: the larger number of each line stays, whoever delivers first; a slip in the number is told."""
    contexts = [phone(), phone()]
    first, second = (opened(context) for context in contexts)
    number, other = printed(first, 2)
    assert number != other
    for context in contexts:
        context.set_offline(True)
    type_in(first, number, heads=23, unnamed=6)
    type_in(second, f"{number[:4].lower()}-{number[4:]}", heads=21, unnamed=8)

    # The same sheet on the same phone: what is there is shown, and a correction is no second sheet.
    wrong = number[:-1] + ("A" if number[-1] != "A" else "B")
    open_sheet(first, wrong)
    expect(first.get_by_test_id("paper-problem")).to_be_visible()
    open_sheet(first, number)
    expect(first.get_by_test_id("paper-already")).to_contain_text("on this phone already")
    expect(first.get_by_test_id("paper-heads")).to_have_value("23")
    first.get_by_test_id("letter-search").fill("Kagarl")
    first.get_by_test_id("letter-search").press("Enter")
    first.get_by_test_id("paper-letter").first.fill("4")
    first.get_by_test_id("paper-save").click()
    expect(first.get_by_test_id("paper-known")).to_have_count(1)

    for context in contexts:
        context.set_offline(False)
    for page in (first, second):
        page.goto(f"{server.url}/app/event/{ULID}")
        expect(page.get_by_test_id("chapter-heads")).to_have_text("23", timeout=DELIVERY)
        expect(page.get_by_test_id("chapter-letters")).to_have_text("12", timeout=DELIVERY)
        expect(page.get_by_test_id("own-heads")).to_have_text("0")
        expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)
    with server.join("coordinator", "moscow") as coordinator:
        totals = coordinator.get(f"/api/totals/events/{EVENT['_id']}").raise_for_status().json()
    assert (totals["heads"], totals["letters"], totals["cards"], totals["recipients"]) == (23, 4, 8, 1)

    desk = phone().new_page()
    desk.goto(server.invite("coordinator", "moscow")["sign_in"])
    desk.get_by_role("button", name="Sign in").click()
    desk.goto(f"{server.url}/dashboard/events/{EVENT['_id']}")
    expect(desk.locator("#sheets")).to_contain_text(f"Sheet of paper {number[:4]} {number[4:]}")


def film(code: str, path: Path) -> None:
    """A film of one picture, as Chromium's pretended camera shows it: a QR code on a white sheet."""
    width, height, module = 640, 480, 8
    light = bytearray(b"\xeb" * (width * height))
    matrix = [bytes(row) for row in segno.make(code, error="m", micro=False).matrix]
    left, top = (width - len(matrix) * module) // 2, (height - len(matrix) * module) // 2
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            for line in range(module if dark else 0):
                at = (top + y * module + line) * width + left + x * module
                light[at : at + module] = b"\x10" * module
    frame = b"FRAME\n" + bytes(light) + b"\x80" * (width * height // 2)
    path.write_bytes(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 2)


def test_a_sheet_is_found_by_its_code(
    server: Otkrytka, evening: str, phone_on: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    """The camera is enough: no number is typed."""
    number = "7K3QDW52"
    film(f"PAPER:{ULID}:{ULID[:-8]}{number}", tmp_path / "code.y4m")
    camera = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    filmed = f"--use-file-for-fake-video-capture={tmp_path / 'code.y4m'}"
    page = phone_on(tmp_path / "profile", *camera, filmed).pages[0]
    page.goto(server.invite("volunteer", "moscow")["url"])
    page.get_by_test_id("join-submit").click()
    page.locator(f"[data-event='{evening}']").click()
    page.get_by_test_id("paper-to-type").click()
    page.get_by_test_id("paper-scan").click()
    expect(page.get_by_test_id("paper-heads")).to_be_visible(timeout=DELIVERY)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sheet 7K3Q DW52")
