"""What operation asks of a server, and the phone app's files."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from server.phone import PhoneApp
from tests.protocol.server.house import EVENT, House


def test_health_readiness_and_metrics(house: House) -> None:
    """All three answer without an account; readiness says how far behind the totals are; metrics name no person, no chapter."""
    coordinator = house.join("coordinator", "moscow", pseudonym="Unmistakable")
    coordinator.write({**EVENT, "device": coordinator.id})
    house.settle()
    assert house.client.get("/healthz").status_code == 200
    ready = house.client.get("/readyz").json()
    assert ready == {"ready": True, "projection": {"behind": 0}}
    metrics = house.client.get("/metrics").text
    assert 'otkrytka_requests_total{door="db",status="201"} 1.0' in metrics
    assert "otkrytka_joins_total 1.0" in metrics
    assert "otkrytka_projection_behind 0.0" in metrics
    assert "chapter-" not in metrics
    assert "Unmistakable" not in metrics
    assert coordinator.id not in metrics


def test_databases_are_named_to_national_devices_only(house: House) -> None:
    """Which chapters there are is nobody else's business: not a coordinator's of one, not that of a token nobody gave out."""
    national, coordinator = house.join("national"), house.join("coordinator", "moscow")
    house.settle()
    lags = {"chapter-moscow": 0, "chapter-tver": 0, "register": 0}
    assert national.get("/readyz").json()["projection"]["databases"] == lags
    assert 'otkrytka_projection_behind_in{database="chapter-moscow"} 0.0' in national.get("/metrics").text
    for headers in (coordinator.headers, {"Authorization": "Bearer nonsense"}):
        for path in ("/readyz", "/metrics"):
            answer = house.client.get(path, headers=headers)
            assert answer.status_code == 200
            assert "chapter-" not in answer.text


def test_anybody_may_ask_often_without_every_database_being_asked(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may not know the databases learns what was found last; a national device is told what is so now."""
    follower, looks = house.context.follower, list[str]()
    behind = follower.behind

    async def counted() -> dict[str, int]:
        looks.append("every database")
        return await behind()

    monkeypatch.setattr(follower, "behind", counted)
    monkeypatch.setattr("server.projection.follower._LATELY_SECONDS", 600)
    for path in ("/readyz", "/metrics") * 10:
        assert house.client.get(path).status_code == 200
    assert len(looks) == 1
    national = house.join("national")
    for path in ("/readyz", "/metrics"):
        assert national.get(path).status_code == 200
    assert len(looks) == 3


def test_a_database_that_is_gone_is_not_measured(house: House) -> None:
    """Its last number would stay for ever, and look like one of today."""
    national = house.join("national")
    house.settle()
    assert '"chapter-tver"' in national.get("/metrics").text
    house.call(house.context.catalog.delete, "chapter-tver")
    assert '"chapter-tver"' not in national.get("/metrics").text


def test_unknown_doors_answer_as_such(house: House) -> None:
    """404 and 405 are JSON outside of the pages."""
    assert house.client.get("/api/nowhere").status_code == 404
    assert house.client.get("/api/join").status_code in (404, 405)
    assert house.client.post("/healthz").json()["error"] == "method_not_allowed"


@pytest.fixture
def phone(tmp_path: Path) -> TestClient:
    """A built phone app of a few files, and a file beside it that is none of its."""
    (tmp_path / "secret").write_text("no")
    built = tmp_path / "dist"
    for name in ("index.html", "sw.js", "manifest.webmanifest", "assets/app-Ab3-_x9Z.js", "assets/icon.svg"):
        path = built / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name * (50 if path.suffix == ".js" else 1))
    return TestClient(Starlette(routes=[Route("/{path:path}", PhoneApp(built).answer)]))


@pytest.mark.parametrize("path", ["/", "/join", "/app", "/app/events/event:x"])
def test_the_app_opens_at_each_of_its_entrances(phone: TestClient, path: str) -> None:
    """One page for all addresses of the app, never taken from a cache unasked."""
    answer = phone.get(path)
    assert answer.text == "index.html"
    assert answer.headers["cache-control"] == "no-cache"


def test_files_are_kept_as_long_as_their_names_say(phone: TestClient) -> None:
    """A name with a fingerprint is kept for ever; the worker, the manifest and plain names are asked for again."""
    assert "immutable" in phone.get("/assets/app-Ab3-_x9Z.js").headers["cache-control"]
    assert phone.get("/sw.js").headers["cache-control"] == "no-cache"
    assert phone.get("/assets/icon.svg").headers["cache-control"] == "no-cache"
    assert phone.get("/manifest.webmanifest").headers["content-type"].startswith("application/manifest+json")
    assert phone.get("/sw.js").headers["content-type"].startswith("text/javascript")


def test_texts_are_packed_for_who_can_unpack_them(phone: TestClient) -> None:
    """The same content either way, told apart for caches; what is known already is not sent again."""
    path = "/assets/app-Ab3-_x9Z.js"
    packed = phone.get(path, headers={"Accept-Encoding": "gzip"})
    plain = phone.get(path, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    assert packed.text == plain.text
    assert "content-encoding" not in phone.get(path, headers={"Accept-Encoding": "gzip;q=0, identity"}).headers
    assert packed.headers["vary"] == "Accept-Encoding"
    again = phone.get(path, headers={"If-None-Match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/nowhere", "/../secret", "/%2e%2e/secret", "/assets/../../secret", "/joint"])
def test_nothing_else_is_served(phone: TestClient, path: str) -> None:
    """404 for whatever the build did not make."""
    assert phone.get(path).status_code == 404


def test_an_app_that_was_not_built_is_said(tmp_path: Path) -> None:
    """503 at the entrance rather than an empty page."""
    client = TestClient(Starlette(routes=[Route("/{path:path}", PhoneApp(tmp_path).answer)]))
    assert client.get("/").status_code == 503
