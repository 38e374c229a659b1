"""The doors a hub and its coordinators use."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import anyio
import msgspec
import pytest
from starlette.testclient import TestClient

from server.app import create_app
from server.chapters import add_chapter
from server.jobs import report
from server.jobs.report import DatabaseNight, Night, Refused
from server.settings import Secret, Settings
from server.stores import open_catalog, open_or_create
from sync.documents import Document
from tests.protocol.server.house import EVENT, House

NIGHT = {
    "began": "2026-01-30T00:30:00Z",
    "databases": [
        {"database": "register", "pulled": 3, "agreement": "equal"},
        {"database": "chapter-tver", "pushed": 7, "agreement": "equal", "digest": "ab" * 32},
        {"database": "chapter-moscow", "pushed": 9},
    ],
}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A server with two chapters."""
    with TestClient(create_app(Settings(data=tmp_path / "data"))) as client:
        opened = House(client)
        for slug in ("moscow", "tver"):
            opened.call(add_chapter, opened.context.catalog, slug, ru=slug, en=slug, zone="Europe/Moscow")
        opened.settle()
        yield opened


def test_a_device_may_ask_who_it_is(house: House) -> None:
    """A hub learns which chapters are its own; a stranger learns nothing."""
    hub = house.join("hub", "tver")
    told = hub.get("/api/device").json()
    assert (told["device"], told["role"], told["chapters"]) == (hub.id, "hub", ["tver"])
    assert told["databases"] == ["register", "chapter-tver"]
    assert house.client.get("/api/device").status_code == 401


def test_only_a_hub_tells_of_nights_and_only_of_its_chapters(house: House) -> None:
    """What it says of others' chapters is not kept."""
    assert house.join("coordinator", "tver").post("/api/nights", json=NIGHT).status_code == 403
    hub = house.join("hub", "tver")
    assert hub.post("/api/nights", json=NIGHT).status_code == 201
    [heard] = house.call(house.context.nights.told, [hub.id])
    assert [one.database for one in heard.night.databases] == ["register", "chapter-tver"]
    assert hub.post("/api/nights", json={"began": "yesterday", "databases": []}).status_code == 400


def test_a_hub_writes_in_its_own_chapters_only(house: House) -> None:
    """Everybody's sheets there; nothing elsewhere, nothing in the register."""
    hub, phone = house.join("hub", "moscow"), house.join("volunteer", "moscow")
    hub.write(dict(EVENT))
    hub.write(phone.sheet(heads=3))
    assert hub.put("/db/chapter-tver/x", json={}).status_code == 403
    assert hub.put("/db/register/theme:x", json={"type": "theme"}).status_code == 403
    assert hub.get("/db/register").status_code == 200


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_page_says_what_the_night_was_like(house: House, language: str) -> None:
    """Refusals by id, differences, the hubs' nights; a coordinator sees no other chapter's."""
    page = house.sign_in("national")
    assert page.get(f"/dashboard/night?lang={language}").status_code == 200
    refused = Refused("sheet:REFUSED", "1-a", "forbidden", "no")
    rows = [
        DatabaseNight(database="chapter-tver", agreement="different", differences=1, differing=["sheet:DIFFERS"]),
        DatabaseNight(database="chapter-moscow", refusals=1, refused=[refused], silent=True),
    ]
    night = Night(began=dt.datetime(2026, 1, 30, tzinfo=dt.UTC), databases=rows)
    night.ended, night.exit = night.began, night.verdict()
    report.write(house.context.settings.data, night)
    house.join("hub", "tver").post("/api/nights", json=NIGHT)
    whole = page.get(f"/dashboard/night?lang={language}").text
    assert all(text in whole for text in ("sheet:REFUSED", "sheet:DIFFERS", "abababababab"))
    part = house.sign_in("coordinator", "moscow").get(f"/dashboard/night?lang={language}").text
    assert "sheet:REFUSED" in part
    assert "sheet:DIFFERS" not in part
    assert "abababababab" not in part


def test_the_country_page_warns_of_a_hub_that_was_never_heard_from(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hub enrolled long ago that has told of no night makes its chapter silent; one night later it is not."""
    monkeypatch.setattr("server.boards.STALE_SECONDS", 0.0)  # of hubs and nights the page hears no signal
    hub = house.join("hub", "tver")
    page = house.sign_in("national")
    assert page.get("/dashboard").text.count('class="warn"') == 0
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=30)

    async def enrol_earlier() -> None:
        devices = await open_or_create(house.context.catalog, "devices")
        stored = await devices.get(f"device:{hub.id}")
        body = msgspec.json.decode(stored.body) | {"enrolled": long_ago.isoformat()}
        await devices.write([Document(id=stored.id, rev=stored.rev, body=msgspec.json.encode(body))])

    house.call(enrol_earlier)
    assert page.get("/dashboard").text.count('class="warn"') == 1
    assert hub.post("/api/nights", json=NIGHT).status_code == 201
    assert page.get("/dashboard").text.count('class="warn"') == 0


def test_a_hubs_register_is_read_only(tmp_path: Path) -> None:
    """Even for a national coordinator enrolled there: what was written would never get upstream."""
    settings = Settings(data=tmp_path / "hub", upstream="http://national.internal", upstream_token=Secret("a token"))

    async def prepare() -> None:
        catalog = open_catalog(settings)
        await open_or_create(catalog, "register")
        await catalog.close()

    anyio.run(prepare)
    with TestClient(create_app(settings)) as client:
        house = House(client)
        answer = house.join("national").put("/db/register/theme:spring", json={"type": "theme"})
        assert answer.status_code == 403
        assert "reports to" in answer.json()["reason"]
