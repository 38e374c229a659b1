"""The real PouchDB in Node against the running server."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import httpx2
import pytest

from tests.e2e.stage import EVENT, Otkrytka

HERE = Path(__file__).parent
PHONE_APP = HERE.parents[1] / "pwa"
NODE = shutil.which("node", path=f"{HERE.parents[1] / '.venv/bin'}{os.pathsep}{os.environ['PATH']}") or "node"


def node(script: str, *arguments: str, timeout: float = 120) -> object:
    """Runs a script beside this file in Node and returns the JSON it printed."""
    done = subprocess.run(
        [NODE, str(HERE / script), str(PHONE_APP), *arguments],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.node
def test_syncs_both_ways_live_and_keeps_a_conflict(server: Otkrytka) -> None:
    """Edits made apart on both sides are both in the tree of both sides, and merged field by field."""
    with server.join("coordinator", "moscow") as coordinator:
        answer = coordinator.put(f"/db/chapter-moscow/{EVENT['_id']}", json=EVENT)
        assert answer.status_code == httpx2.codes.CREATED, answer.text
        token = coordinator.headers["Authorization"].removeprefix("Bearer ")
    result = node("pouchdb_sync.mjs", f"{server.url}/db/chapter-moscow", token, str(EVENT["_id"]))
    assert isinstance(result, dict)
    assert result["local"] == result["remote"]
    known = {ident for leaf in result["remote"] for ident in leaf["ids"]}
    assert {rev.split("-")[1] for rev in result["edits"]} <= known
    assert sum(not leaf["deleted"] for leaf in result["remote"]) == 1
