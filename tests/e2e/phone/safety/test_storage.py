"""What the phone keeps: taken over from before it was sealed, short of room, and taken away by the browser."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.stage import EVENT, Otkrytka

pytestmark = pytest.mark.browser
Phone = Callable[..., BrowserContext]
Opens = Callable[[BrowserContext], Page]
DELIVERY = 60_000
DATABASES = "indexedDB.databases().then((all) => all.map(({ name }) => name))"

# A database as PouchDB's adapter `idb` lays it out: what the app before this one wrote, unsealed.
WRITE_UNSEALED = """({ name, documents }) => new Promise((done, failed) => {
    const opening = indexedDB.open("_pouch_otkrytka-" + name, 5);
    opening.onerror = () => failed(opening.error);
    opening.onupgradeneeded = () => {
        const database = opening.result;
        const documents = database.createObjectStore("document-store", { keyPath: "id" });
        documents.createIndex("deletedOrLocal", "deletedOrLocal");
        const sequence = database.createObjectStore("by-sequence", { autoIncrement: true });
        sequence.createIndex("_doc_id_rev", "_doc_id_rev", { unique: true });
        database.createObjectStore("attach-store", { keyPath: "digest" });
        database.createObjectStore("meta-store", { keyPath: "id" });
        database.createObjectStore("detect-blob-support");
        database.createObjectStore("local-store", { keyPath: "_id" });
        const attached = database.createObjectStore("attach-seq-store", { autoIncrement: true });
        attached.createIndex("seq", "seq");
        attached.createIndex("digestSeq", "digestSeq", { unique: true });
    };
    opening.onsuccess = () => {
        const writing = opening.result.transaction(["document-store", "by-sequence"], "readwrite");
        documents.forEach(({ _id: id, ...body }, index) => {
            const rev = "1-" + "0123456789abcdef".repeat(2);
            const seq = index + 1;
            const data = JSON.stringify({ id, rev, rev_tree: [{ pos: 1, ids: [rev.slice(2), { status: "available" }, []] }] });
            writing.objectStore("by-sequence").put({ ...body, _doc_id_rev: id + "::" + rev }, seq);
            writing.objectStore("document-store").put({ id, data, winningRev: rev, deletedOrLocal: "0", seq });
        });
        writing.oncomplete = () => { opening.result.close(); done(); };
    };
})"""


def unsealed(server: Otkrytka) -> dict[str, list[dict[str, object]]]:
    """The databases of a phone that joined and counted 6 people before anything was sealed, none of them delivered."""
    with server.join("volunteer", "moscow", pseudonym="Steady Oar") as client:
        device, token = client.headers["X-Device"], client.headers["Authorization"].removeprefix("Bearer ")
    ulid = str(EVENT["_id"]).removeprefix("event:")
    sheet: dict[str, object] = {
        "_id": f"sheet:{ulid}:{device}",
        "type": "sheet",
        "schema": 1,
        "event": EVENT["_id"],
        "device": device,
        "chapter": "moscow",
        "heads": {"added": 7, "removed": 1},
        "letters": [],
    }
    membership: dict[str, object] = {
        "_id": "membership",
        "device": device,
        "pseudonym": "Steady Oar",
        "role": "volunteer",
        "chapters": ["moscow"],
        "databases": ["chapter-moscow", "register"],
        "token": token,
    }
    delivery = {"database": "chapter-moscow", "id": sheet["_id"], "rev": None, "taps": 0, "counted": False}
    more = {"upstream": False, "since": 1_770_000_000_000, "refused": None}
    entry: dict[str, object] = {"_id": f"delivery:chapter-moscow:{sheet['_id']}", **delivery, **more}
    return {"phone": [membership, entry], "chapter-moscow": [sheet, EVENT]}


def test_what_an_earlier_version_left_is_sealed_and_delivered(server: Otkrytka, phone: Phone, evening: str) -> None:
    """Still joined, every undelivered tap there and then delivered; nothing unsealed is left."""
    page = phone().new_page()
    page.goto(f"{server.url}/healthz")
    for name, documents in unsealed(server).items():
        page.evaluate(WRITE_UNSEALED, {"name": name, "documents": json.loads(json.dumps(documents))})
    page.goto(server.url)
    page.locator(f"[data-event='{evening}']").click(timeout=DELIVERY)
    expect(page.get_by_test_id("own-heads")).to_have_text("6")
    expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)
    assert not [name for name in page.evaluate(DATABASES) if "otkrytka" in name]


def deliver(page: Page, heads: int) -> None:
    """Counts some, all of which reach the server."""
    for _ in range(heads):
        page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("own-heads")).to_have_text(str(heads))
    expect(page.get_by_test_id("unsent")).to_have_text("0", timeout=DELIVERY)


def evict(page: Page, server: Otkrytka, kinds: str) -> None:
    """The browser takes what the app keeps."""
    session = page.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": server.url, "storageTypes": kinds})


def join_anew(page: Page, server: Otkrytka) -> None:
    """The app says what was taken, and lets a new device in."""
    page.goto(server.url)
    expect(page.get_by_test_id("evicted")).to_be_visible()
    page.goto(server.invite("volunteer", "moscow")["url"])
    expect(page.get_by_test_id("evicted")).to_be_visible()
    page.get_by_test_id("join-submit").click()
    expect(page.get_by_test_id("event-item").first).to_be_visible(timeout=DELIVERY)
    expect(page.get_by_test_id("not-ready")).to_have_count(0, timeout=DELIVERY)


def test_evicted_storage_is_said_and_costs_nothing_that_was_delivered(
    server: Otkrytka, phone: Phone, guarded: Opens
) -> None:
    """The browser took everything: the app says so, joins anew, and what the server had counts once."""
    page = guarded(phone())
    before = server.heads_counted()
    deliver(page, 3)
    evening = page.url
    page.goto(f"{server.url}/healthz")
    evict(page, server, "indexeddb,cache_storage,service_workers")
    join_anew(page, server)
    page.goto(evening)
    expect(page.get_by_test_id("chapter-heads")).to_have_text(str(before + 3), timeout=DELIVERY)
    page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("own-heads")).to_have_text("1")
    expect(page.get_by_test_id("chapter-heads")).to_have_text(str(before + 4))


def test_a_tab_that_was_open_when_storage_was_evicted_takes_nothing_for_counted(
    server: Otkrytka, phone: Phone, guarded: Opens
) -> None:
    """Its next tap is loudly not stored; loaded anew it says what happened, and what the server had counts once."""
    page = guarded(phone())
    before = server.heads_counted()
    deliver(page, 1)
    evening = page.url
    evict(page, server, "indexeddb")
    page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("not-saved")).to_be_visible()
    expect(page.get_by_test_id("own-heads")).to_have_text("1")
    page.get_by_test_id("give-up").click()
    join_anew(page, server)
    page.goto(evening)
    expect(page.get_by_test_id("own-heads")).to_have_text("0")
    expect(page.get_by_test_id("chapter-heads")).to_have_text(str(before + 1), timeout=DELIVERY)


# Chromium's devtools can't make this app's quota smaller, so the two places that would say so say it.
LITTLE_ROOM = """() => {
    navigator.storage.estimate = async () => ({ usage: 1e9, quota: 1e9 + 5e6 });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
NO_ROOM = """() => {
    window.put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function () {
        this.transaction.abort();
        throw new DOMException("The disk is full.", "QuotaExceededError");
    };
}"""
ROOM = "() => { IDBObjectStore.prototype.put = window.put; }"


def test_a_full_disk_is_foreseen_and_a_failed_write_keeps_its_number(
    server: Otkrytka, phone: Phone, guarded: Opens
) -> None:
    """Little room is said beforehand; what could not be stored stays on the screen, and is stored once there is room."""
    page = guarded(phone())
    page.evaluate(LITTLE_ROOM)
    expect(page.get_by_test_id("space-left")).to_contain_text("5 MB")
    page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("own-heads")).to_have_text("1")
    page.evaluate(NO_ROOM)
    page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("not-saved")).to_be_visible()
    expect(page.get_by_test_id("own-heads")).to_have_text("1")
    page.evaluate(ROOM)
    page.get_by_test_id("not-saved").get_by_role("button").first.click()
    expect(page.get_by_test_id("not-saved")).to_have_count(0)
    expect(page.get_by_test_id("own-heads")).to_have_text("2")


# The phone's own database is the one that is never replicated, so that it holds no checkpoints and nothing written ahead.
SPOIL_OWN = """async () => {
    const asked = (request) => new Promise((done) => { request.onsuccess = () => done(request.result) });
    let spoilt = 0;
    for (const { name } of await indexedDB.databases()) {
        if (!name.startsWith("_pouch_")) continue;
        const database = await asked(indexedDB.open(name));
        const stores = database.transaction(["local-store", "by-sequence"], "readwrite");
        if ((await asked(stores.objectStore("local-store").count())) === 0) {
            const documents = stores.objectStore("by-sequence");
            for (const key of await asked(documents.getAllKeys())) {
                const document = await asked(documents.get(key));
                await asked(documents.put({ ...document, sealed: document.sealed.slice(0, 80) }, key));
                spoilt += 1;
            }
        }
        database.close();
    }
    return spoilt;
}"""


def test_a_membership_that_cannot_be_read_is_said_and_may_be_made_anew(
    server: Otkrytka, phone: Phone, opened: Opens
) -> None:
    """The app opens, says what happened, and lets a new device in; what was counted is there all the same."""
    page = opened(phone())
    before = server.heads_counted()
    deliver(page, 2)
    evening = page.url
    assert page.evaluate(SPOIL_OWN) > 0
    page.goto(server.url)
    expect(page.get_by_test_id("unreadable")).to_contain_text("can’t be read any more")
    page.goto(server.invite("volunteer", "moscow")["url"])
    page.get_by_test_id("join-submit").click()
    expect(page.get_by_test_id("event-item").first).to_be_visible(timeout=DELIVERY)
    page.goto(evening)
    expect(page.get_by_test_id("chapter-heads")).to_have_text(str(before + 2))
    page.get_by_test_id("heads-plus").click()
    expect(page.get_by_test_id("own-heads")).to_have_text("1")
    expect(page.get_by_test_id("chapter-heads")).to_have_text(str(before + 3))
    page.goto(f"{server.url}/app/settings")
    page.get_by_role("radio", name="Русский").check()
    # What is shown in it is written.
    expect(page.get_by_role("heading", level=1)).to_have_text("Настройки")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Настройки")
