"""Several server processes over one real CouchDB: nothing that matters lives in only one of them."""

import concurrent.futures
import contextlib
import os
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx2
import pytest

from server.couchdb import Administration
from server.domain.identifiers import chapter_database, new_ulid, sheet_id
from tests.chaos.faulty_proxy import FaultyProxy
from tests.e2e.stage import EVENT, Otkrytka, free_port

pytestmark = pytest.mark.couchdb

COUCHDB = "OTKRYTKA_TEST_COUCHDB"
SECONDS = 60
RESTART = "OTKRYTKA_TEST_COUCHDB_RESTART"


@dataclass
class House:
    """Two servers that share a CouchDB and a secret, each with a data folder of its own; one chapter, made for these tests."""

    first: Otkrytka
    second: Otkrytka
    chapter: str
    way: FaultyProxy
    clients: contextlib.ExitStack

    @property
    def servers(self) -> tuple[Otkrytka, Otkrytka]:
        return self.first, self.second

    def join(self, server: Otkrytka, role: str) -> httpx2.Client:
        """A new device, as a client of the server where it was enrolled."""
        chapters = () if role == "national" else (self.chapter,)
        return self.clients.enter_context(server.join(role, *chapters))

    def at(self, server: Otkrytka, client: httpx2.Client) -> httpx2.Client:
        """The same device at another server."""
        headers = {"Authorization": client.headers["Authorization"]}
        return self.clients.enter_context(httpx2.Client(base_url=server.url, headers=headers, timeout=30))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    if not os.environ.get(COUCHDB):
        pytest.skip(f"{COUCHDB} names no Apache CouchDB")
    couchdb_url = os.environ[COUCHDB].rstrip("/")
    url = httpx2.URL(couchdb_url)
    chapter = f"test-{secrets.token_hex(4)}"
    with FaultyProxy(url.port or 80, seed=1, host=url.host) as way, contextlib.ExitStack() as clients:
        through = f"http://{url.userinfo.decode()}@127.0.0.1:{way.port}"
        shared = {"OTKRYTKA_STORE": f"couchdb+{through}", "OTKRYTKA_SECRET": "s" * 40}
        folder = tmp_path_factory.mktemp("servers")
        servers = [Otkrytka(folder / name, free_port(), shared) for name in ("first", "second")]
        servers[0].command("couchdb", "prepare")
        servers[0].command("chapter", "add", chapter, "--name-ru", "Проба", "--name-en", "Trial")
        for server in servers:
            server.start()
        yield House(servers[0], servers[1], chapter, way, clients)
        for server in servers:
            server.stop()
    Administration(couchdb_url).delete(chapter_database(chapter))
    with httpx2.Client(base_url=couchdb_url) as couchdb:
        document = f"/register/chapter:{chapter}"
        couchdb.delete(document, params={"rev": couchdb.get(document).json()["_rev"]})


@pytest.fixture(autouse=True)
def _open_way(house: House) -> Iterator[None]:
    """Whatever a test did to the way to CouchDB, the next finds it open."""
    yield
    house.way.weights = (1, 0, 0, 0, 0)


def until(holds: Callable[[], bool]) -> None:
    """Waits for what happens in another process and tells nobody. Fails after SECONDS."""
    deadline = time.monotonic() + SECONDS
    while True:
        with contextlib.suppress(httpx2.TransportError):
            if holds():
                return
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def event(chapter: str) -> dict[str, Any]:
    return {**EVENT, "_id": f"event:{new_ulid()}", "chapter": chapter}


def sheet(evening: dict[str, Any], device: str, heads: int) -> dict[str, Any]:
    return {
        "_id": sheet_id(evening["_id"], device),
        "type": "sheet",
        "schema": 1,
        "event": evening["_id"],
        "device": device,
        "chapter": evening["chapter"],
        "heads": {"added": heads, "removed": 0},
        "letters": [{"to": None, "kind": "letter", "origin": "here", "added": 2 * heads, "removed": 0}],
    }


def put(client: httpx2.Client, document: dict[str, Any]) -> int:
    path = f"/db/{chapter_database(document['chapter'])}/{document['_id']}"
    return client.put(path, json=document).status_code


def counted(client: httpx2.Client, evenings: list[dict[str, Any]], heads: int) -> bool:
    """Whether the totals of these events are so many heads, and twice as many letters."""
    answers = [client.get(f"/api/totals/events/{evening['_id']}") for evening in evenings]
    if any(answer.status_code != 200 for answer in answers):
        return False
    numbers = [(answer.json()["heads"], answer.json()["written"]) for answer in answers]
    return (sum(one for one, _ in numbers), sum(other for _, other in numbers)) == (heads, 2 * heads)


def test_an_invite_lets_one_device_in(house: House) -> None:
    """Eight phones use one invite at both servers at once: one is enrolled, seven are told it was used."""
    invite = house.first.invite("volunteer", house.chapter)["invite"]

    def join(number: int) -> int:
        return httpx2.post(f"{house.servers[number % 2].url}/api/join", json={"invite": invite}, timeout=30).status_code

    with concurrent.futures.ThreadPoolExecutor(8) as phones:
        answers = sorted(phones.map(join, range(8)))
    assert answers.count(201) <= 1, f"one invite let in {answers.count(201)} devices: {answers}"
    assert answers == [201] + [409] * 7, (
        f"no quorum agreed on some of them, who were told to come back (503): {answers}"
    )


def test_a_device_is_known_and_revoked_everywhere_at_once(house: House) -> None:
    """Enrolled here, it may write there; revoked there, its next request here is refused, and a feed that is open ends."""
    phone = house.join(house.first, "volunteer")
    national = house.join(house.second, "national")
    feed = f"/db/{chapter_database(house.chapter)}/_changes?feed=continuous&heartbeat=500&since=now"
    there = house.at(house.second, phone)
    assert put(there, event(house.chapter)) == 201
    with phone.stream("GET", feed, timeout=SECONDS) as listening:
        assert listening.status_code == 200
        lines = listening.iter_raw()
        next(lines)
        answer = national.post(f"/dashboard/devices/{phone.headers['X-Device']}/revoke")
        assert answer.status_code < 400
        assert phone.get("/db/register/_all_docs").status_code == 401
        with contextlib.suppress(httpx2.RemoteProtocolError):  # cut, or ended: it must not go on
            for _ in lines:
                pass
    assert there.get("/db/register/_all_docs").status_code == 401


def test_rules_hold_at_both_doors(house: House) -> None:
    """A volunteer's batch at either server: its own sheet is stored, another's is refused in the same answer."""
    phone = house.join(house.first, "volunteer")
    for server in house.servers:
        evening = event(house.chapter)
        mine, anothers = sheet(evening, phone.headers["X-Device"], 5), sheet(evening, new_ulid(), 5)
        batch = {"docs": [evening, mine, anothers]}
        answer = house.at(server, phone).post(f"/db/{chapter_database(house.chapter)}/_bulk_docs", json=batch)
        assert [row.get("error") for row in answer.json()] == [None, None, "forbidden"]


def test_both_say_the_same_totals(house: House) -> None:
    """What came in at one is counted at the other, each in its own projection, and both say they are not behind."""
    phone = house.join(house.first, "volunteer")
    national = house.join(house.second, "national")
    evening = event(house.chapter)
    assert put(phone, evening) == put(phone, sheet(evening, phone.headers["X-Device"], 21)) == 201
    for server in house.servers:
        client = house.at(server, national)
        until(partial(counted, client, [evening], 21))
        behind = client.get("/readyz").json()["projection"]["databases"]
        assert behind[chapter_database(house.chapter)] == 0


def test_totals_are_right_after_couchdb_was_away(house: House) -> None:
    """While CouchDB can't be reached phones are told to come back and the servers live on; afterwards nothing is missing."""
    phone = house.join(house.first, "volunteer")
    national = house.join(house.second, "national")
    evening = event(house.chapter)
    assert put(phone, evening) == put(phone, sheet(evening, phone.headers["X-Device"], 7)) == 201
    house.way.weights = (0, 1, 0, 0, 0)
    late = sheet(event(house.chapter), phone.headers["X-Device"], 1)
    refused = phone.put(f"/db/{chapter_database(house.chapter)}/{late['_id']}", json=late)
    assert (refused.status_code, refused.json()["error"]) == (503, "service_unavailable")
    assert "retry-after" in refused.headers
    assert phone.get("/healthz").status_code == 200
    assert phone.get("/readyz").status_code == 503
    house.way.weights = (6, 1, 1, 1, 0)
    for number in range(20):
        until(partial(pushed, phone, sheet(evening, phone.headers["X-Device"], 8 + number)))
    house.way.weights = (1, 0, 0, 0, 0)
    for server in house.servers:
        until(partial(counted, house.at(server, national), [evening], 27))


def stored(phone: httpx2.Client, document: dict[str, Any]) -> bool:
    """Whether the server has a document; one more try to put it there if not."""
    return put(phone, document) in (201, 409)


def pushed(phone: httpx2.Client, document: dict[str, Any]) -> bool:
    """Whether this is what the server holds now; one more try if not."""
    path = f"/db/{chapter_database(document['chapter'])}/{document['_id']}"
    held = phone.get(path)
    if held.status_code != 200:
        return False
    if held.json()["heads"] == document["heads"]:
        return True
    phone.put(path, json={**document, "_rev": held.json()["_rev"]})
    return False


@pytest.mark.skipif(RESTART not in os.environ, reason=f"{RESTART} names no command that restarts the CouchDB")
def test_totals_are_right_after_couchdb_restarted(house: House) -> None:
    """A real restart in the middle of pushing: no sheet is lost, none is counted twice, at either server."""
    phone = house.join(house.first, "volunteer")
    national = house.join(house.second, "national")
    evenings = [event(house.chapter) for _ in range(60)]
    restarting = None
    for number, evening in enumerate(evenings):
        if number == 20:
            restarting = subprocess.Popen(os.environ[RESTART], shell=True, stdout=subprocess.DEVNULL)
        for document in (evening, sheet(evening, phone.headers["X-Device"], 1)):
            until(partial(stored, phone, document))
    assert restarting is not None
    assert restarting.wait(SECONDS) == 0
    for server in house.servers:
        until(partial(counted, house.at(server, national), evenings, 60))
