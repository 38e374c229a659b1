"""Closing an evening: tally, one table counted twice, declared numbers, sending, and the line for the press."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.stage import EVENT, Otkrytka

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
DELIVERY = 60_000
ULID = str(EVENT["_id"]).removeprefix("event:")
TO = [f"prisoner:01KFDA3QM0{tail}" for tail in ("YSVCH61EDPZBYVE1", "DX2H3H7836QTXMB1")]


def sheet(client: httpx2.Client, event: str, heads: int, letters: int) -> str:
    """A volunteer's sheet of an event, at the server."""
    device = client.headers["X-Device"]
    lines = [{"to": to, "kind": "letter", "origin": "here", "added": letters, "removed": 0} for to in TO]
    body = {"type": "sheet", "schema": 1, "event": event, "device": device, "chapter": "moscow"}
    body |= {"heads": {"added": heads, "removed": 0}, "letters": lines}
    name = f"sheet:{event.removeprefix('event:')}:{device}"
    client.put(f"/db/chapter-moscow/{name}", json=body).raise_for_status()
    return name


def documents(client: httpx2.Client, kind: str) -> list[dict[str, Any]]:
    """The evening's documents of a kind, in the order they were made."""
    asked = {"include_docs": "true", "startkey": f'"{kind}:{ULID}"', "endkey": f'"{kind}:{ULID}\ufff0"'}
    rows = client.get("/db/chapter-moscow/_all_docs", params=asked).raise_for_status().json()["rows"]
    return [row["doc"] for row in rows]


def at_closing(page: Page, server: Otkrytka, role: str) -> None:
    page.goto(server.invite(role, "moscow")["url"])
    page.get_by_test_id("join-submit").click()
    page.locator(f"[data-event='{EVENT['_id']}']").click()
    expect(page.get_by_test_id("heads-plus")).to_be_visible()


def picture(page: Page, button: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_test_id(button).click()
    return Path(download.value.path()).read_bytes()


def size_of(png: bytes) -> tuple[int, ...]:
    assert png.startswith(b"\x89PNG")
    return struct.unpack(">II", png[16:24])


def test_a_coordinator_closes_an_evening(server: Otkrytka, phone: Phone, evening: str) -> None:
    """The tally stays the sum; reconciled numbers are only declared; what is shared was signed, and says what was sent."""
    with server.join("volunteer", "moscow") as one, server.join("volunteer", "moscow") as other:
        names = sorted([sheet(one, evening, 60, 10), sheet(other, evening, 62, 11)])
        context = phone("ru-RU")
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
        page = context.new_page()
        at_closing(page, server, "coordinator")
        page.get_by_test_id("to-closing").click()
        total = page.get_by_test_id("closing-tally").locator("tfoot [data-column=heads]")
        expect(total).to_have_text("122", timeout=DELIVERY)

        # Two counters at one table: the larger count is taken.
        page.get_by_test_id("same-table-open").click()
        for box in page.get_by_test_id("same-sheet").all():
            box.get_by_role("checkbox").check()
        page.get_by_test_id("same-table-join").click()
        page.get_by_test_id("same-table").locator("label", has_text="62").get_by_role("radio").check()
        expect(page.get_by_test_id("declare-heads")).to_have_value("62")
        expect(page.get_by_test_id("declare-letters")).to_have_value("22")
        expect(total).to_have_text("122")
        page.get_by_test_id("declare-heads").fill("шесть")
        page.get_by_test_id("declare").click()
        expect(page.get_by_role("alert")).to_contain_text("целые")
        page.get_by_test_id("declare-heads").fill("70")
        page.get_by_test_id("at-least-heads").check()
        page.get_by_test_id("declare").click()
        expect(page.get_by_test_id("declare")).to_have_text("Объявить заново")
        expect(page.get_by_test_id("status-closed")).to_be_checked()

        # The line is drafted, and says nothing was sent; a person may not say so either.
        page.get_by_test_id("to-press").click()
        russian = page.get_by_test_id("press-ru")
        expect(russian).to_have_value(
            "Москва, 5 марта 2026 г. Пришло больше семидесяти человек. Всего написано 22 письма 2 политзаключённым."
        )
        expect(page.get_by_test_id("press-card")).to_have_count(0)
        russian.fill("Отправлено 22 письма.")
        page.get_by_test_id("press-checked").check()
        expect(page.get_by_test_id("press-sign")).to_be_disabled()
        expect(page.get_by_test_id("press-not-sent")).to_be_visible()

        # Sent, drafted again, edited, signed; then it may be copied and drawn.
        page.go_back()
        page.get_by_test_id("sent-count").fill("5")
        page.get_by_test_id("sent-save").click()
        expect(page.get_by_test_id("sending")).to_contain_text("отправлено 5")
        page.get_by_test_id("to-press").click()
        expect(russian).to_have_value(
            "Москва, 5 марта 2026 г. Пришло больше семидесяти человек. Всего написано 22 письма 2 политзаключённым. "
            "Уже отправлено 5 писем."
        )
        russian.fill(f"{russian.input_value()} Спасибо!")
        page.get_by_test_id("press-checked").check()
        page.get_by_test_id("press-sign").click()
        expect(page.get_by_test_id("press-signed")).to_be_visible()
        page.get_by_test_id("press-copy").first.click()
        expect(page.get_by_test_id("press-copy").first).to_have_text("Скопировано")
        assert page.evaluate("navigator.clipboard.readText()").endswith("Спасибо!")
        wide = picture(page, "card-save")
        assert size_of(wide) == (1200, 630)
        page.get_by_test_id("card-square").check(force=True)
        page.get_by_test_id("card-en").check(force=True)
        assert size_of(picture(page, "card-save")) == (1080, 1080)
        russian.fill("Другое")
        expect(page.get_by_test_id("press-card")).to_have_count(0)
        expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)

    with server.join("coordinator", "moscow") as coordinator:
        first, signed = documents(coordinator, "closing")
        assert (first["heads"], first["letters"], first["at_least"]) == (70, 22, ["heads"])
        assert first["same_table"] == [
            {"sheets": first["same_table"][0]["sheets"], "picked": first["same_table"][0]["picked"]}
        ]
        assert sorted(first["same_table"][0]["sheets"]) == names
        assert (signed["replaces"], signed["heads"], signed["same_table"]) == (first["_id"], 70, first["same_table"])
        assert signed["press"]["ru"].endswith("Спасибо!")
        assert [sent["count"] for sent in documents(coordinator, "dispatch")] == [5]
        totals = coordinator.get(f"/api/totals/events/{evening}").raise_for_status().json()
        assert (totals["heads"], totals["written"], totals["sent"]) == (122, 42, 5)
        assert (totals["declared"]["heads"], totals["declared"]["letters"]) == (70, 22)


def test_a_volunteer_sees_nothing_to_close(server: Otkrytka, phone: Phone, evening: str) -> None:
    """Neither the way there nor the page; and the page says whose it is."""
    page = phone().new_page()
    at_closing(page, server, "volunteer")
    expect(page.get_by_test_id("to-closing")).to_have_count(0)
    for part in ("closing", "press"):
        page.goto(f"{server.url}/app/event/{ULID}/{part}")
        expect(page.get_by_text("An evening is closed by a coordinator of the chapter.")).to_be_visible()
        expect(page.get_by_test_id("declare")).to_have_count(0)
