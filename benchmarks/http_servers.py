"""Which server process runs the API best: uvicorn (httptools, uvloop) or granian (Rust), one worker each, in one run.

    python -m benchmarks.http_servers [--documents 20000] [--rounds 3] [--json FILE]

Granian is no dependency of ours: where it is not installed, only uvicorn is measured.
"""

import argparse
import importlib.util
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.http_api import SERVE, Server, measure, resident, table, wait_for
from sync.databases.sqlite import SqliteCatalog
from sync.protocol import Application, application

_FOLDER = "OTKRYTKA_BENCHMARK_FOLDER"


def make_app() -> Application:
    """What granian is told to run; it takes no arguments but the environment."""
    return application(SqliteCatalog(Path(os.environ[_FOLDER])))


def commands(port: int, folder: str) -> dict[str, list[str]]:
    """How each server is started."""
    servers = {"uvicorn": [sys.executable, "-c", SERVE, folder, str(port)]}
    if importlib.util.find_spec("granian") is not None:
        options = ["--interface", "asginl", "--factory", "--loop", "uvloop", "--workers", "1", "--no-ws"]
        servers["granian"] = [
            *(sys.executable, "-m", "granian", *options, "--host", "127.0.0.1", "--port", str(port)),
            *("--log-level", "warning", "benchmarks.http_servers:make_app"),
        ]
    return servers


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def running(name: str) -> Iterator[Server]:
    """One server over SQLite in a folder that goes when it is done."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = commands(port, folder)[name]
        environment = os.environ | {_FOLDER: folder}
        process = subprocess.Popen(command, cwd=Path(__file__).parents[1], env=environment)
        try:
            wait_for(port)
            yield Server(name, f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()
            process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with ExitStack() as stack:
        servers = [stack.enter_context(running(name)) for name in commands(0, "")]
        for _ in range(options.rounds):
            for one in servers:
                measure(one, options.documents)
        memory = {one.name: resident(one.pid) for one in servers if one.pid}
    print(table(servers, options.documents))
    print(f"\nmemory after the load, MB (granian's worker is a process of its own): {memory}")
    if options.json:
        options.json.write_text(json.dumps({one.name: one.best for one in servers}, indent=1))


if __name__ == "__main__":
    main()
