"""The first sync: few requests, usable before it ends, and made good after a cut."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from tests.e2e.stage import EVENT, Otkrytka

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
PRISONERS, DOCUMENTS = 2000, 1000
MOST_REQUESTS = 6
SLOW = 8 * 1024  # bytes a second
LONG = 60_000
# The names of a phone's databases say nothing, so all are counted: the fullest is the register, then comes the chapter.
STORED = """async () => {
  const count = (name) => new Promise((resolve) => {
    indexedDB.open(name).onsuccess = ({ target: { result } }) => {
      const documents = result.transaction("document-store").objectStore("document-store").count();
      documents.onsuccess = () => { result.close(); resolve(documents.result); };
    };
  });
  const names = (await indexedDB.databases()).map(({ name }) => name).filter((name) => name.startsWith("_pouch_"));
  return (await Promise.all(names.map(count))).sort((a, b) => b - a);
}"""


def ulid(number: int) -> str:
    """One of many ids, all plainly invented."""
    return f"01KFW0000000000000{number:08d}"


def prisoner(number: int) -> dict[str, Any]:
    """Nobody."""
    name = {"ru": f"Выдуманный {number}", "en": f"Invented {number}"}
    body = {"type": "prisoner", "schema": 1, "name": name, "status": "detained", "invented": True}
    return {"_id": f"prisoner:{ulid(number)}", **body}


def dispatch(number: int, device: str) -> dict[str, Any]:
    """A document of the chapter's that a coordinator writes."""
    event = str(EVENT["_id"]).partition(":")[2]
    body = {"type": "dispatch", "schema": 1, "event": EVENT["_id"], "chapter": "moscow", "device": device}
    more = {"on": "2026-03-06", "count": 1, "method": "post", "note": "sent with the others of that evening"}
    return {"_id": f"dispatch:{event}:{ulid(number)}", **body, **more}


def write(client: httpx2.Client, database: str, documents: list[dict[str, Any]]) -> None:
    rows = client.post(f"/db/{database}/_bulk_docs", json={"docs": documents}).json()
    assert all(row.get("ok") for row in rows), rows[:3]


@pytest.fixture
def years(server: Otkrytka, evening: str) -> None:
    """A register and a chapter after years of work."""
    with server.join("national") as national:
        write(national, "register", [prisoner(number) for number in range(PRISONERS)])
    with server.join("coordinator", "moscow") as coordinator:
        device = coordinator.headers["X-Device"]
        write(coordinator, "chapter-moscow", [dispatch(number, device) for number in range(DOCUMENTS)])


@contextmanager
def slowed(page: Page, bytes_a_second: int) -> Iterator[None]:
    """A line as slow as that."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    slow = {"offline": False, "latency": 50, "downloadThroughput": bytes_a_second, "uploadThroughput": bytes_a_second}
    session.send("Network.emulateNetworkConditions", slow)
    yield
    fast = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.emulateNetworkConditions", fast)


def requests_of(page: Page, server: Otkrytka) -> tuple[list[str], set[str]]:
    """What the page asks of the server for data from now on, and what of it is under way."""
    asked: list[str] = []
    under_way: set[str] = set()

    def note(request: Request) -> None:
        path = request.url.removeprefix(server.url)
        if path.startswith(("/db/", "/api/")):
            asked.append(path)
            under_way.add(path)

    page.on("request", note)
    page.on("requestfinished", lambda request: under_way.discard(request.url.removeprefix(server.url)))
    return asked, under_way


def expect_everything(page: Page) -> None:
    page.get_by_test_id("unsent").click()
    expect(page.locator("[data-phase=connected]")).to_be_visible(timeout=LONG)
    register, chapter, *_ = page.evaluate(STORED)
    assert register >= PRISONERS
    assert chapter > DOCUMENTS


def test_years_of_work_come_in_few_requests_and_can_be_used_before(
    server: Otkrytka, phone: Phone, evening: str, years: None
) -> None:
    """Six requests from the invite to the last document. On a slow line, counting begins while names are on their way."""
    page = phone().new_page()
    asked, _ = requests_of(page, server)
    page.goto(server.invite("volunteer", "moscow")["url"])
    page.get_by_test_id("join-submit").click()
    expect(page.get_by_test_id("event-item").first).to_be_visible()
    expect_everything(page)
    assert len(asked) <= MOST_REQUESTS, asked

    page = phone().new_page()
    asked, under_way = requests_of(page, server)
    page.goto(server.invite("volunteer", "moscow")["url"])
    with slowed(page, SLOW):
        page.get_by_test_id("join-submit").click()
        page.locator(f"[data-event='{evening}']").click()
        page.get_by_test_id("heads-plus").click()
        expect(page.get_by_test_id("own-heads")).to_have_text("1")
        assert any("_snapshot" in path for path in under_way), asked
    expect_everything(page)
    expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=LONG)
    # One that was cut when the line changed is asked for again.
    snapshots = dict.fromkeys(path.split("/")[2] for path in asked if "_snapshot" in path)
    assert list(snapshots) == ["chapter-moscow", "register"]


def test_an_older_server_is_replicated_with_as_before(server: Otkrytka, phone: Phone, years: None) -> None:
    """No snapshot, no list of addresses, no keys in the answer to joining, and a field nobody knows: all arrives."""
    context = phone()

    def older_join(route: Route) -> None:
        answer = route.fetch()
        joined = {key: value for key, value in answer.json().items() if key != "keys"} | {"weather": "mild"}
        route.fulfill(response=answer, body=json.dumps(joined))

    missing = {"status": 404, "content_type": "application/json", "body": '{"error":"not_found","reason":"missing"}'}
    context.route("**/api/join", older_join)
    context.route("**/_snapshot", lambda route: route.fulfill(**missing))
    context.route("**/api/mirrors", lambda route: route.fulfill(**missing))
    page = context.new_page()
    page.goto(server.invite("volunteer", "moscow")["url"])
    page.get_by_test_id("join-submit").click()
    expect(page.get_by_test_id("event-item").first).to_be_visible()
    expect_everything(page)
