"""A real server process, started and stopped at will, and the evening that tests count at."""

import atexit
import functools
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from server.addresses import public_url
from server.auth.invites import DEFAULT_HOURS, Invites, invitation, join_link, sign_in_link
from server.auth.keys import signing_secret
from server.settings import read

READY_SECONDS = 90

EVENT = {
    "_id": "event:01KFW0000000000000000000EV",
    "type": "event",
    "schema": 1,
    "chapter": "moscow",
    "kind": "letters",
    "title": "An evening",
    "theme": None,
    "starts": "2026-03-05T19:00:00+03:00",
    "ends": None,
    "zone": "Europe/Moscow",
    "place": "Here",
    "status": "open",
}


@dataclass
class Otkrytka:
    """One server process on a folder and a port of its own; it may be stopped, killed and started again."""

    data: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def own_environment(self) -> dict[str, str]:
        return {"OTKRYTKA_DATA": str(self.data), "OTKRYTKA_PUBLIC_URL": self.url, **self.settings}

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.own_environment}

    def demo(self) -> None:
        """What `otkrytka demo` makes."""
        shutil.copytree(_demo(), self.data, dirs_exist_ok=True)

    def command(self, *arguments: str) -> str:
        """Runs `otkrytka …` to its end and returns what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "server", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def invite(self, role: str, *chapters: str) -> dict[str, str]:
        """What `otkrytka invite --json` prints, without the second that a process takes to start."""
        invited = invitation(role, chapters, DEFAULT_HOURS, chapters)
        settings = read(self.own_environment)
        text, base = Invites(signing_secret(settings)).sign(invited), public_url(settings)
        return {"invite": text, "url": join_link(base, text), "sign_in": sign_in_link(base, text)}

    def join(self, role: str, *chapters: str, pseudonym: str | None = None) -> httpx2.Client:
        """A client with the device token of a newly enrolled device."""
        body = {"invite": self.invite(role, *chapters)["invite"], "pseudonym": pseudonym}
        answer = httpx2.post(f"{self.url}/api/join", json={key: value for key, value in body.items() if value})
        assert answer.status_code == 201, answer.text
        joined = answer.json()
        client = httpx2.Client(base_url=self.url, headers={"Authorization": f"Bearer {joined['token']}"}, timeout=30)
        client.headers["X-Device"] = joined["device"]
        return client

    def heads(self, evening: str) -> list[int]:
        """The people of every sheet of an evening in Moscow, as the server holds them, the fewest first."""
        ulid = evening.removeprefix("event:")
        span = {"include_docs": "true", "startkey": f'"sheet:{ulid}:"', "endkey": f'"sheet:{ulid}:~"'}
        with self.join("coordinator", "moscow") as coordinator:
            rows = coordinator.get("/db/chapter-moscow/_all_docs", params=span).raise_for_status().json()["rows"]
        heads = [row["doc"]["heads"] for row in rows]
        return sorted(max(0, one["added"] - one["removed"]) for one in heads)

    def heads_counted(self) -> int:
        """The people of all sheets of `EVENT`."""
        return sum(self.heads(str(EVENT["_id"])))

    def start(self) -> None:
        log = (self.data.parent / f"{self.data.name}.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "server", "serve", "--host", "127.0.0.1", "--port", str(self.port)],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        transport = httpx2.HTTPTransport(retries=0)
        with httpx2.Client(transport=transport, timeout=2) as client:
            for _ in range(READY_SECONDS * 20):
                try:
                    if client.get(f"{self.url}/readyz").status_code == 200:
                        return
                except httpx2.TransportError:
                    pass
                try:  # the process ending early is the event to wait for; time is only the fallback
                    self.process.wait(0.05)
                except subprocess.TimeoutExpired:
                    continue
                break
        pytest.fail(f"the server did not become ready:\n{self.log()}")

    def log(self) -> str:
        return (self.data.parent / f"{self.data.name}.log").read_text("utf-8", "replace")

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(sign)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                pytest.fail(f"the server did not stop on {sign.name}:\n{self.log()}")
        self.process = None

    def kill(self) -> None:
        self.stop(signal.SIGKILL)


@functools.cache
def _demo() -> Path:
    """The demo's data, made once by each process that runs tests."""
    made = Otkrytka(Path(tempfile.mkdtemp(prefix="otkrytka-demo-")) / "data", free_port())
    atexit.register(shutil.rmtree, made.data.parent)
    made.command("demo")
    return made.data


@contextmanager
def demonstration(folder: Path, port: int | None = None, settings: dict[str, str] | None = None) -> Iterator[Otkrytka]:
    """A server with the demo, which keeps its data below a folder, while it is needed; on a free port unless one is named."""
    otkrytka = Otkrytka(folder / "data", port or free_port(), settings or {})
    otkrytka.demo()
    otkrytka.start()
    try:
        yield otkrytka
    finally:
        otkrytka.stop()


@contextmanager
def evening_in_moscow(folder: Path) -> Iterator[Otkrytka]:
    """The same, with an open evening in Moscow."""
    with demonstration(folder) as otkrytka:
        with otkrytka.join("coordinator", "moscow") as coordinator:
            coordinator.put(f"/db/chapter-moscow/{EVENT['_id']}", json=EVENT).raise_for_status()
        yield otkrytka


def free_port() -> int:
    """A port on which nothing listens, and that neither this process nor another worker of its tests will be given again."""
    for port in _PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is left")


def _ports() -> Iterator[int]:
    """Below those that the system gives to connections, and every worker its own."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    mine = [*range(11_000 + worker, 32_000, workers)]
    random.shuffle(mine)
    yield from mine


_PORTS = _ports()
