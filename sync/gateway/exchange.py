"""One connection to CouchDB, and one request and its answer on it at a time (HTTP/1.1).

    Exchange.ask ─► head and body written ─► httptools ─► Answered: status, headers ─► chunks as they come

A general client (aiohttp, httpx2) spends more processor time on a request than all the rest of the gateway does.
"""

import asyncio
import re
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from http import HTTPStatus
from typing import NamedTuple, cast

import httptools

# Bytes of an answer that wait for their reader before CouchDB is made to wait.
_BUFFERED = 256 * 1024
# Bytes within which an answer's head ends; CouchDB's own are a hundredth of it.
_LARGEST_HEAD = 64 * 1024
_WITH_A_BODY = frozenset(("POST", "PUT"))
# What may be asked again where a connection turns out to have been closed while nobody used it.
_REPEATABLE = frozenset(("GET", "HEAD", "PUT", "DELETE"))
# An answer that has no body, whatever its head says.
_WITHOUT_A_BODY = frozenset((HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED))
_NOT_IN_A_HEAD = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class Failed(Exception):
    """There is no answer, or its end is missing. The text is a kind of failure and holds nothing of the request."""


class Question(NamedTuple):
    """One request. A body that is made meanwhile goes out in chunks, unless `content-length` announces its length."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes | AsyncIterable[bytes] | None = None

    @property
    def is_repeatable(self) -> bool:
        """Whether it may be asked a second time where nobody knows what became of the first."""
        return self.method in _REPEATABLE and (self.body is None or isinstance(self.body, bytes))

    @property
    def length(self) -> int | None:
        """Bytes of the body, where that is known beforehand."""
        if isinstance(self.body, bytes):
            return len(self.body)
        if self.body is None:
            return 0 if self.method in _WITH_A_BODY else None
        announced = self.headers.get("content-length")
        return None if announced is None else int(announced)

    def head(self) -> bytes:
        """Its head. Raises Failed for what would be another header or another request."""
        lines = [f"{self.method} {self.target} HTTP/1.1", *[f"{name}: {value}" for name, value in self.headers.items()]]
        if self.length is not None and "content-length" not in self.headers:
            lines.append(f"content-length: {self.length}")
        elif self.length is None and self.body is not None:
            lines.append("transfer-encoding: chunked")
        if _NOT_IN_A_HEAD.search("".join(lines)):
            raise Failed("Unsendable")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Exchange(asyncio.Protocol):
    """A connection. `reused` says that it has answered before, so the other side may have closed it meanwhile."""

    def __init__(self) -> None:
        self.reused = False
        self.idle_since = 0.0
        self.answer: Answered | None = None
        self._transport: asyncio.Transport | None = None
        self._drained = asyncio.Event()
        self._drained.set()

    # -- what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self.answer is None:
            self.abort()  # nobody has asked
            return
        self.answer.feed(data)

    def eof_received(self) -> None:
        return None  # closes

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._drained.set()
        if self.answer is not None:
            self.answer.end(whole=exc is None and self.answer.ends_with_the_connection)

    def pause_writing(self) -> None:
        self._drained.clear()

    def resume_writing(self) -> None:
        self._drained.set()

    # -- what the pool calls

    @property
    def is_open(self) -> bool:
        """Whether it can be asked something."""
        return self._transport is not None and not self._transport.is_closing()

    def abort(self) -> None:
        """Closes it at once."""
        if self._transport is not None:
            self._transport.abort()

    async def ask(self, question: Question, silence: float | None) -> "Answered":
        """The answer once its head is here. Raises Failed, also when nothing comes for `silence` seconds."""
        answer = self.answer = Answered(self, question.method, silence)
        if self._transport is None:
            raise Failed("Closed")
        head, body = question.head(), question.body
        if body is None:
            self._transport.write(head)
        elif isinstance(body, bytes):
            self._transport.writelines((head, body))
        else:
            self._transport.write(head)
            await self._pour(answer, body, question.length, silence)
        await answer.begun()
        return answer

    async def _pour(
        self, answer: "Answered", body: AsyncIterable[bytes], length: int | None, silence: float | None
    ) -> None:
        """Sends a body that is made meanwhile; stops where CouchDB has answered before its end.

        Raises Failed for one that is not as long as announced: what is too much would begin the next request, and where
        something lacks the next request would be taken for it.
        """
        chunked, left = length is None, length or 0
        async for chunk in body:
            if self._transport is None or answer.status:
                answer.keeps_connection = False
                return
            left -= len(chunk)
            if not chunked and left < 0:
                raise Failed("OtherLength")
            if chunk:
                self._transport.write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if chunked else chunk)
            try:
                async with asyncio.timeout(silence):
                    await self._drained.wait()
            except TimeoutError:
                raise Failed("Silence") from None
        if not chunked and left:
            raise Failed("OtherLength")
        if chunked and self._transport is not None:
            self._transport.write(b"0\r\n\r\n")

    def pause(self) -> None:
        """Makes CouchDB wait with the rest of its answer."""
        if self._transport is not None and self.is_open:
            self._transport.pause_reading()

    def resume(self) -> None:
        """Lets it go on."""
        if self._transport is not None and self.is_open:
            self._transport.resume_reading()


class Answered:
    """The answer to one request. Its body is read once, and stays as it is encoded."""

    def __init__(self, exchange: Exchange, method: str, silence: float | None) -> None:
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.keeps_connection = True
        self._ended = False
        self._exchange = exchange
        self._method = method
        self._silence = silence
        self._whole = False
        self._failure = ""
        self._head_size = 0
        self._waiting: asyncio.Future[None] | None = None
        self._pieces: list[bytes] = []
        self._size = 0
        self._paused = False
        self._parser = httptools.HttpResponseParser(self)

    @property
    def is_read(self) -> bool:
        """Whether all of it came and was read."""
        return self._whole and not self._pieces

    @property
    def ends_with_the_connection(self) -> bool:
        """Whether nothing else says how long the body is."""
        named = (self.header(b"content-length"), self.header(b"transfer-encoding"))
        return self.status != 0 and named == (None, None)

    def header(self, name: bytes) -> bytes | None:
        """A header by its name in lower case; the last one where it is repeated."""
        return next((value for known, value in reversed(self.headers) if known == name), None)

    async def begun(self) -> None:
        """Returns when the head is here. Raises Failed."""
        while not self.status:
            if self._ended:
                raise Failed(self._failure or "Closed")
            await self._more()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises Failed where its end is missing."""
        while True:
            if self._pieces:
                piece = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
                self._pieces.clear()
                self._size = 0
                if self._paused:
                    self._paused = False
                    self._exchange.resume()
                yield piece
            elif self._ended:
                if not self._whole:
                    raise Failed(self._failure or "BrokenOff")
                return
            else:
                await self._more()

    async def read(self) -> bytes:
        """The whole body."""
        return b"".join([chunk async for chunk in self.chunks()])

    async def _more(self) -> None:
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        timer = None if self._silence is None else loop.call_later(self._silence, self._give_up)
        try:
            await self._waiting
        finally:
            self._waiting = None
            if timer is not None:
                timer.cancel()

    def _give_up(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(Failed("Silence"))

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def feed(self, data: bytes) -> None:
        """Takes what came over the connection."""
        if self._ended:
            self._exchange.abort()  # more than was announced: it would pass for the next caller's answer
            return
        if not self.status:
            self._head_size += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail("Malformed")
        if not self.status and self._head_size > _LARGEST_HEAD:
            self._fail("HeadTooLarge")
        self._wake()

    def end(self, *, whole: bool) -> None:
        """Nothing more will come."""
        if not self._ended:
            self._ended, self._whole = True, whole
            self._wake()

    def _fail(self, kind: str) -> None:
        if not self._ended:
            self._failure = kind
        self.end(whole=False)
        self._exchange.abort()

    # -- what httptools calls

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self.status:  # not a trailer, nor what follows the answer
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if self._ended:
            self.keeps_connection = False  # an answer to nothing follows
            return
        if status < HTTPStatus.OK:
            self.headers.clear()
            return
        self.status = status
        if self._method == "HEAD" or status in _WITHOUT_A_BODY:
            # CouchDB at times sends a body where there must be none: it would pass for the next caller's answer.
            self.keeps_connection = False
            self._ended = self._whole = True

    def on_body(self, body: bytes) -> None:
        if self._ended:
            return
        self._pieces.append(body)
        self._size += len(body)
        if self._size > _BUFFERED and not self._paused:
            self._paused = True
            self._exchange.pause()

    def on_message_complete(self) -> None:
        if self.status and not self._ended:
            self.keeps_connection = self.keeps_connection and self._parser.should_keep_alive()
            self.end(whole=True)
