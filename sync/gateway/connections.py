"""Connections to CouchDB, in two bounded pools."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from sync.gateway.exchange import Answered, Exchange, Failed, Question

_CONNECT = 5.0
_IDLE = 15.0  # seconds after which a connection is not used again: something on the way may have forgotten it


class Origin(NamedTuple):
    """Where a CouchDB listens."""

    host: str
    port: int
    secure: bool


class Connections:
    """At most `requests` connections for ordinary requests, and `feeds` for those that wait for changes.

    They are apart, so a thousand waiting phones leave the connections of the others alone. A request that finds no free
    connection for `patience` seconds fails, rather than wait in a queue that only grows. Certificates are always verified.
    """

    def __init__(self, *, requests: int = 64, feeds: int = 4096, patience: float = 10.0) -> None:
        self._pools = {False: _Pool(requests, patience), True: _Pool(feeds, patience)}

    async def close(self) -> None:
        """Closes every connection."""
        for pool in self._pools.values():
            pool.close()

    @asynccontextmanager
    async def request(
        self,
        origin: Origin,
        question: Question,
        *,
        feed: bool,
        silence: float | None,
    ) -> AsyncIterator[Answered]:
        """The answer, its body still to come and still encoded. `silence` is how many seconds may pass without a byte of it.

        Leaving before its end closes the connection. Raises Failed.
        """
        pool = self._pools[feed]
        await pool.enter()
        exchange = None
        try:
            exchange, answer = await _asked(pool, origin, question, silence)
            yield answer
        finally:
            pool.leave(origin, exchange)


async def _asked(pool: "_Pool", origin: Origin, question: Question, silence: float | None) -> tuple[Exchange, Answered]:
    while True:
        exchange = await pool.take(origin)
        try:
            return exchange, await exchange.ask(question, silence)
        except BaseException as error:
            stale = exchange.reused and not exchange.is_open
            pool.drop(exchange)
            if not (isinstance(error, Failed) and stale and question.is_repeatable):
                raise


class _Pool:
    def __init__(self, limit: int, patience: float) -> None:
        self._places = asyncio.Semaphore(limit)
        self._patience = patience
        self._idle: dict[Origin, list[Exchange]] = {}
        self._used: set[Exchange] = set()
        self._secure: ssl.SSLContext | None = None

    async def enter(self) -> None:
        """Waits for a place. Raises Failed when there is none in time."""
        if not self._places.locked():
            await self._places.acquire()
            return
        try:
            async with asyncio.timeout(self._patience):
                await self._places.acquire()
        except TimeoutError:
            raise Failed("NoConnectionFree") from None

    def leave(self, origin: Origin, exchange: Exchange | None) -> None:
        """Gives the place back; keeps the connection where its answer was read to the end and allows it."""
        self._places.release()
        if exchange is None:
            return
        self._used.discard(exchange)
        answer, exchange.answer = exchange.answer, None
        if answer is not None and answer.is_read and answer.keeps_connection and exchange.is_open:
            exchange.reused = True
            exchange.idle_since = time.monotonic()
            self._idle.setdefault(origin, []).append(exchange)
        else:
            exchange.abort()

    async def take(self, origin: Origin) -> Exchange:
        """A connection that is open, as far as one can know. Raises Failed."""
        idle = self._idle.get(origin, [])
        while idle:
            exchange = idle.pop()
            if exchange.is_open and time.monotonic() - exchange.idle_since < _IDLE:
                self._used.add(exchange)
                return exchange
            exchange.abort()
        try:
            async with asyncio.timeout(_CONNECT):
                _, exchange = await asyncio.get_running_loop().create_connection(
                    Exchange, origin.host, origin.port, ssl=self._context() if origin.secure else None
                )
        except OSError as error:  # a TimeoutError too
            raise Failed(type(error).__name__) from error
        self._used.add(exchange)
        return exchange

    def drop(self, exchange: Exchange) -> None:
        """Closes a connection that did not answer."""
        self._used.discard(exchange)
        exchange.abort()

    def _context(self) -> ssl.SSLContext:
        if self._secure is None:
            self._secure = ssl.create_default_context()
        return self._secure

    def close(self) -> None:
        """Closes all there are."""
        for exchange in (*self._used, *(one for idle in self._idle.values() for one in idle)):
            exchange.abort()
        self._idle.clear()
