"""Which server process runs the API best: uvicorn (httptools, uvloop) or granian (Rust), one worker each, in one run.

    python -m benchmarks.http_servers [--documents 20000] [--rounds 3] [--json FILE]

Granian is no dependency of ours: where it is not installed, only uvicorn is measured.
"""

import argparse
import importlib.util
import json
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from benchmarks.http_api import command, measure, resident, running, table
from sync.databases.sqlite import SqliteCatalog
from sync.protocol import Application, application

_FOLDER = "OTKRYTKA_BENCHMARK_FOLDER"


def make_app() -> Application:
    """What granian is told to run; it takes no arguments but the environment."""
    return application(SqliteCatalog(Path(os.environ[_FOLDER])))


def servers() -> dict[str, Callable[[int, str], list[str]]]:
    """How each server is started, on a port and over a folder."""
    if importlib.util.find_spec("granian") is None:
        return {"uvicorn": command}
    return {"uvicorn": command, "granian": _granian}


def _granian(port: int, folder: str) -> list[str]:
    options = ["--interface", "asginl", "--factory", "--loop", "uvloop", "--workers", "1", "--no-ws"]
    return [
        *("env", f"{_FOLDER}={folder}", sys.executable, "-m", "granian", *options),
        *("--host", "127.0.0.1", "--port", str(port), "--log-level", "warning", "benchmarks.http_servers:make_app"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with ExitStack() as stack:
        started = [stack.enter_context(running(name, how)) for name, how in servers().items()]
        for _ in range(options.rounds):
            for one in started:
                measure(one, options.documents)
        memory = {one.name: resident(one.pid) for one in started if one.pid}
    print(table(started, options.documents))
    print(f"\nmemory after the load, MB (granian's worker is a process of its own): {memory}")
    if options.json:
        options.json.write_text(json.dumps({one.name: one.best for one in started}, indent=1))


if __name__ == "__main__":
    main()
