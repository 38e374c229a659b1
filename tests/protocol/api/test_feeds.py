"""Feeds that wait: woken by the commit, freed when the client goes, and holding no thread meanwhile."""

import json
import re
import threading
from collections.abc import AsyncIterator
from typing import Any

import anyio
import httpx2
import pytest
from starlette.requests import HTTPConnection

from sync.databases.contract import Database
from sync.databases.memory import MemoryCatalog
from sync.documents import Document
from sync.errors import Unauthorized
from sync.policy import Open
from sync.protocol import application
from sync.protocol.parameters import LEAST_HEARTBEAT

pytestmark = pytest.mark.anyio


class Watched:
    """A database in memory behind the API, and how many feeds wait on it."""

    def __init__(self, client: httpx2.AsyncClient, database: Database) -> None:
        self.client = client
        self.waiting = 0
        self._news = anyio.Event()
        self._database = database
        self._wait = database.wait
        database.wait = self._counted  # type: ignore[method-assign]

    async def _counted(self, since: str) -> None:
        self._moved(+1)
        try:
            await self._wait(since)
        finally:
            self._moved(-1)

    def _moved(self, by: int) -> None:
        self.waiting += by
        self._news.set()
        self._news = anyio.Event()

    async def until(self, count: int) -> None:
        """Returns once so many feeds wait."""
        with anyio.fail_after(10):
            while self.waiting != count:
                await self._news.wait()

    async def put(self, doc_id: str) -> str:
        rev: str = (await self.client.put(f"/letters/{doc_id}", json={})).json()["rev"]
        return rev


@pytest.fixture
async def letters(doors: Any) -> Watched:
    catalog = MemoryCatalog()
    database = await catalog.create("letters")
    client = await doors.client(await doors.serve(application(catalog)))
    return Watched(client, database)


async def _lines(response: httpx2.Response) -> AsyncIterator[str]:
    async for line in response.aiter_lines():
        yield line


async def test_longpoll_answers_at_once_what_there_is(letters: Watched) -> None:
    """Only a reader who knows everything waits."""
    await letters.put("a")
    answer = (await letters.client.get("/letters/_changes?feed=longpoll")).json()
    assert [row["id"] for row in answer["results"]] == ["a"]
    assert letters.waiting == 0


async def test_longpoll_is_woken_by_the_commit(letters: Watched) -> None:
    """The first change ends the wait, and is the answer."""
    answers: list[dict[str, Any]] = []

    async def listen() -> None:
        answers.append((await letters.client.get("/letters/_changes?feed=longpoll&since=now")).json())

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(listen)
        await letters.until(1)
        rev = await letters.put("a")
    assert [(row["id"], row["changes"]) for row in answers[0]["results"]] == [("a", [{"rev": rev}])]


async def test_longpoll_passes_over_what_the_filter_drops(letters: Watched) -> None:
    """A change that the reader does not want does not end its wait."""
    answers: list[dict[str, Any]] = []

    async def listen() -> None:
        path = '/letters/_changes?feed=longpoll&since=now&filter=_doc_ids&doc_ids=["b"]'
        answers.append((await letters.client.get(path)).json())

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(listen)
        await letters.until(1)
        await letters.put("a")
        await letters.until(1)
        await letters.put("b")
    assert [row["id"] for row in answers[0]["results"]] == ["b"]


@pytest.mark.parametrize(
    ("feed", "beat"), [("longpoll", "\n"), ("continuous", "\n"), ("eventsource", "event: heartbeat")]
)
async def test_heartbeats_of_five_milliseconds(letters: Watched, feed: str, beat: str) -> None:
    """A waiting feed says again and again that it lives, no faster than is allowed, and one wait serves them all."""
    path = f"/letters/_changes?feed={feed}&heartbeat=5&since=now"
    async with letters.client.stream("GET", path) as response:
        text, began = "", anyio.current_time()
        async for chunk in response.aiter_text():
            text += chunk
            if text.count(beat) > 5:
                break
        assert anyio.current_time() - began > 5 * LEAST_HEARTBEAT / 1000
        assert letters.waiting == 1


@pytest.mark.parametrize("feed", ["longpoll", "continuous", "eventsource"])
async def test_a_feed_without_heartbeat_ends_by_itself(letters: Watched, feed: str) -> None:
    """`timeout` bounds the wait, and the reader learns where to go on."""
    answer = await letters.client.get(f"/letters/_changes?feed={feed}&timeout=20&since=now")
    assert answer.status_code == 200
    if feed != "eventsource":
        assert json.loads(answer.text)["last_seq"] == "0"
    assert letters.waiting == 0


async def test_continuous_goes_on_after_a_change(letters: Watched) -> None:
    """Each change is a line, sent when it is committed."""
    async with letters.client.stream("GET", "/letters/_changes?feed=continuous&heartbeat=60000") as response:
        lines = _lines(response)
        for doc_id in ("a", "b", "c"):
            await letters.until(1)
            await letters.put(doc_id)
            assert json.loads(await anext(lines))["id"] == doc_id


@pytest.mark.parametrize("filtered", ["", "&filter=_selector"])
@pytest.mark.parametrize("feed", ["normal", "longpoll", "continuous", "eventsource"])
async def test_a_reader_who_wants_nothing_is_told_nothing(letters: Watched, feed: str, filtered: str) -> None:
    """A limit of 0 has been reached before the first row: the feed ends, whatever there is, and does not wait."""
    await letters.put("a")
    path = f"/letters/_changes?feed={feed}&limit=0&heartbeat=60000{filtered}"
    with anyio.fail_after(10):
        answer = await letters.client.post(path, json={"selector": {}})
    assert (answer.status_code, '"a"' in answer.text) == (200, False)
    if feed != "eventsource":
        assert json.loads(answer.text)["last_seq"] == "0"


@pytest.mark.parametrize("filtered", ["", "&filter=_selector"])
@pytest.mark.parametrize("feed", ["normal", "longpoll", "continuous", "eventsource"])
async def test_a_walk_backwards_ends_at_the_beginning(letters: Watched, feed: str, filtered: str) -> None:
    """Each row is told once, the last change first; what comes later is nothing a walk backwards could meet."""
    await letters.put("first")
    await letters.put("second")
    path = f"/letters/_changes?feed={feed}&descending=true&heartbeat=60000{filtered}"
    with anyio.fail_after(10):
        answer = await letters.client.post(path, json={"selector": {}})
    assert re.findall("first|second", answer.text) == ["second", "first"]


async def test_events_carry_their_sequence(letters: Watched) -> None:
    """A browser that comes back with Last-Event-ID is not told twice."""
    await letters.put("a")
    await letters.put("b")
    first = await letters.client.get("/letters/_changes?feed=eventsource&timeout=5&limit=1")
    data, mark = first.text.strip().split("\n")
    assert json.loads(data.removeprefix("data: "))["id"] == "a"
    again = await letters.client.get(
        "/letters/_changes?feed=eventsource&timeout=5", headers={"last-event-id": mark.removeprefix("id: ")}
    )
    assert [json.loads(line[6:])["id"] for line in again.text.split("\n") if line.startswith("data: ")] == ["b"]


@pytest.mark.parametrize("feed", ["longpoll", "continuous", "eventsource"])
async def test_an_abort_frees_everything(letters: Watched, feed: str) -> None:
    """Nothing waits any more once the client has gone, whatever the heartbeat."""
    path = f"/letters/_changes?feed={feed}&since=now&heartbeat=100000"
    async with letters.client.stream("GET", path):
        await letters.until(1)
    await letters.until(0)


async def test_two_hundred_feeds_hold_no_thread(doors: Any, letters: Watched) -> None:
    """All wait, all are told, and the process has as many threads as before."""
    threads = threading.active_count()
    client = httpx2.AsyncClient(base_url=letters.client.base_url, timeout=30, limits=httpx2.Limits(max_connections=300))
    told = 0

    async def listen() -> None:
        nonlocal told
        async with client.stream("GET", "/letters/_changes?feed=continuous&heartbeat=60000") as response:
            async for line in response.aiter_lines():
                told += json.loads(line)["id"] == "a"
                return

    async with client, anyio.create_task_group() as tasks:
        for _ in range(200):
            tasks.start_soon(listen)
        await letters.until(200)
        assert threading.active_count() == threads
        await letters.put("a")
    assert told == 200
    await letters.until(0)


async def test_the_end_of_a_database_ends_its_feeds(letters: Watched) -> None:
    """A reader is told where it stood."""
    async with letters.client.stream("GET", "/letters/_changes?feed=continuous&heartbeat=60000") as response:
        await letters.until(1)
        await letters.client.delete("/letters")
        lines = [line async for line in _lines(response)]
    assert json.loads(lines[-1])["last_seq"] == "0"


class Revocable(Open):
    """Lets everybody in until it is told not to."""

    revoked = False

    async def identify(self, connection: HTTPConnection) -> object:
        if self.revoked:
            raise Unauthorized("This token is no longer good")
        return None


async def test_a_revoked_caller_hears_nothing_more(doors: Any) -> None:
    """A feed asks the policy again before it tells of a change."""
    catalog, policy = MemoryCatalog(), Revocable()
    database = await catalog.create("letters")
    client = await doors.client(await doors.serve(application(catalog, policy)))
    watched = Watched(client, database)
    async with client.stream("GET", "/letters/_changes?feed=continuous&heartbeat=60000") as response:
        lines = response.aiter_lines()
        await watched.until(1)
        await watched.put("a")
        assert json.loads(await anext(lines))["id"] == "a"
        policy.revoked = True
        await database.write([Document(id="b")])
        with pytest.raises(httpx2.RemoteProtocolError):
            await anext(lines)
