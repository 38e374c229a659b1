"""A real server process, started and stopped at will, and the evening that tests count at."""

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

READY_SECONDS = 30

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
    def environment(self) -> dict[str, str]:
        mine = {"OTKRYTKA_DATA": str(self.data), "OTKRYTKA_PUBLIC_URL": self.url}
        return {**os.environ, **mine, **self.settings}

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
        named = [part for chapter in chapters for part in ("--chapter", chapter)]
        answer: dict[str, str] = json.loads(self.command("invite", "--role", role, *named, "--json"))
        return answer

    def join(self, role: str, *chapters: str, pseudonym: str | None = None) -> httpx2.Client:
        """A client with the device token of a newly enrolled device."""
        body = {"invite": self.invite(role, *chapters)["invite"], "pseudonym": pseudonym}
        answer = httpx2.post(f"{self.url}/api/join", json={key: value for key, value in body.items() if value})
        assert answer.status_code == 201, answer.text
        joined = answer.json()
        client = httpx2.Client(base_url=self.url, headers={"Authorization": f"Bearer {joined['token']}"}, timeout=30)
        client.headers["X-Device"] = joined["device"]
        return client

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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
