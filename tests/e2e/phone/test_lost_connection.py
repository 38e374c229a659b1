"""A browser may end its connections to IndexedDB while a page runs: WebKit does to one that was out of sight for long."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.phone.conftest import tap
from tests.e2e.stage import EVENT, Otkrytka, evening_in_moscow

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
Opens = Callable[[BrowserContext], Page]
DELIVERY = 60_000

# As the standard has it when a connection ends by force: what is under way is aborted, and `close` tells of it.
LOSABLE = """(() => {
  const connections = new Set();
  const transactions = new Set();
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const transaction = begin.call(this, stores, mode, options);
    connections.add(this);
    transactions.add(transaction);
    for (const end of ["complete", "abort"])
      transaction.addEventListener(end, () => transactions.delete(transaction));
    const name = Array.isArray(stores) ? stores[0] : stores;
    const ask = () => {
      if (window.held) transaction.objectStore(name).count().onsuccess = ask;
    };
    if (mode === "readwrite") ask();
    return transaction;
  };
  window.lose = () => {
    window.held = false;
    for (const transaction of transactions) transaction.abort();
    for (const connection of connections) {
      connection.close();
      connection.dispatchEvent(new Event("close"));
    }
    connections.clear();
  };
})()"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Otkrytka]:
    """One server for all of these tests."""
    with evening_in_moscow(tmp_path_factory.mktemp("lost")) as otkrytka:
        yield otkrytka


@pytest.fixture(scope="module")
def evening() -> str:
    """The one that the server has."""
    return str(EVENT["_id"])


def test_a_phone_goes_on_counting_over_a_new_connection(server: Otkrytka, phone: Phone, opened: Opens) -> None:
    """Taps are stored and delivered, and what others count goes on coming in."""
    context = phone()
    context.add_init_script(LOSABLE)
    page = opened(context)
    tap(page, "heads-plus")
    expect(page.get_by_test_id("own-heads")).to_have_text("1")
    expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)
    for stored in (2, 3):
        page.evaluate("lose()")
        tap(page, "heads-plus")
        expect(page.get_by_test_id("own-heads")).to_have_text(str(stored))
        expect(page.get_by_test_id("heads-value")).to_have_attribute("data-keeping", "stored")
    expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)
    before = int(page.get_by_test_id("chapter-heads").inner_text())
    other = opened(phone())
    tap(other, "heads-plus")
    expect(page.get_by_test_id("chapter-heads")).to_have_text(str(before + 1), timeout=DELIVERY)
    page.reload()
    expect(page.get_by_test_id("own-heads")).to_have_text("3")


def test_a_tap_under_way_when_the_connection_ends_is_stored_once(phone: Phone, opened: Opens) -> None:
    """Nobody has to tap "store it now"."""
    context = phone()
    context.add_init_script(LOSABLE)
    page = opened(context)
    tap(page, "heads-plus")
    expect(page.get_by_test_id("own-heads")).to_have_text("1")
    page.evaluate("window.held = true")
    tap(page, "heads-plus", 2)
    expect(page.get_by_test_id("heads-value")).to_have_attribute("data-keeping", "saving")
    page.evaluate("lose()")
    expect(page.get_by_test_id("own-heads")).to_have_text("3")
    expect(page.get_by_test_id("not-saved")).to_have_count(0)
    page.reload()
    expect(page.get_by_test_id("own-heads")).to_have_text("3")
    expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)
