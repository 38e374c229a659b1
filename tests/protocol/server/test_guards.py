"""What protects people: headers on every answer, cookies that other sites can't use, logs that hold nothing."""

import asyncio
import logging
import re
from collections.abc import Iterator

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message

from server import api, dashboards
from server.app import create_app
from server.dashboards import exports
from server.domain.identifiers import new_ulid
from server.projection import sums
from server.public import pictures
from server.settings import Settings
from sync.protocol import routes
from tests.protocol.server.house import EVENT, OWN_PAGE, House

EVERYWHERE = ["/", "/join", "/dashboard", "/dashboard/sign-in", "/dashboard/static/live.js", "/db/", "/db/register",
              "/api/totals", "/healthz", "/readyz", "/metrics", "/nowhere", "/api/nowhere"]  # fmt: skip


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_has_the_headers(house: House, path: str) -> None:
    """A content security policy without inline scripts, no sniffing, no referrer, no frames: refusals too."""
    headers = house.client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy.replace("'wasm-unsafe-eval'", "")
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "/db/", "/db/register", "/db/register/_all_docs", "/db/register/_changes", "/db/register/chapter:moscow",
        "/db/register/_local/x", "/db/register/_snapshot", "/api/totals", "/dashboard", "/dashboard/register/table.csv",
        "/dashboard/devices/x/y",
    ],
)  # fmt: skip
def test_what_only_some_may_read_is_kept_by_nobody(house: House, path: str) -> None:
    """No proxy and no browser's disk: also where the protocol's own word would let a proxy keep what a token opened."""
    for reader in (house.join("coordinator", "moscow"), house.sign_in("coordinator", "moscow"), house.client):
        assert reader.get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/db/register", "/api/totals", "/dashboard"])
def test_whoever_is_not_known_is_told_what_to_show(house: House, path: str) -> None:
    """RFC 9110, 11.6.1: a 401 without a challenge is none."""
    answer = house.client.get(path)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert "www-authenticate" not in house.join("coordinator", "moscow").get("/db/register").headers


@pytest.mark.parametrize("path", ["/", "/api/totals", "/dashboard", "/public/ru", "/db/register"])
def test_a_method_that_is_not_there_is_told_which_are(house: House, path: str) -> None:
    """RFC 9110, 15.5.6: a 405 lists them, whichever door it comes from."""
    answer = house.client.request("PATCH", path)
    assert answer.status_code == 405
    assert {"GET", "HEAD"} <= set(re.split(", ?", answer.headers["allow"]))


@pytest.mark.parametrize("path", ["refused", "parcels", "sign-in", "sign-in/phone", "chapters/moscow/new"])
def test_a_page_with_a_form_names_what_both_are_asked_by(house: House, path: str) -> None:
    """The form of a page is sent to the page's own address."""
    answer = house.client.request("PATCH", f"/dashboard/{path}")
    assert answer.status_code == 405
    assert set(re.split(", ?", answer.headers["allow"])) == {"GET", "HEAD", "POST"}


def test_what_takes_long_is_made_beside_the_loop(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures that anybody may ask for, and workbooks: meanwhile all others are answered."""
    loops: list[object] = []

    def slow(*_: object) -> bytes:
        loops.append(asyncio._get_running_loop())
        return b"made"

    monkeypatch.setattr(pictures, "draw", slow)
    monkeypatch.setattr(exports, "FORMATS", {"xlsx": ("text/plain", slow)})
    browser = house.sign_in("national")
    for path in ("/public/ru/picture.png", "/dashboard/tables/country.xlsx"):
        assert browser.get(path).content == b"made"
    assert loops == [None, None]


def test_pages_have_no_inline_code(house: House) -> None:
    """Neither scripts nor styles stand in a page, so that the policy needs no exception."""
    browser = house.sign_in("national")
    for path in ("/dashboard", "/dashboard/devices", "/dashboard/conflicts", "/dashboard/sign-in"):
        text = browser.get(path).text
        assert "<script>" not in text
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick" not in text


FOREIGN = [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"},
           {"Origin": "https://evil.example"}, {"Origin": "null"}, {}]  # fmt: skip


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_can_use_no_session(house: House, headers: dict[str, str]) -> None:
    """Requests that change something and carry only a cookie are refused unless our own page made them, at every door."""
    browser = house.sign_in("coordinator", "moscow")
    del browser.headers["Sec-Fetch-Site"]
    event = f"/db/chapter-moscow/{EVENT['_id']}"
    assert browser.put(event, json=EVENT, headers=headers).status_code == 403
    assert browser.post("/api/receipts", json={"database": "register", "revs": {}}, headers=headers).status_code == 403
    assert browser.post("/dashboard/invites", data={"role": "volunteer"}, headers=headers).status_code == 403
    assert browser.post("/dashboard/sign-out", headers=headers).status_code == 403
    assert browser.get(event, headers=headers).status_code == 404, "reading is not refused"


# What asks for no account, so that a session is worth nothing there.
FOR_ANYBODY = {"/api/join", "/api/courier", "/dashboard/parcels"}
FOR_SIGNING_IN = {
    "/dashboard/sign-in",
    "/dashboard/sign-in/passkey",
    "/dashboard/sign-in/passkey/options",
    "/dashboard/sign-in/phone",
}
CHANGING = [
    route.path
    for route in (*api.ROUTES, *dashboards.ROUTES)
    if isinstance(route, Route) and "POST" in (route.methods or ()) and route.path not in FOR_ANYBODY
]


@pytest.mark.parametrize("role", ["coordinator", "national"])
def test_every_door_that_changes_something_asks_for_our_own_page(house: House, role: str) -> None:
    """Whatever is added later too: with the cookie of a session and from another site's page, all answer 403."""
    browser = house.sign_in(role, *(["moscow"] if role == "coordinator" else []))
    chapter, device = "moscow", house.join("volunteer", "moscow").id
    known = {"chapter": chapter, "device": device, "event": EVENT["_id"]}
    for path in CHANGING:
        address = re.sub(r"\{(\w+)(:\w+)?\}", lambda match: "0" if match[2] else known.get(match[1], new_ulid()), path)
        answer = browser.post(address, headers={"Sec-Fetch-Site": "cross-site"}, data={"forget": "yes"})
        assert answer.status_code == 403, path
    assert browser.get("/dashboard/devices").status_code == 200


def test_a_body_of_any_size_is_not_taken_in_from_strangers(house: House) -> None:
    """What comes in pieces, and does not say how much it is, is counted while it comes."""
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(2000):
            sent += 65536
            yield b"x" * 65536

    cookies = {"otkrytka-challenge": house.context.passkeys.ask()[1]}
    headers = {**OWN_PAGE, "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    for path in ("/dashboard/sign-in/passkey", "/api/courier", "/api/join", "/dashboard/parcels"):
        assert house.client.post(path, content=pieces(), headers=headers).status_code == 413, path


@pytest.mark.parametrize("path", ["register/table", "register/doubles"])
def test_a_form_of_any_size_is_not_taken_in_from_anybody(house: House, path: str) -> None:
    """Each part of a form may be small and their number large, and a file is as long as it is."""

    def file() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="t.csv"\r\n\r\n'
        for _ in range(1000):
            yield b"x" * 65536

    def fields() -> Iterator[bytes]:
        for number in range(900):
            yield b"f%d=%s&" % (number, b"x" * 65536)

    kind, content = {
        "register/table": ("multipart/form-data; boundary=b", file()),
        "register/doubles": ("application/x-www-form-urlencoded", fields()),
    }[path]
    answer = house.sign_in("national").post(f"/dashboard/{path}", content=content, headers={"Content-Type": kind})
    assert answer.status_code == 413


DOORS = [
    *(("POST", path) for path in CHANGING if path not in FOR_SIGNING_IN),
    *(
        (method, f"/db/chapter-moscow/{name}")
        for name, methods in routes.DATABASE.items()
        for method in methods.keys() & {"POST", "PUT"}
    ),
    *((method, f"/db/chapter-moscow/{EVENT['_id']}{name}") for method in ("PUT", "COPY") for name in ("", "/file")),
    ("PUT", "/db/chapter-moscow/_local/x"),
    ("POST", "/db/_dbs_info"),
]


@pytest.mark.parametrize("known", ["nobody", "revoked", "stranger"])
def test_who_may_not_is_refused_before_the_body_is_taken_in(house: House, known: str) -> None:
    """At every door that wants a device: nobody reads a byte of what a stranger, or a device that may not, has to send."""
    device = house.join("volunteer", "tver")
    if known == "revoked":
        house.sign_in("national").post(f"/dashboard/devices/{device.id}/revoke")
    headers = {} if known == "nobody" else device.headers
    asks_what_anybody_sends = {"/api/receipts", "/api/waiting"} if known == "stranger" else set()
    for method, path in DOORS:
        if path not in asks_what_anybody_sends:
            assert house.call(_answered, house, method, path, headers) >= 300, path


async def _answered(house: House, method: str, path: str, headers: dict[str, str]) -> int:
    """The status of the answer to a request whose body nobody may ask for before it."""
    statuses = list[int]()

    async def receive() -> Message:
        assert statuses, f"{method} {path} reads the body"
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    sent = {"content-type": "application/json", "content-length": "1000000000", **OWN_PAGE, **headers}
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
        "state": dict(house.client.app_state),
    }
    await house.client.app(scope, receive, send)
    assert statuses[0] != 500
    return statuses[0]


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}])
def test_our_own_pages_may_use_the_session(house: House, headers: dict[str, str]) -> None:
    """The same requests from our own page are let through."""
    browser = house.sign_in("coordinator", "moscow")
    del browser.headers["Sec-Fetch-Site"]
    answer = browser.put(f"/db/chapter-moscow/{EVENT['_id']}", json=EVENT, headers=headers)
    assert answer.status_code == 201


def test_a_bearer_token_is_proof_enough(house: House) -> None:
    """A phone's token needs no page of ours: no other site has it."""
    volunteer = house.join("volunteer", "moscow")
    sheet = volunteer.sheet(heads=1)
    answer = house.client.put(
        f"/db/chapter-moscow/{sheet['_id']}",
        json=sheet,
        headers={**volunteer.headers, "Origin": "https://elsewhere.example"},
    )
    assert answer.status_code == 201


def test_a_bad_token_is_not_made_up_for_by_a_cookie(house: House) -> None:
    """Who shows a token is judged by the token."""
    browser = house.sign_in("national")
    assert browser.get("/db/register", headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_logs_hold_no_tokens_and_nothing_counted(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Joining, writing, being refused and failing leave neither tokens nor names nor addresses in the log."""
    caplog.set_level(logging.DEBUG)
    invite = house.invite("volunteer", "moscow")
    joined = house.client.post("/api/join", json={"invite": invite, "pseudonym": "Unmistakable"}).json()
    headers = {"Authorization": f"Bearer {joined['token']}"}
    house.client.put("/db/chapter-moscow/sheet:x", json={"secret": "Nobody Shouldknow"}, headers=headers)
    house.client.get("/db/chapter-tver", headers=headers)
    house.client.get("/db/register", headers={"Authorization": "Bearer tampered"})

    def fail(*_: object) -> None:
        raise RuntimeError("Nobody Shouldknow")

    monkeypatch.setattr(sums, "sum_of", fail)
    browser_answer = house.client.get("/api/totals", headers=house.join("national").headers)
    assert browser_answer.status_code == 500
    assert "Shouldknow" not in browser_answer.text
    ours = [record for record in caplog.records if not record.name.startswith("httpx2")]  # the test's own client
    mine = "\n".join(record.getMessage() + (record.exc_text or "") for record in ours)
    assert "RuntimeError" in mine
    for word in (invite, joined["token"], "Unmistakable", "Shouldknow", "tampered", "testclient"):
        assert word not in mine


def test_a_page_that_can_not_be_shown_is_noted_without_what_is_in_it(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the page that says why not fails too, there is a line for the reader, and nothing of it in the log."""

    def fail(*_: object) -> None:
        raise RuntimeError("Nobody Shouldknow")

    monkeypatch.setattr(dashboards, "refuse", fail)
    answer = house.client.get("/dashboard/nowhere")
    assert (answer.status_code, answer.json()["error"]) == (500, "internal_server_error")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "RuntimeError at" in caplog.text
    assert "Shouldknow" not in caplog.text + answer.text


def test_over_https_cookies_never_travel_without_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    """With an https address the session cookie is Secure and bound to the host, and browsers are told to stay on https."""
    data = tmp_path_factory.mktemp("https")
    with TestClient(create_app(Settings(data=data, public_url="https://letters.example"))) as client:
        house = House(client)
        answer = client.post(
            "/dashboard/sign-in",
            data={"invite": house.invite("national")},
            headers={"Origin": "https://letters.example"},
            follow_redirects=False,
        )
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-otkrytka=")
        assert "; Secure" in cookie
        assert answer.headers["strict-transport-security"]
