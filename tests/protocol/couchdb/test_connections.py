"""Our side of HTTP/1.1 towards CouchDB, against a peer that says exactly what a test wants, well-formed or not."""

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sync.gateway.connections import Connections, Origin
from sync.gateway.exchange import Answered, Failed, Question

pytestmark = pytest.mark.anyio

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


class Peer:
    """Serves every connection by a script, and counts them."""

    def __init__(self, connections: Connections) -> None:
        self.connections = connections
        self.accepted = 0
        self.origin = Origin("127.0.0.1", 0, False)

    @asynccontextmanager
    async def ask(
        self,
        method: str = "GET",
        body: bytes | AsyncIterator[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        silence: float | None = 5.0,
    ) -> AsyncIterator[Answered]:
        told = {"host": "peer", **(headers or {})}
        question = Question(method, "/", told, body)
        async with self.connections.request(self.origin, question, feed=False, silence=silence) as answered:
            yield answered

    async def text(self, method: str = "GET", body: bytes | AsyncIterator[bytes] | None = None) -> bytes:
        async with self.ask(method, body) as answered:
            return await answered.read()


@asynccontextmanager
async def peer(script: Script, *, secure: ssl.SSLContext | None = None, requests: int = 1) -> AsyncIterator[Peer]:
    connections = Connections(requests=requests, patience=0.2)
    made = Peer(connections)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        made.accepted += 1
        try:
            await script(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=secure)
    made.origin = Origin("127.0.0.1", server.sockets[0].getsockname()[1], secure is not None)
    try:
        yield made
    finally:
        await connections.close()
        server.close()


def saying(*answers: bytes, then_close: bool = False) -> Script:
    """A script that answers the requests of a connection, one after the other, whatever they are."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
        if not then_close:
            await reader.read()

    return script


async def test_a_connection_is_used_again() -> None:
    """Once an answer has been read to its end."""
    async with peer(saying(OK, OK, OK)) as server:
        assert [await server.text() for _ in range(3)] == [b"ok"] * 3
        assert server.accepted == 1


async def test_an_answer_that_is_left_early_costs_its_connection() -> None:
    """What is still to come of it must not be taken for the next answer."""
    async with peer(saying(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nok", OK)) as server:
        async with server.ask() as answered:
            assert answered.status == 200
        assert server.accepted == 1
        async with server.ask() as answered:
            assert answered.status == 200
        assert server.accepted == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nbad",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok and more",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok",
    ],
    ids=["another answer", "more bytes", "close", "HTTP/1.0"],
)
async def test_what_follows_an_answer_is_nobodys(answer: bytes) -> None:
    """The next request uses another connection, and gets its own answer."""
    async with peer(saying(answer, OK)) as server:
        assert [await server.text(), await server.text()] == [b"ok", b"ok"]
        assert server.accepted == 2


@pytest.mark.parametrize(
    ("method", "status"), [("HEAD", b"200 OK"), ("GET", b"304 Not Modified"), ("DELETE", b"204 No Content")]
)
async def test_answers_without_a_body(method: str, status: bytes) -> None:
    """A length that is told all the same is not waited for, nor is a body sent in spite of it anybody's answer."""
    async with peer(saying(b"HTTP/1.1 " + status + b"\r\ncontent-length: 5\r\n\r\nhello")) as server:
        for _ in range(2):
            assert await server.text(method) == b""
        assert server.accepted == 2


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: +2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length : 2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: y\r\n folded\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    ],
    ids=[
        "two lengths",
        "length and chunks",
        "signed length",
        "space before the colon",
        "folded line",
        "other protocol",
    ],
)
async def test_an_ambiguous_answer_is_none(head: bytes) -> None:
    """What could be cut in two ways is not cut at all."""
    async with peer(saying(head + b"2\r\nok\r\n0\r\n\r\n")) as server:
        with pytest.raises(Failed):
            await server.text()


async def test_a_head_without_end() -> None:
    """It fails before it has taken much memory, also as interim answers without number."""
    for endless in (b"x: " + b"y" * 1000 + b"\r\n", b"z" * 1000, b"\r\nHTTP/1.1 100 Continue\r\n"):

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, part: bytes = endless) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 100 Continue\r\n")
            while True:
                writer.write(part)
                await writer.drain()

        async with asyncio.timeout(10), peer(script) as server:
            with pytest.raises(Failed, match="HeadTooLarge"):
                await server.text()


async def test_a_trailer_is_no_header() -> None:
    """What comes after the body says nothing of it."""
    chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;x=y\r\nok\r\n0\r\ncontent-encoding: gzip\r\n\r\n"
    async with peer(saying(chunked, OK)) as server:
        async with server.ask() as answered:
            assert await answered.read() == b"ok"
            assert answered.header(b"content-encoding") is None
        assert await server.text() == b"ok"
        assert server.accepted == 1


async def test_a_body_of_another_length_than_announced() -> None:
    """A longer one is not sent, it would begin the next request; a shorter one costs the connection, which waits for more."""

    async def parts(*pieces: bytes) -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    received = bytearray()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        received.extend(await reader.read())

    for pieces in ((b"ab", b"cGET / HTTP/1.1"), (b"a",)):
        async with peer(script) as server:
            with pytest.raises(Failed, match="OtherLength"):
                async with server.ask("PUT", parts(*pieces), {"content-length": "3"}) as answered:
                    await answered.read()
    assert b"GET" not in received


async def test_the_end_of_a_body() -> None:
    """Without a length the connection's end is the body's; with one, or in chunks, a missing end is a failure."""
    async with peer(saying(b"HTTP/1.1 200 OK\r\n\r\nall of it", then_close=True)) as server:
        assert await server.text() == b"all of it"
    for broken in (
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnot hex\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-len",
        b"SSH-2.0-OpenSSH\r\n",
        b"",
    ):
        async with peer(saying(broken, then_close=True)) as server:
            with pytest.raises(Failed):
                await server.text("POST", b"x")
            assert server.accepted == 1


async def test_an_interim_answer_is_not_the_answer() -> None:
    """100 Continue comes before it."""
    async with peer(saying(b"HTTP/1.1 100 Continue\r\nx-a: b\r\n\r\n" + OK)) as server, server.ask() as answered:
        assert (answered.status, answered.header(b"x-a")) == (200, None)
        assert await answered.read() == b"ok"


async def test_a_connection_that_was_closed_meanwhile() -> None:
    """What may be asked again is asked again on another one; a POST may have been heard, and fails."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        await reader.readuntil(b"\r\n\r\n")  # and closes instead of an answer

    async with peer(script) as server:
        assert [await server.text(), await server.text("PUT", b"x")] == [b"ok", b"ok"]
        assert server.accepted == 2
        with pytest.raises(Failed):
            await server.text("POST", b"x")
        assert server.accepted == 2


async def test_silence() -> None:
    """A peer that says nothing, or no more, is given up."""
    for begun in (b"", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"):
        async with peer(saying(begun)) as server:
            with pytest.raises(Failed, match="Silence"):
                async with server.ask(silence=0.05) as answered:
                    await answered.read()


async def test_no_place() -> None:
    """Who finds no free connection in time is told so, and the place is free again afterwards."""
    async with peer(saying(OK, OK)) as server:
        async with server.ask():
            with pytest.raises(Failed, match="NoConnectionFree"):
                await server.text()
        assert await server.text() == b"ok"


async def test_a_slow_reader_makes_the_peer_wait() -> None:
    """A body of any size is held in memory only in part."""
    sent = 0
    size = 64 * 1024 * 1024
    stalled = asyncio.Event()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size)
        while sent < size:
            writer.write(bytes(1024 * 1024))
            sent += 1024 * 1024
            try:
                await asyncio.wait_for(writer.drain(), None if stalled.is_set() else 0.5)
            except TimeoutError:
                stalled.set()
                await writer.drain()

    async with peer(script) as server, server.ask() as answered:
        await asyncio.wait_for(stalled.wait(), 10)
        assert sent < size // 2
        assert sum([len(chunk) async for chunk in answered.chunks()]) == size


async def test_a_body_that_is_made_meanwhile() -> None:
    """It goes out in chunks, or as it is where its length was told; an early answer ends it."""
    heard = bytearray()

    async def parts() -> AsyncIterator[bytes]:
        yield b"one"
        yield b""
        yield b"two"

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        heard.clear()
        heard.extend(await (reader.readuntil(b"0\r\n\r\n") if b"chunked" in head else reader.readexactly(6)))
        writer.write(OK)
        await script(reader, writer)

    async with peer(script) as server:
        assert await server.text("PUT", parts()) == b"ok"
        assert bytes(heard) == b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"
        async with server.ask("PUT", parts(), {"content-length": "6"}) as answered:
            assert await answered.read() == b"ok"
        assert (bytes(heard), server.accepted) == (b"onetwo", 1)

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield bytes(64 * 1024)
            await asyncio.sleep(0)

    async with peer(saying(b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n")) as server:
        for _ in range(2):
            async with server.ask("PUT", endless()) as answered:
                assert answered.status == 413
        assert server.accepted == 2


async def test_nothing_can_be_slipped_into_a_head() -> None:
    """A line break in a header would be another header, or another request."""
    async with peer(saying(OK)) as server:
        with pytest.raises(Failed, match="Unsendable"):
            async with server.ask(headers={"range": "bytes=0-\r\nx-auth-couchdb-username: admin"}):
                pass


async def test_certificates_are_verified(tmp_path: Path) -> None:
    """A peer that can't prove its name is told nothing."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "peer.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(pem)
    async with peer(saying(OK), secure=secure) as server:
        with pytest.raises(Failed, match="SSLCertVerificationError"):
            await server.text()
        assert server.accepted == 0
