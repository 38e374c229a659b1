"""`python -m sync`: what its commands do, print and answer."""

import argparse
import asyncio
import contextlib
import json
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from sync.__main__ import main, parser
from sync.databases.sqlite import SqliteCatalog
from sync.documents import Document
from sync.errors import BadRequest, NotFound
from sync.places import file_of, place
from tests.e2e.stage import free_port


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a database `letters` of three documents."""

    async def fill() -> None:
        catalog = SqliteCatalog(tmp_path)
        database = await catalog.create("letters")
        await database.write([Document(id=doc_id, body=b'{"n":1}') for doc_id in ("a", "b", "c")])
        await catalog.close()

    asyncio.run(fill())
    return tmp_path


def test_replicate_and_digest(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A copy is made, reported as a line of JSON, and shown to be equal."""
    source, target = str(folder / "letters"), str(folder / "copy")
    assert main(["replicate", source, target, "--create-target"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["event"], report["docs_written"], report["target"]) == ("replicated", 3, target)
    assert main(["digest", source, target]) == 0
    assert main(["replicate", source, str(folder / "part"), "--create-target", "--doc-id", "a"]) == 0
    assert main(["digest", source, str(folder / "part")]) == 1


def test_a_target_is_made_only_when_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt name does not become a database; the error says which one is not there."""
    target = str(folder / "mispelt")
    assert main(["replicate", str(folder / "letters"), target]) == 2
    assert f"not_found: {target}: Database does not exist." in capsys.readouterr().err
    assert not file_of(target).exists()


SCARCE = """
import resource, sys
from sync.__main__ import main, parser
resource.setrlimit(resource.RLIMIT_NOFILE, (50, 50))
main(["serve", sys.argv[1], "--port", sys.argv[2]])
"""


def test_a_crowd_at_the_door_fills_no_log(folder: Path) -> None:
    """When no file can be opened any more, connections are turned away without a word; once some leave, others are let in."""
    port, log = free_port(), folder / "log"
    with log.open("wb") as file:
        command = [sys.executable, "-c", SCARCE, str(folder), str(port)]
        server = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
    try:
        with httpx2.Client(transport=httpx2.HTTPTransport(retries=0), timeout=30) as client:
            address = f"http://127.0.0.1:{port}"
            for _ in range(600):
                with contextlib.suppress(httpx2.TransportError):
                    client.get(f"{address}/letters/a")  # opened before the crowd comes
                    break
                with contextlib.suppress(subprocess.TimeoutExpired):
                    server.wait(0.05)
            with contextlib.ExitStack() as crowd:
                for _ in range(60):
                    crowd.enter_context(socket.create_connection(("127.0.0.1", port)))
                assert client.get(f"{address}/letters/a").json()["n"] == 1
            with httpx2.Client() as other:
                assert other.get(f"{address}/letters/a").json()["n"] == 1
        assert log.stat().st_size < 10_000
    finally:
        server.kill()
        server.wait()


def test_backup_restore_and_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A copy of the file becomes an equal database; a damaged file is found out."""
    assert main(["backup", str(folder / "letters"), str(folder / "copy.bak")]) == 0
    assert main(["restore", str(folder / "copy.bak"), str(folder), "again"]) == 0
    assert main(["digest", str(folder / "letters"), str(folder / "again")]) == 0
    assert main(["check", str(folder / "again")]) == 0
    damaged = folder / "again.sqlite"
    damaged.write_bytes(damaged.read_bytes()[:5000])
    capsys.readouterr()
    assert main(["check", str(damaged)]) == 1
    assert capsys.readouterr().out.strip()
    assert main(["check", str(folder / "nowhere")]) == 2
    assert "not_found" in capsys.readouterr().err


def test_secrets_are_not_shown() -> None:
    """Credentials in an address serve to sign in, and are printed nowhere."""
    there = place("https://someone:topsecret@example.org/db/chapter%2Fspb")
    assert (there.name, there.shown) == ("chapter/spb", "https://example.org/db/chapter%2Fspb")
    assert "topsecret" not in f"{there!r} {there.catalog!r}"


@pytest.mark.parametrize(("text", "error"), [("https://example.org", BadRequest), ("no/such/folder/db", NotFound)])
def test_what_is_no_place(text: str, error: type[Exception]) -> None:
    """It is refused with a sentence, before anything is opened."""
    with pytest.raises(error):
        place(text)


def test_every_command_and_argument_is_described() -> None:
    """`--help` says of each what it is, so that nobody has to read the source."""
    [commands] = [action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]
    assert set(commands.choices) == {action.dest for action in commands._choices_actions if action.help}
    undescribed = [
        (name, one.dest) for name, command in commands.choices.items() for one in command._actions if not one.help
    ]
    assert undescribed == []
