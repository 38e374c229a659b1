"""Runs PouchDB's own test suite against us, from a checkout of PouchDB that lies anywhere.

    python -m tests.protocol.pouchdb.suite CHECKOUT [integration|find] [--url URL] [--timeout 5000]

The checkout needs `npm install` and `npm run build-modules` before. Without a URL the engine is started over SQLite, in a
folder that goes afterwards. The rules are the strict ones: our welcome document says `couchdb`, and SERVER is
couchdb-master. The 41 tests named in `javascript.txt` hand the server JavaScript to run, which it refuses; they are left
out, and everything else must pass: the exit status is mocha's.
"""

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from tests.e2e.stage import free_port

TITLES = Path(__file__).with_name("javascript.txt")
DOWN_PORT = 3010  # where the suite expects a server that answers nothing but errors
FILES = {"integration": "tests/integration/test.*.js", "find": "tests/find/*/test.*.js"}
SERVE = """
import sys, uvloop
from pathlib import Path
from sync.protocol.serve import serve
uvloop.run(serve(Path(sys.argv[1]), port=int(sys.argv[2])))
"""


@contextmanager
def running(command: list[str], port: int, folder: Path) -> Iterator[None]:
    """A process while its port is needed."""
    process = subprocess.Popen(command, cwd=folder)
    try:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


def environment(kind: str, url: str) -> dict[str, str]:
    """What the suite reads. Settings of the caller that would change what is tested are left out."""
    known = {name: value for name, value in os.environ.items() if name not in ("ADAPTERS", "PLUGINS", "GREP")}
    known |= {"COUCH_HOST": url, "SERVER": "couchdb-master", "CLIENT": "node", "VIEW_ADAPTERS": "memory", "TYPE": kind}
    return known | ({"ADAPTERS": "http", "PLUGINS": "pouchdb-find"} if kind == "find" else {})


def mocha(checkout: Path, kind: str, timeout: int) -> list[str]:
    """The suite's own runner, without the tests that need JavaScript."""
    files = sorted(str(path.relative_to(checkout)) for path in checkout.glob(FILES[kind]))
    left_out = "|".join(f"^{re.escape(title)}$" for title in TITLES.read_text().splitlines() if title)
    return [
        *("node", "node_modules/mocha/bin/_mocha", "--exit", "--timeout", str(timeout), "--reporter", "dot"),
        *("--require", "./tests/integration/node.setup.js", "--grep", left_out, "--invert", *files),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("kind", nargs="?", choices=FILES, default="integration")
    parser.add_argument("--url")
    parser.add_argument("--timeout", type=int, default=5000)
    options = parser.parse_args()
    checkout = options.checkout.resolve()
    with ExitStack() as stack:
        url = options.url
        if url is None:
            port, folder = free_port(), stack.enter_context(tempfile.TemporaryDirectory())
            command = [sys.executable, "-c", SERVE, folder, str(port)]
            stack.enter_context(running(command, port, Path(__file__).parents[3]))
            url = f"http://127.0.0.1:{port}"
        if options.kind == "integration":
            stack.enter_context(running(["node", "bin/down-server.js", str(DOWN_PORT)], DOWN_PORT, checkout))
        command = mocha(checkout, options.kind, options.timeout)
        return subprocess.run(command, cwd=checkout, env=environment(options.kind, url), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
