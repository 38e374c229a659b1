"""Attachments of any size pass through a server process whose memory stays where it was."""

import hashlib
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest

from tests.e2e.stage import free_port

pytestmark = pytest.mark.anyio

SIZE = 48 * 1024 * 1024
GROWTH = 32 * 1024  # KB for buffers; one attachment held whole would take more
CHUNK = bytes(range(256)) * 256
SERVE = """
import sys, uvloop
from pathlib import Path
from sync.protocol.serve import serve
uvloop.run(serve(Path(sys.argv[1]), port=int(sys.argv[2])))
"""


class Process:
    """The engine in a process of its own, over SQLite."""

    def __init__(self, folder: Path, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen([sys.executable, "-c", SERVE, str(folder), str(port)])

    def peak(self) -> int:
        """The most memory it ever held, in KB."""
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{self._process.pid}/status").read_text())
        assert found is not None
        return int(found[1])

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path, free_port())
    yield process
    process.stop()


async def large(head: bytes = b"", tail: bytes = b"") -> AsyncIterator[bytes]:
    if head:
        yield head
    for _ in range(SIZE // len(CHUNK)):
        yield CHUNK
    if tail:
        yield tail


def expected() -> str:
    digest = hashlib.sha256()
    for _ in range(SIZE // len(CHUNK)):
        digest.update(CHUNK)
    return digest.hexdigest()


async def _ready(client: httpx2.AsyncClient) -> None:
    """The process listens when it is ready, and not before: connections are retried until then."""
    for _ in range(200):
        try:
            await client.get("/_up")
            return
        except httpx2.ConnectError:
            continue
    raise AssertionError("the server did not start")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measures memory by /proc")
async def test_memory_stays_flat(process: Process) -> None:
    """Up and down, by itself, as multipart and inline in every kind of answer."""
    transport = httpx2.AsyncHTTPTransport(retries=20)
    async with httpx2.AsyncClient(base_url=process.address, timeout=120, transport=transport) as client:
        await _ready(client)
        await client.put("/letters")
        binary = {"content-type": "application/x"}
        await client.put("/letters/first/x", content=CHUNK * 128, headers=binary)
        before = process.peak()  # with what buffers, page caches and threads take once
        assert (await client.put("/letters/plain/x", content=large(), headers=binary)).status_code == 201
        head = b'--b\r\n\r\n{"_attachments":{"x":{"follows":true,"content_type":"application/x"}}}\r\n--b\r\n\r\n'
        parts = large(head, b"\r\n--b--")
        related = {"content-type": "multipart/related; boundary=b"}
        assert (await client.put("/letters/parts", content=parts, headers=related)).status_code == 201
        for name in ("plain", "parts"):
            assert await _digest_of(client, f"/letters/{name}/x") == expected()
        for path, accept in (
            ("/letters/plain?attachments=true", "multipart/related"),
            ("/letters/plain?attachments=true", "application/json"),
            ("/letters/plain?open_revs=all", "multipart/mixed"),
            ("/letters/_all_docs?include_docs=true&attachments=true", "application/json"),
            ("/letters/_changes?include_docs=true&attachments=true", "application/json"),
        ):
            assert await _size_of(client, path, accept) >= SIZE
        assert process.peak() - before < GROWTH


async def _digest_of(client: httpx2.AsyncClient, path: str) -> str:
    digest = hashlib.sha256()
    async with client.stream("GET", path) as response:
        async for chunk in response.aiter_bytes():
            digest.update(chunk)
    return digest.hexdigest()


async def _size_of(client: httpx2.AsyncClient, path: str, accept: str) -> int:
    headers = {"accept": accept, "accept-encoding": "identity"}
    async with client.stream("GET", path, headers=headers) as response:
        return sum([len(chunk) async for chunk in response.aiter_raw()])
