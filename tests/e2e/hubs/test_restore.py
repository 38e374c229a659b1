"""A server that was put back to an earlier state gets from its phones what its backup lacked."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.stage import Otkrytka

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
NODE = shutil.which("node", path=f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}") or "node"
pytestmark = pytest.mark.node


class Phones:
    """`phones.mjs`, a line at a time."""

    def __init__(self, server: Otkrytka) -> None:
        clients = [server.join("volunteer", "moscow") for _ in range(2)]
        joined = [
            part
            for client in clients
            for part in (client.headers["Authorization"].removeprefix("Bearer "), client.headers["X-Device"])
        ]
        self.client, *rest = clients
        for client in rest:
            client.close()
        self._process = subprocess.Popen(
            [NODE, str(HERE / "phones.mjs"), str(ROOT / "pwa"), server.url, "chapter-moscow", *joined],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, command: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert told["ok"]
        return told

    def end(self) -> None:
        self.tell("end")
        self._process.communicate(timeout=30)
        self.client.close()


def test_phones_redeliver_what_a_backup_taken_during_writes_lacked(server: Otkrytka) -> None:
    """The restored store has a new epoch, so phones that had everything acknowledged offer it all again; receipts say so."""
    phones = Phones(server)
    phones.tell("count 20")
    phones.answer()
    phones.tell("count 60")  # goes on while the backup is made
    server.command("backup")
    phones.answer()
    phones.tell("count 5")
    told = phones.answer()
    revs = dict(tuple(pair) for held in told["held"] for pair in held)
    assert len(revs) == 2 * 2 * (20 + 60 + 5)
    assert _lacking(phones, revs) == set()

    refused = subprocess.run(
        [sys.executable, "-m", "server", "restore", "--yes"], env=server.environment, capture_output=True, check=False
    )
    assert refused.returncode == 3
    assert b"stop it first" in refused.stderr
    server.stop()
    assert "Nothing was changed" in server.command("restore", "--dry-run")
    assert "Done" in server.command("restore", "--yes")
    server.start()

    lost = _lacking(phones, revs)
    assert len(lost) >= 20  # at least the last five evenings of both phones
    phones.tell("deliver")
    assert sum(phones.answer()["written"]) >= len(lost)
    assert _lacking(phones, revs) == set()
    phones.end()


def _lacking(phones: Phones, revs: dict[str, str]) -> set[str]:
    """What the server does not hold, by its receipts."""
    answer = phones.client.post("/api/receipts", json={"database": "chapter-moscow", "revs": revs})
    assert answer.status_code == 200, answer.text
    return {doc_id for doc_id, told in answer.json().items() if not told["stored"]}
