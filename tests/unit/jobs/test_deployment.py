"""The files of `docs/deploy` are valid, and say what is true of the program."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from server.commands import cli
from server.jobs.report import MEANINGS
from server.settings import SETTINGS

DOCS = Path(__file__).parents[3] / "docs"
DEPLOY = DOCS / "deploy"
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())
DOCKER = shutil.which("docker")
SYSTEMD = shutil.which("systemd-analyze")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return read


def _has_compose() -> bool:
    return DOCKER is not None and subprocess.run([DOCKER, "compose", "version"], capture_output=True).returncode == 0


def test_the_compose_file_holds_together(compose: dict[str, Any]) -> None:
    """Every service has an image, and depends on, mounts and joins only what there is."""
    services, volumes, networks = compose["services"], compose["volumes"], compose["networks"]
    assert len([name for name in services if name.startswith("couchdb-")]) == 3
    assert len([name for name in services if name.startswith("server-")]) == 2
    for name, service in services.items():
        assert service.get("image"), name
        assert set(service.get("depends_on", {})) <= set(services), name
        assert set(service["networks"]) <= set(networks), name
        for mount in service.get("volumes", ()):
            source = mount.split(":")[0]
            assert source in volumes or (DEPLOY / source).exists(), (name, mount)


def test_couchdb_is_reached_from_inside_only(compose: dict[str, Any]) -> None:
    """One service has open ports, it is not CouchDB, and CouchDB's own port is not among them."""
    services = compose["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["door"]
    assert not any("5984" in port for port in services["door"]["ports"])
    assert compose["networks"]["inside"]["internal"] is True
    assert all("outside" not in service["networks"] for name, service in services.items() if name != "door")


def test_both_servers_share_the_secret_and_one_makes_the_backups(compose: dict[str, Any]) -> None:
    """A token of one is good at the other; two nightly jobs would do the same work twice."""
    servers = [compose["services"][name]["environment"] for name in ("server-a", "server-b")]
    assert servers[0]["OTKRYTKA_SECRET"] == servers[1]["OTKRYTKA_SECRET"]
    assert servers[0]["OTKRYTKA_STORE"] == servers[1]["OTKRYTKA_STORE"]
    assert ["OTKRYTKA_NIGHTLY" in server for server in servers] == [True, False]


def test_every_variable_of_the_compose_file_is_in_the_example() -> None:
    """Whoever copies the example and fills it in has set everything."""
    asked = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text("utf-8")))
    example = (DEPLOY / "cluster.env.example").read_text("utf-8")
    assert asked == set(re.findall(r"^(\w+)=", example, re.MULTILINE))


def test_what_is_not_in_the_repository_is_not_in_the_image() -> None:
    """The image is made of a checkout that may serve already: its secrets, its data and what was installed there stay out."""
    root = DOCS.parent
    untracked, kept_out = (
        {line.removeprefix("**/").strip("/") for line in (root / name).read_text("utf-8").splitlines()}
        for name in (".gitignore", ".dockerignore")
    )
    assert untracked <= kept_out
    assert {".git", ".env"} <= kept_out
    assert "COPY . ." in (DEPLOY / "Dockerfile").read_text("utf-8")


@pytest.mark.skipif(not _has_compose(), reason="there is no `docker compose` here")
def test_docker_takes_the_compose_file() -> None:
    """What Docker itself says of it."""
    example = (DEPLOY / "cluster.env.example").read_text("utf-8")
    values = dict.fromkeys(re.findall(r"^(\w+)=", example, re.MULTILINE), "x" * 40)
    command = [str(DOCKER), "compose", "--file", str(DEPLOY / "compose.yaml"), "config", "--quiet"]
    done = subprocess.run(
        command, env={"PATH": str(Path(str(DOCKER)).parent), **values}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", [*FILES, DOCS / "deploy.md"], ids=lambda path: path.name)
def test_settings_and_commands_exist(path: Path) -> None:
    """No file names a setting or a command there is not."""
    text = path.read_text("utf-8")
    known = {setting.name for setting in SETTINGS} | {"OTKRYTKA_SITE"}
    assert set(re.findall(r"OTKRYTKA_[A-Z_]+[A-Z]", text)) <= known
    commands = set(getattr(get_command(cli), "commands"))  # noqa: B009 - typer's type does not tell
    used = re.findall(r"(?:/|`|\n|CMD \[\"|\[)otkrytka[\", ]+([a-z]+)", text)
    assert set(used) <= commands, set(used) - commands


@pytest.mark.parametrize("name", ["Caddyfile", "cluster.Caddyfile", "nginx.conf"])
def test_a_proxy_logs_no_request(name: str) -> None:
    """Neither what went right nor what failed: Caddy notes the latter with the address, unless it is told not to."""
    text = (DEPLOY / name).read_text("utf-8")
    if name.endswith("Caddyfile"):
        assert "exclude http.log.error http.handlers.reverse_proxy" in text
        assert not re.search(r"^\s*log \{", text, re.MULTILINE)
    else:
        servers = text.split("\nserver {")[1:]
        assert all("access_log off;" in one and "error_log /dev/null;" in one for one in servers)


@pytest.mark.skipif(SYSTEMD is None, reason="there is no systemd here")
@pytest.mark.parametrize("unit", [path.name for path in FILES if path.suffix in (".service", ".timer")])
def test_systemd_takes_the_units(unit: str, tmp_path: Path) -> None:
    """What systemd itself says of them, with a program that is there instead of ours."""
    for path in FILES:
        if path.suffix in (".service", ".timer"):
            text = path.read_text("utf-8").replace("/opt/otkrytka/.venv/bin/otkrytka", sys.executable)
            (tmp_path / path.name).write_text(text.replace("User=otkrytka", "User=root"))
    done = subprocess.run(
        [str(SYSTEMD), "verify", "--man=no", str(tmp_path / unit)], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if str(tmp_path) in line or unit in line]
    assert not ours, done.stderr


def test_the_guide_lists_the_exit_codes() -> None:
    """As the program has them, word for word."""
    text = (DOCS / "deploy.md").read_text("utf-8")
    for code, meaning in MEANINGS.items():
        assert f"| {code.value} | {meaning} |" in text


def test_the_guide_leads_to_every_file() -> None:
    """And to none that is not there."""
    text = (DOCS / "deploy.md").read_text("utf-8")
    assert set(re.findall(r"\(deploy/([\w.-]+)\)", text)) == {path.name for path in FILES}
