"""An older app and a newer one beside each other on one phone: neither spoils what the other has stored, and no tap is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.stage import Otkrytka

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
Opens = Callable[[BrowserContext], Page]
CURRENT = 2
PATIENCE = 30_000  # milliseconds: longer than the app waits for another tab

VAULT = """const vault = (act) => new Promise((done) => {
  indexedDB.open("vault", 1).onsuccess = ({ target: { result: database } }) => {
    const records = database.transaction("records", "readwrite").objectStore("records");
    records.get("vault").onsuccess = ({ target: { result: record } }) => {
      const changed = act(record);
      if (changed) records.put(changed, "vault");
      records.transaction.oncomplete = () => { database.close(); done(record.schema) };
    };
  };
});"""
READ_SCHEMA = f"() => {{ {VAULT} return vault(() => undefined) }}"
WRITE_SCHEMA = f"(schema) => {{ {VAULT} return vault((record) => ({{ ...record, schema }})) }}"

# What every tab of this app does for as long as it lives: hold the lock, and let go when told to step aside, if it can.
BE_A_TAB = f"""(lets_go) => new Promise((held) => {{
  {VAULT}
  const channel = new BroadcastChannel("vault");
  void navigator.locks.request("vault-use", {{ mode: "shared" }}, () => new Promise((go) => {{
    channel.onmessage = async ({{ data }}) => {{
      if (data.kind !== "step aside" || !lets_go) return;
      window.seen ??= await vault(() => undefined);
      go();
    }};
    held();
  }}));
}})"""

# What a newer app does before it lays anything out anew.
RAISE = f"""async (schema) => {{
  {VAULT}
  new BroadcastChannel("vault").postMessage({{ kind: "step aside" }});
  await navigator.locks.request("vault-use", () => vault((record) => ({{ ...record, schema }})));
}}"""

BURST = """(times) => { for (let tap = 0; tap < times; tap += 1) document.querySelector("[data-testid=heads-plus]").click() }"""
FAIL_WRITES = "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') } }"


def counted(opened: Opens, context: BrowserContext, taps: int) -> Page:
    """An evening at which some have been counted."""
    page = opened(context)
    page.evaluate(BURST, taps)
    expect(page.get_by_test_id("own-heads")).to_have_text(str(taps))
    return page


def beside(page: Page, server: Otkrytka) -> Page:
    """A page of the same origin that is not the app."""
    other = page.context.new_page()
    other.goto(f"{server.url}/healthz")
    return other


def an_older_app(page: Page, server: Otkrytka, *, lets_go: bool) -> Page:
    """A tab of an older app beside it, which has stored as older apps did; whether it steps aside when told to."""
    older = beside(page, server)
    assert older.evaluate(WRITE_SCHEMA, 1) == CURRENT
    older.evaluate(BE_A_TAB, lets_go)
    return older


def test_what_an_older_app_laid_out_is_taken_over_when_no_older_app_is_open(
    server: Otkrytka, phone: Phone, opened: Opens
) -> None:
    """The older tab is told to step aside, and nothing is changed before it has; what was counted is there."""
    page = counted(opened, phone(), 3)
    older = an_older_app(page, server, lets_go=True)
    page.reload()
    expect(page.get_by_test_id("own-heads")).to_have_text("3")
    assert older.evaluate("window.seen") == 1
    assert older.evaluate(READ_SCHEMA) == CURRENT


def test_an_older_app_that_does_not_let_go_keeps_the_newer_one_out(
    server: Otkrytka, phone: Phone, opened: Opens
) -> None:
    """The newer one says why it does not open, and changes nothing; the older tab closed, it opens."""
    page = counted(opened, phone(), 2)
    older = an_older_app(page, server, lets_go=False)
    page.reload()
    expect(page.get_by_test_id("not-opened")).to_contain_text("older version", timeout=PATIENCE)
    assert older.evaluate(READ_SCHEMA) == 1
    older.close()
    page.get_by_test_id("not-opened").get_by_role("button").click()
    expect(page.get_by_test_id("own-heads")).to_have_text("2")


def test_a_newer_app_finds_every_acknowledged_tap_and_this_one_writes_no_more(
    server: Otkrytka, phone: Phone, opened: Opens
) -> None:
    """In the middle of a burst a newer app takes over: this tab stores its taps, steps aside, and refuses to open again."""
    page = counted(opened, phone(), 1)
    newer = beside(page, server)
    page.evaluate(BURST, 20)
    newer.evaluate(RAISE, CURRENT + 1)
    expect(page.get_by_test_id("not-opened")).to_contain_text("newer version")
    another = page.context.new_page()
    another.goto(page.url)
    expect(another.get_by_test_id("not-opened")).to_contain_text("newer version")
    expect(another.get_by_test_id("heads-plus")).to_have_count(0)
    assert newer.evaluate(WRITE_SCHEMA, CURRENT) == CURRENT + 1
    page.get_by_test_id("not-opened").get_by_role("button").click()
    expect(page.get_by_test_id("own-heads")).to_have_text("21")
    expect(page.get_by_test_id("unsent")).to_have_text("0")


def test_a_tab_with_taps_that_could_not_be_stored_does_not_step_aside(
    server: Otkrytka, phone: Phone, opened: Opens
) -> None:
    """A newer app has to wait for it: those taps are on its screen only."""
    page = counted(opened, phone(), 1)
    page.evaluate(FAIL_WRITES)
    page.evaluate(BURST, 2)
    expect(page.get_by_test_id("not-saved")).to_be_visible()
    newer = beside(page, server)
    newer.evaluate(WRITE_SCHEMA, 1)
    another = page.context.new_page()
    another.goto(page.url)
    expect(another.get_by_test_id("not-opened")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_test_id("not-saved")).to_be_visible()
    assert newer.evaluate(READ_SCHEMA) == 1
