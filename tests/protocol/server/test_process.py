"""A real server process, and other processes beside it on the same data."""

import contextlib
import json
import platform
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import anyio
import httpx2
import pytest

from server.auth.devices import Devices
from server.domain.identity import Identity
from server.settings import Settings
from server.stores import open_catalog
from tests.e2e.stage import READY_SECONDS, Otkrytka, free_port

EVENT = "event:01KFW0000000000000000000EV"


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Otkrytka]:
    """A running server with the chapter moscow."""
    otkrytka = Otkrytka(tmp_path / "data", free_port())
    otkrytka.command("chapter", "add", "moscow", "--name-ru", "Москва", "--name-en", "Moscow")
    otkrytka.start()
    yield otkrytka
    otkrytka.kill()


def test_invites_made_beside_a_server_work_once_and_outlive_it(process: Otkrytka) -> None:
    """The command signs with the same secret; that an invite was used is still known after a restart."""
    command = ("invite", "--role", "volunteer", "--chapter", "moscow", "--json")
    invite = json.loads(process.command(*command))["invite"]
    assert httpx2.post(f"{process.url}/api/join", json={"invite": invite}).status_code == 201
    process.stop()
    process.start()
    assert httpx2.post(f"{process.url}/api/join", json={"invite": invite}).status_code == 409


def test_a_device_revoked_by_another_process_is_refused_from_the_next_request(process: Otkrytka) -> None:
    """The other process's commit is all it takes."""
    with process.join("volunteer", "moscow") as volunteer:
        assert volunteer.get("/db/chapter-moscow").status_code == 200
        anyio.run(_revoke, process.data, volunteer.headers["X-Device"])
        assert volunteer.get("/db/chapter-moscow").status_code == 401


async def _revoke(data: Path, device: str) -> None:
    catalog = open_catalog(Settings(data=data))
    await (await Devices.open(catalog)).revoke(device, Identity(None, "national"))
    await catalog.close()


def test_more_phones_may_wait_than_files_may_be_open_at_first(tmp_path: Path) -> None:
    """The server asks for as many open files as it may have, instead of turning phones away at the system's first number."""
    otkrytka = Otkrytka(tmp_path / "data", free_port())
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (250, hard))
    try:
        otkrytka.start()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    try:
        with contextlib.ExitStack() as waiting:
            for _ in range(300):
                waiting.enter_context(socket.create_connection(("127.0.0.1", otkrytka.port)))
            assert httpx2.get(f"{otkrytka.url}/healthz").text == "ok\n"
    finally:
        otkrytka.kill()


def test_the_head_of_the_live_stream_ends(process: Otkrytka) -> None:
    """A proxy that asks for it, and keeps the connection, gets the next answer through it."""
    with process.join("coordinator", "moscow") as coordinator:
        head = coordinator.head("/dashboard/live")
        assert (head.status_code, head.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        assert coordinator.get("/healthz", timeout=5).text == "ok\n"


def test_totals_made_again_beside_a_running_server_are_noticed_by_it(process: Otkrytka) -> None:
    """Numbers that were damaged are right again without a restart, and the server goes on counting from there."""
    with process.join("coordinator", "moscow") as coordinator:
        device = coordinator.headers["X-Device"]
        sheet = {
            "type": "sheet",
            "schema": 1,
            "event": EVENT,
            "device": device,
            "chapter": "moscow",
            "heads": {"added": 7, "removed": 0},
            "letters": [],
        }
        path = f"/db/chapter-moscow/sheet:{EVENT.partition(':')[2]}:{device}"
        rev = coordinator.put(path, json=sheet).json()["rev"]
        _await_heads(coordinator, 7)
        with sqlite3.connect(process.data / "projection.sqlite") as damaged:
            damaged.execute("UPDATE evening SET heads = 700")
            damaged.execute("UPDATE rollup SET heads = 700")
        damaged.close()
        _await_heads(coordinator, 700)
        assert EVENT in process.command("rebuild")
        _await_heads(coordinator, 7)
        coordinator.put(path, json={**sheet, "_rev": rev, "heads": {"added": 9, "removed": 0}}).raise_for_status()
        _await_heads(coordinator, 9)


def _await_heads(client: httpx2.Client, heads: int) -> None:
    """Reads the live stream until the totals say so."""
    for _ in range(50):
        if client.get("/api/totals").json()["heads"] == heads:
            return
        with client.stream("GET", "/dashboard/live", timeout=1) as stream:
            try:
                next(line for line in stream.iter_lines() if line.startswith("event:"))
            except (StopIteration, httpx2.TimeoutException):
                continue
    pytest.fail(f"the totals never said {heads}")


_FOLLOWER_FAILS = """
import sys
import anyio.to_thread
from server.__main__ import main
from server.projection.follower import Follower

async def fail(_: Follower) -> None:
    await anyio.to_thread.run_sync(sys.stdin.readline)
    raise RuntimeError("Unmistakable")

Follower.run = fail
sys.argv = ["otkrytka", "serve", "--port", sys.argv[1]]
main()
"""


def test_a_server_whose_background_work_failed_ends(tmp_path: Path) -> None:
    """Whoever watches it hears of that by its exit code; it does not go on answering without what keeps its totals."""
    otkrytka = Otkrytka(tmp_path, free_port())
    server = subprocess.Popen(
        [sys.executable, "-c", _FOLLOWER_FAILS, str(otkrytka.port)],
        env=otkrytka.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    try:
        server.stdout.readline()  # its address is told once it listens
        assert httpx2.get(f"{otkrytka.url}/healthz", timeout=READY_SECONDS).text == "ok\n"
        _, said = server.communicate("now\n", timeout=READY_SECONDS)
    finally:
        server.kill()
    assert server.returncode == 1
    assert "The server has failed" in said
    assert "RuntimeError" in said
    assert "Unmistakable" not in said


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_open_streams_do_not_hold_up_the_end(process: Otkrytka, sign: signal.Signals) -> None:
    """With a dashboard listening and a phone waiting, a stop is quick, complete and without complaints."""
    running = process.process
    assert running is not None
    with (
        process.join("coordinator", "moscow") as page,
        process.join("volunteer", "moscow") as phone,
        page.stream("GET", "/dashboard/live") as live,
        phone.stream("GET", "/db/chapter-moscow/_changes?feed=longpoll&since=now&heartbeat=1000") as feed,
    ):
        next(live.iter_raw())
        next(feed.iter_raw())
        running.send_signal(sign)
        running.wait(15)
    assert running.returncode == 0
    assert "Traceback" not in process.log()
    assert "ERROR" not in process.log()


def test_the_log_names_nobody(process: Otkrytka) -> None:
    """Neither tokens, nor invites, nor pseudonyms, nor addresses of visitors."""
    command = ("invite", "--role", "volunteer", "--chapter", "moscow", "--json")
    invite = json.loads(process.command(*command))["invite"]
    joined = httpx2.post(f"{process.url}/api/join", json={"invite": invite, "pseudonym": "Unmistakable"}).json()
    headers = {"Authorization": f"Bearer {joined['token']}", "User-Agent": "Recognisable/1.0"}
    for path in ("/db/chapter-moscow", "/db/chapter-tver", "/dashboard", "/nowhere"):
        httpx2.get(process.url + path, headers=headers)
    with socket.create_connection(("127.0.0.1", process.port)) as connection:
        connection.sendall(b"nonsense\r\n\r\n")
        connection.recv(1024)
    process.stop()
    log = process.log().replace(process.url, "")
    for word in (invite, joined["token"], joined["device"], "Unmistakable", "Recognisable", "127.0.0.1"):
        assert word not in log


def test_links_of_invites_lead_to_where_the_server_listens(tmp_path: Path) -> None:
    """Without a public address set, the one it was started on is used; a set one comes first."""
    otkrytka = Otkrytka(tmp_path / "data", free_port())
    unset = {**otkrytka.environment, "OTKRYTKA_PUBLIC_URL": ""}
    otkrytka.settings = {"OTKRYTKA_PUBLIC_URL": ""}
    otkrytka.start()
    try:
        command = [sys.executable, "-m", "server", "invite", "--role", "national"]
        shown = subprocess.run(command, env=unset, capture_output=True, text=True, check=True).stdout
        assert f"{otkrytka.url}/join#" in shown
        assert f"{otkrytka.url}/dashboard/sign-in#" in shown
    finally:
        otkrytka.kill()


def test_an_occupied_port_is_said_in_a_sentence(process: Otkrytka) -> None:
    """The second server ends at once and leaves the first one's address in the notes."""
    command = [sys.executable, "-m", "server", "serve", "--port", str(process.port)]
    done = subprocess.run(command, env=process.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"127.0.0.1:{process.port} can't be listened on" in done.stderr
    assert "Otkrytka is at" not in done.stdout


HEAPS = """
import ctypes, sys, threading
from server.process import share_memory
if "shared" in sys.argv:
    share_memory()
held = threading.Barrier(9)
for _ in range(8):
    threading.Thread(target=lambda: (held.wait(), bytes(100_000), held.wait())).start()
held.wait()
held.wait()
libc = ctypes.CDLL(None)
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has no heap for each thread")
def test_threads_take_memory_from_one_heap() -> None:
    """What one lets go of is there for the others. Without being told so, each begins a heap of its own."""

    def heaps(*how: str) -> int:
        told = subprocess.run([sys.executable, "-c", HEAPS, *how], capture_output=True, text=True, check=True)
        return told.stdout.count("<heap nr=")

    assert heaps("shared") == 1
    assert heaps() > 1


CACHES = """
import sqlite3, sys
from pathlib import Path
from server.process import bound_caches
def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 >> 20
if "bounded" in sys.argv:
    bound_caches()
before = held()
readers = [sqlite3.connect(sys.argv[1]) for _ in range(100)]
for reader in readers:
    reader.execute("SELECT MAX(body) FROM page").fetchone()
print(held() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux tells what a process holds in this way")
def test_what_all_databases_cache_is_bounded_together(tmp_path: Path) -> None:
    """In MB, of a hundred connections that each read three. Without being told so, each keeps two of them."""
    path = tmp_path / "read.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE page (body BLOB)")
        connection.executemany("INSERT INTO page VALUES (?)", [(bytes(3000),)] * 1000)
        connection.commit()

    def held(*how: str) -> int:
        told = subprocess.run(
            [sys.executable, "-c", CACHES, str(path), *how], capture_output=True, text=True, check=True
        )
        return int(told.stdout)

    assert held("bounded") < 110 < held()
