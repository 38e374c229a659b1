"""The command line: every command is described, and answers bad input with one sentence."""

import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from server.auth.invites import Invites
from server.auth.keys import signing_secret
from server.commands import cli
from server.jobs import lock
from server.jobs.report import Exit
from server.settings import Settings

README = (Path(__file__).parents[3] / "README.md").read_text("utf-8")


def commands(app: typer.Typer, prefix: str = "otkrytka") -> Iterator[tuple[str, str]]:
    """Every command with its path and the first sentence of its help."""
    for command in app.registered_commands:
        assert command.callback is not None
        name = command.name or command.callback.__name__
        yield f"{prefix} {name}", (command.help or command.callback.__doc__ or "").strip().partition("\n")[0]
    for group in app.registered_groups:
        assert group.typer_instance is not None
        yield from commands(group.typer_instance, f"{prefix} {group.name}")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own for the commands, with the chapter moscow."""
    for name in list(os.environ):
        if name.startswith("OTKRYTKA_") and not name.startswith("OTKRYTKA_TEST_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("OTKRYTKA_DATA", str(tmp_path / "data"))
    run("chapter", "add", "moscow", "--name-ru", "Москва", "--name-en", "Moscow")
    return tmp_path / "data"


def run(*arguments: str, code: int = 0) -> str:
    """What a command printed, after it ended with this exit code."""
    outcome = CliRunner().invoke(cli, arguments)
    assert outcome.exit_code == code, outcome.output
    return outcome.output


@pytest.mark.parametrize(("path", "help_text"), list(commands(cli)))
def test_the_readme_describes_every_command(path: str, help_text: str) -> None:
    """With the words of its own help."""
    assert help_text, path
    assert f"| `{path}` | {help_text} |" in README


def test_chapters_are_made_once_and_listed(data: Path) -> None:
    """Adding again says so and changes nothing; a bad slug, name or zone is named."""
    assert "already" in run("chapter", "add", "moscow", "--name-ru", "Не Москва", "--name-en", "Not Moscow")
    run("chapter", "add", "tver", "--name-ru", "Тверь", "--name-en", "Tver", "--zone", "Europe/Moscow")
    assert run("chapter", "list").split() == ["moscow", "tver"]
    assert "chapter" in run("chapter", "add", "Bad Slug", "--name-ru", "x", "--name-en", "x", code=1)
    for zone in ("Mars/Base", "Europe", "../etc/passwd"):
        said = run("chapter", "add", "x", "--name-ru", "x", "--name-en", "x", "--zone", zone, code=1)
        assert f"“{zone}” is no time zone" in said
    assert "name-en" in run("chapter", "add", "x", "--name-ru", "x", "--name-en", " ", code=1)


def test_an_invite_is_json_for_programs(data: Path) -> None:
    """`invite`, `url` and `expires`; a coordinator's also has the link that signs a browser in."""
    made = json.loads(run("invite", "--role", "volunteer", "--chapter", "moscow", "--json"))
    assert made.keys() == {"invite", "url", "expires"}
    assert made["url"] == f"http://127.0.0.1:8000/join#{made['invite']}"
    invited = Invites(signing_secret(Settings(data=data))).read(made["invite"])
    assert (invited.role, invited.chapters) == ("volunteer", ("moscow",))
    national = json.loads(run("invite", "--role", "national", "--json"))
    assert national["sign_in"].endswith(f"/dashboard/sign-in#{national['invite']}")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--role", "king"], "role"),
        (["--role", "volunteer"], "chapter"),
        (["--role", "volunteer", "--chapter", "x"], "chapter"),
    ],
)
def test_an_invite_that_cannot_be_is_explained(data: Path, arguments: list[str], word: str) -> None:
    """One sentence that names the field, exit code 1, nothing on the way to programs."""
    assert word in run("invite", *arguments, code=1)


def test_settings_are_listed_and_secrets_are_not(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with its meaning and what holds now; a secret or a password is never printed."""
    monkeypatch.setenv("OTKRYTKA_SECRET", "hunter2" * 6)
    monkeypatch.setenv("OTKRYTKA_STORE", "couchdb+http://admin:hunter2@127.0.0.1:1")
    shown = run("settings")
    assert str(data) in shown
    assert "127.0.0.1:1" in shown
    assert "hunter2" not in shown


def test_a_wrong_setting_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 2 and a sentence that names it, from every command."""
    monkeypatch.setenv("OTKRYTKA_STORE", "nonsense")
    for command in (["serve"], ["demo"], ["rebuild"], ["settings"], ["doctor"], ["chapter", "list"]):
        assert "OTKRYTKA_STORE: " in run(*command, code=2)


def test_the_demo_loads_once_and_keeps_what_is_there(data: Path) -> None:
    """The second time nothing is new."""
    assert ": 0 documents were new" not in run("demo")
    assert ": 0 documents were new" in run("demo")
    assert run("chapter", "list").split() == ["moscow", "st-petersburg"]


def test_rebuild_finds_the_same_numbers_twice(data: Path) -> None:
    """What was there first differs from nothing; the second time nothing differs."""
    run("demo")
    run("rebuild")
    assert "The numbers are what they were" in run("rebuild")


def test_a_rebuild_draws_a_bar_on_a_terminal_and_nowhere_else(data: Path) -> None:
    """On a terminal a bar with how many of how many; in a pipe a JSON line, and no control sequences."""
    run("demo")
    rebuild = [sys.executable, "-m", "server", "rebuild"]
    ours, theirs = os.openpty()
    with subprocess.Popen(rebuild, stdout=theirs, env=os.environ | {"TERM": "xterm"}) as process:
        os.close(theirs)
        drawn = b""
        with (
            contextlib.suppress(OSError),
            os.fdopen(ours, "rb", buffering=0) as terminal,
        ):  # EIO says that it was closed
            while part := terminal.read(4096):
                drawn += part
    assert process.returncode == 0
    text = drawn.decode()
    assert "totals: read" in text
    assert "━" in text
    [whole] = {total for _, total in re.findall(r"(\d+)/(\d+)", text)}
    assert f"Read {whole} documents" in text
    piped = subprocess.run(rebuild, stdout=subprocess.PIPE, check=True).stdout.decode()
    assert json.loads(piped.splitlines()[0])["step"] == "read"
    assert "\x1b" not in piped
    assert "━" not in piped


def test_doctor_says_what_is_wrong(data: Path) -> None:
    """A secret that others may read is found, and the exit code says so."""
    run("invite", "--role", "volunteer", "--chapter", "moscow")
    (data / "secret").chmod(0o644)
    assert "chmod 600" in run("doctor", code=1)


@pytest.mark.parametrize(("host", "word"), [("nowhere.invalid", "No such host"), ("203.0.113.9", "Cannot assign")])
def test_a_host_that_is_not_here_is_said_in_a_sentence(data: Path, host: str, word: str) -> None:
    """With the option to choose another one by; a name that leads nowhere is no error by number."""
    said = run("serve", "--host", host, "--port", "0", code=1)
    assert word in said
    assert "--host" in said


def test_a_backup_leaves_a_nightly_job_alone(data: Path) -> None:
    """Each clears away what the last one left unfinished, so the second waits its turn; a server may serve meanwhile."""
    unfinished = data / "backups" / ".unfinished-of-the-job-at-work"
    unfinished.mkdir(parents=True)
    with lock.held(data, lock.NIGHTLY):
        assert "at work" in run("backup", code=Exit.LOCKED)
    assert unfinished.exists()
    with lock.held(data, lock.IN_USE, shared=True):
        run("backup")
    assert not unfinished.exists()


def test_python_m_server_is_the_same(data: Path) -> None:
    """The module is the command."""
    done = subprocess.run(
        [sys.executable, "-m", "server", "chapter", "list"], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["moscow"]
