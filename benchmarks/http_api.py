"""What a client sees over HTTP, ours beside Apache CouchDB and pouchdb-server, measured in one run.

    python -m benchmarks.http_api [--documents 20000] [--rounds 3] [--json FILE]

Ours is started on a free port with SQLite in a temporary folder. CouchDB is measured where OTKRYTKA_TEST_COUCHDB names one,
pouchdb-server where OTKRYTKA_TEST_POUCHDB_SERVER does. Every figure is the best of the rounds, and the rounds go around
the servers in turn, so that a disturbed moment falls on all of them. Ratios are ours to theirs: above 1 we are faster.
"""

import argparse
import base64
import contextlib
import http.client
import json
import multiprocessing
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.e2e.stage import free_port

BATCH = 1000
SINGLES = 400
PROCESSES = 4
SERVE = """
import sys, uvloop
from pathlib import Path
from sync.protocol.serve import serve
uvloop.run(serve(Path(sys.argv[1]), port=int(sys.argv[2])))
"""
JSON_HEADERS = {"content-type": "application/json", "accept": "application/json"}


class Client:
    """One keep-alive connection; the cheapest client the standard library has."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._prefix = parts.path.rstrip("/")
        self._headers = dict(JSON_HEADERS)
        if parts.username:
            token = base64.b64encode(f"{parts.username}:{parts.password}".encode()).decode()
            self._headers["authorization"] = f"Basic {token}"
        self._connection = http.client.HTTPConnection(parts.hostname or "localhost", parts.port, timeout=120)
        self._connection.connect()
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        self._connection.request(method, self._prefix + path, body, self._headers)
        response = self._connection.getresponse()
        answer = response.read()
        if response.status >= 400 and method != "DELETE":
            raise RuntimeError(f"{method} {path}: {response.status} {answer[:200]!r}")
        return answer


def batches(count: int, prefix: str = "d") -> list[bytes]:
    """Bodies of `_bulk_docs` with documents of about 280 bytes, the same in every run."""
    chance = random.Random(7)
    documents = [
        {
            "_id": f"{prefix}{number:08}",
            "type": "sheet",
            "event": f"event:{chance.getrandbits(60):x}",
            "heads": {"added": chance.randrange(100), "removed": chance.randrange(5)},
            "letters": [{"to": f"{chance.getrandbits(60):x}", "kind": "letter", "added": chance.randrange(9)}],
            "note": "x" * 100,
        }
        for number in range(count)
    ]
    return [json.dumps({"docs": documents[at : at + BATCH]}).encode() for at in range(0, count, BATCH)]


@dataclass
class Server:
    """A server under measurement and what was measured of it: seconds, the best of all rounds."""

    name: str
    url: str
    pid: int | None = None
    best: dict[str, float] = field(default_factory=dict)

    def note(self, what: str, seconds: float) -> None:
        self.best[what] = min(seconds, self.best.get(what, seconds))


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _load(url: str, bodies: list[bytes]) -> None:
    client = Client(url)
    for body in bodies:
        client.ask("POST", "/bench/_bulk_docs", body)


def _read_singles(url: str, ids: list[str]) -> None:
    client = Client(url)
    for doc_id in ids:
        client.ask("GET", f"/bench/{doc_id}")


def together(target: Callable[..., None], shares: list[tuple[Any, ...]]) -> float:
    """Seconds until all client processes are done."""
    workers = [multiprocessing.Process(target=target, args=share) for share in shares]
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return time.perf_counter() - start


def fresh(client: Client) -> None:
    client.ask("DELETE", "/bench")
    client.ask("PUT", "/bench")


def measure(server: Server, count: int) -> None:
    client = Client(server.url)
    bodies = batches(count)
    fresh(client)
    server.note("_bulk_docs", timed(lambda: [client.ask("POST", "/bench/_bulk_docs", body) for body in bodies]))
    measure_reads(server, client, count)
    measure_singles(server, client, count)
    fresh(Client(server.url))  # servers close connections that were idle for a while
    shares = [(server.url, bodies[at::PROCESSES]) for at in range(PROCESSES)]
    server.note(f"_bulk_docs, {PROCESSES} clients", together(_load, shares))


def measure_reads(server: Server, client: Client, count: int) -> None:
    rows = json.loads(client.ask("GET", f"/bench/_all_docs?limit={BATCH}&skip={count // 2}"))["rows"]
    wanted = json.dumps({"docs": [{"id": row["id"], "rev": row["value"]["rev"]} for row in rows]}).encode()
    missing = json.dumps({row["id"]: [row["value"]["rev"], "9-abc"] for row in rows}).encode()
    asks: dict[str, tuple[str, str, bytes | None]] = {
        "_all_docs": ("GET", "/bench/_all_docs", None),
        "_all_docs?include_docs": ("GET", "/bench/_all_docs?include_docs=true", None),
        "_changes": ("GET", "/bench/_changes", None),
        "_changes?include_docs": ("GET", "/bench/_changes?include_docs=true", None),
        f"_bulk_get of {BATCH}": ("POST", "/bench/_bulk_get", wanted),
        f"_bulk_get of {BATCH} with revs": ("POST", "/bench/_bulk_get?revs=true&latest=true", wanted),
        f"_revs_diff of {BATCH}": ("POST", "/bench/_revs_diff", missing),
    }
    for what, (method, path, body) in asks.items():
        for _ in range(3):
            server.note(what, timed(lambda: client.ask(method, path, body)))  # noqa: B023 - called at once


def measure_singles(server: Server, client: Client, count: int) -> None:
    chance = random.Random(11)
    ids = [f"d{chance.randrange(count):08}" for _ in range(SINGLES)]
    spread(server, "GET", [timed(lambda: client.ask("GET", f"/bench/{doc_id}")) for doc_id in ids])  # noqa: B023
    body = json.dumps({"type": "sheet", "note": "x" * 220}).encode()
    spread(
        server,
        "PUT",
        [timed(lambda: client.ask("PUT", f"/bench/p{number}", body)) for number in range(SINGLES)],  # noqa: B023
    )
    server.note(
        f"GET, {PROCESSES} clients", together(_read_singles, [(server.url, ids)] * PROCESSES) / (SINGLES * PROCESSES)
    )


def spread(server: Server, what: str, seconds: list[float]) -> None:
    server.note(f"{what} p50", statistics.median(seconds))
    server.note(f"{what} p95", statistics.quantiles(seconds, n=20)[-1])


def resident(pid: int) -> int:
    """Resident memory of a process in MB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) // 1024 if found else 0


def command(port: int, folder: str) -> list[str]:
    """How our server is started."""
    return [sys.executable, "-c", SERVE, folder, str(port)]


@contextlib.contextmanager
def running(name: str, command: Callable[[int, str], list[str]]) -> Iterator[Server]:
    """One server on a free port, over SQLite in a folder that goes when it is done."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(command(port, folder), cwd=Path(__file__).parents[1])
        try:
            _wait_for(port)
            yield Server(name, f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()
            process.wait()


def _wait_for(port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def table(servers: list[Server], count: int) -> str:
    lines = [
        "| operation | " + " | ".join(server.name for server in servers) + " | ratio |",
        "|---" * (len(servers) + 2) + "|",
    ]
    for what in servers[0].best:
        shown = [_shown(what, server.best[what], count) for server in servers]
        ratio = " / ".join(f"{server.best[what] / servers[0].best[what]:.1f}" for server in servers[1:])
        lines.append(f"| {what} | " + " | ".join(shown) + f" | {ratio} |")
    return "\n".join(lines)


def _shown(what: str, seconds: float, count: int) -> str:
    if what.startswith("_bulk_docs"):
        return f"{count / seconds:,.0f} docs/s"
    if "clients" in what:
        return f"{1 / seconds:,.0f}/s"
    return f"{seconds * 1000:.2f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with running("otkrytka", command) as server:
        servers = [server]
        for name, setting in (("couchdb", "OTKRYTKA_TEST_COUCHDB"), ("pouchdb-server", "OTKRYTKA_TEST_POUCHDB_SERVER")):
            if url := os.environ.get(setting):
                servers.append(Server(name, url.rstrip("/")))
        for _ in range(options.rounds):
            for one in servers:
                measure(one, options.documents)
        memory = resident(server.pid) if server.pid else 0
    print(table(servers, options.documents))
    print(f"\nmemory of our process after the load: {memory} MB")
    if options.json:
        figures = {one.name: one.best for one in servers}
        options.json.write_text(
            json.dumps({"documents": options.documents, "memory_mb": memory, "seconds": figures}, indent=1)
        )


if __name__ == "__main__":
    main()
