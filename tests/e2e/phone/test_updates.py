"""A newer app: offered, never forced, and never at the cost of a tap."""

import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx2
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.stage import Otkrytka

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
OF_THE_WAY = {"connection", "content-encoding", "content-length", "transfer-encoding", "server", "date"}
READY = 60_000
HIDE = """
Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
document.dispatchEvent(new Event("visibilitychange"));
"""
LAY_OUT_NEWER = """new Promise((done) => {
  indexedDB.open("vault", 1).onsuccess = ({ target: { result: database } }) => {
    const records = database.transaction("records", "readwrite").objectStore("records");
    records.get("vault").onsuccess = ({ target: { result: record } }) => records.put({ ...record, schema: 99 }, "vault");
    records.transaction.oncomplete = () => { database.close(); done() };
  };
})"""
INSTALL = """navigator.serviceWorker.ready.then((found) => new Promise((done) => {
  found.addEventListener("updatefound", () => {
    const newer = found.installing;
    newer.addEventListener("statechange", () => newer.state === "installed" && done());
  }, { once: true });
  found.update();
}))"""
CACHES = "caches.keys().then((names) => names.length)"


class Front(ThreadingHTTPServer):
    """A server's front door, behind which newer apps may appear: their workers have other fingerprints, of this digit alone."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.client = httpx2.Client(base_url=target, timeout=60)
        self.newer = b""
        self.other_page = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Request(BaseHTTPRequestHandler):
    server: Front

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in {"host", "connection"}}
        answer = self.server.client.request(self.command, self.path, headers=headers, content=body)
        content = answer.content
        if self.path == "/sw.js" and self.server.newer:
            content = re.sub(rb"[0-9a-f]{16}(?=[`\"'])", self.server.newer * 16, content, count=1)
            assert content != answer.content
        if self.path == "/" and self.server.other_page:
            content = re.sub(rb"/assets/start-[^\"]+[.]js", b"/assets/start-another1.js", content)
            assert content != answer.content
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in OF_THE_WAY:
                self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = _pass_on  # noqa: N815 - the names http.server asks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
        """Says nothing."""


@pytest.fixture
def front(server: Otkrytka) -> Iterator[Front]:
    """The door the phones of these tests use."""
    door = Front(server.url)
    thread = Thread(target=door.serve_forever, daemon=True)
    thread.start()
    yield door
    door.shutdown()
    thread.join()
    door.server_close()


def joined(server: Otkrytka, front: Front, evening: str, phone: Phone) -> Page:
    """The app of a volunteer who came by the front, with all that it needs without a network."""
    page = phone().new_page()
    page.goto(server.invite("volunteer", "moscow")["url"].replace(server.url, front.url))
    page.get_by_test_id("join-submit").click()
    expect(page.locator(f"[data-event='{evening}']")).to_be_visible()
    expect(page.get_by_test_id("not-ready")).to_have_count(0)
    return page


REDUNDANT = """navigator.serviceWorker.ready.then((found) => new Promise((done) => {
  found.addEventListener("updatefound", () => {
    const newer = found.installing;
    newer.addEventListener("statechange", () => newer.state === "redundant" && done());
  }, { once: true });
  found.update();
}))"""


def test_no_page_is_kept_with_the_parts_of_another_build(
    server: Otkrytka, front: Front, evening: str, phone: Phone
) -> None:
    """A server that changes its app while a newer one is fetched: that one is given up, and fetched whole the next time."""
    page = joined(server, front, evening, phone)
    kept = page.evaluate("caches.keys()")
    front.newer, front.other_page = b"e", True
    page.evaluate(REDUNDANT)
    assert page.evaluate("caches.keys()") == kept
    front.other_page = False
    page.evaluate(INSTALL)
    expect(page.get_by_test_id("update-ready")).to_be_visible(timeout=READY)


def test_a_newer_app_waits_until_it_is_wanted(server: Otkrytka, front: Front, evening: str, phone: Phone) -> None:
    """Both tabs go on as they are; told to change, one reloads when nothing is being written. The older one keeps its parts."""
    page = phone().new_page()
    page.goto(server.invite("volunteer", "moscow")["url"].replace(server.url, front.url))
    page.get_by_test_id("join-submit").click()
    expect(page.get_by_test_id("event-item").first).to_be_visible()
    expect(page.get_by_test_id("not-ready")).to_have_count(0)
    counting = page.context.new_page()
    counting.goto(front.url)
    counting.locator(f"[data-event='{evening}']").click()
    counting.get_by_test_id("heads-plus").click()
    page.evaluate("window.here = 'the older app'")
    counting.evaluate("window.here = 'the older app'")

    front.newer = b"f"
    page.evaluate("navigator.serviceWorker.ready.then((found) => found.update())")
    expect(page.get_by_test_id("update-ready")).to_be_visible(timeout=READY)
    counting.get_by_test_id("heads-plus").click()
    assert page.evaluate("window.here") == counting.evaluate("window.here") == "the older app"
    with page.expect_navigation():
        page.get_by_test_id("update-apply").click()
    expect(page.get_by_test_id("event-item").first).to_be_visible()
    assert page.evaluate("window.here") is None
    assert page.evaluate(CACHES) == 2

    assert counting.evaluate("window.here") == "the older app"
    counting.get_by_test_id("heads-plus").click()
    expect(counting.get_by_test_id("own-heads")).to_have_text("3")
    counting.get_by_test_id("unsent").click()
    expect(counting.get_by_test_id("sync-phase")).to_be_visible()
    expect(counting.get_by_test_id("unsent")).to_have_text("0", timeout=READY)

    # Nobody is looking any more: it changes by itself, but not while words are typed that are not saved.
    counting.go_back()
    counting.get_by_test_id("letter-search").fill("Iv")
    counting.evaluate(HIDE)
    assert counting.evaluate("window.here") == "the older app"
    counting.get_by_test_id("letter-search").fill("")
    with counting.expect_navigation():
        counting.evaluate(HIDE)
    expect(counting.get_by_test_id("own-heads")).to_have_text("3")
    assert counting.evaluate("window.here") is None


def test_the_build_in_use_keeps_its_parts_when_one_that_nobody_used_is_passed_over(
    server: Otkrytka, front: Front, evening: str, phone: Phone
) -> None:
    """Two newer apps come before anybody changes: of the three the middle one goes, which has no page."""
    page = joined(server, front, evening, phone)
    [used] = page.evaluate("caches.keys()")
    for newer in (b"e", b"f"):
        front.newer = newer
        page.evaluate(INSTALL)
    assert len(page.evaluate("caches.keys()")) == 3
    with page.expect_navigation():
        page.get_by_test_id("update-apply").click()
    expect(page.get_by_test_id("event-item").first).to_be_visible()
    assert page.evaluate("caches.keys()") == [used, f"app-{'f' * 16}"]


def test_an_app_too_old_for_what_is_stored_changes_to_the_newer_one_by_itself(
    server: Otkrytka, front: Front, evening: str, phone: Phone
) -> None:
    """After a step back to an older app nothing is written, and nobody has to say that the newer one is wanted."""
    page = joined(server, front, evening, phone)
    page.evaluate(LAY_OUT_NEWER)
    page.reload()
    expect(page.get_by_test_id("not-opened")).to_be_visible()
    front.newer = b"f"
    with page.expect_navigation(timeout=READY):
        page.evaluate("navigator.serviceWorker.ready.then((found) => found.update())")
