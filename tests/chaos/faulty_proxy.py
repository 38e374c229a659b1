"""A way to a server on which things go wrong, as a seed decides: each request meets one fate.

    pass     through, as it is              refuse   the connection is reset before the server hears anything
    fail     500 from the way itself        cut      the server answers; part of the answer arrives, then a reset
    hang     no answer, until the client gives up

`cut` is the one that matters most: the server has stored what it was sent, and the client does not know.
"""

import asyncio
import contextlib
import random
import threading
import weakref
from collections import Counter

FATES = ("pass", "refuse", "fail", "cut", "hang")
_FAILURE = b'{"error":"internal_server_error","reason":"a fault on the way"}'
_PIECE = 16 * 1024


class FaultyProxy:
    """Listens on a free port of loopback, in a thread of its own. `weights` are those of FATES; all pass at first."""

    def __init__(self, target: int, seed: int, host: str = "127.0.0.1") -> None:
        self._host = host
        self.weights = (1, 0, 0, 0, 0)
        self.met: Counter[str] = Counter()
        self.port = 0
        self._target = target
        self._chance = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        # The event loop itself would forget a task that only waits.
        self._serving: set[asyncio.Task[None] | None] = set()
        self._writers: weakref.WeakSet[asyncio.StreamWriter] = weakref.WeakSet()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "FaultyProxy":
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(self._end())
        self._loop.close()

    async def _end(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(writer.wait_closed() for writer in self._writers), return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, which is one request: both sides are told to close it afterwards."""
        task = asyncio.current_task()
        self._serving.add(task)
        self._writers.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = await reader.readuntil(b"\r\n\r\n")
            [fate] = self._chance.choices(FATES, self.weights)
            self.met[fate] += 1
            await self._meet(fate, head, reader, writer)
        writer.close()
        self._serving.discard(task)

    async def _meet(self, fate: str, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if fate == "refuse":
            writer.transport.abort()
        elif fate == "hang":
            await reader.read()
        elif fate == "fail":
            length = str(len(_FAILURE)).encode()
            writer.write(
                b"HTTP/1.1 500 Fault\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: "
            )
            writer.write(length + b"\r\n\r\n" + _FAILURE)
            await writer.drain()
        else:
            await self._forward(head, reader, writer, limit=self._chance.randrange(1, 2000) if fate == "cut" else None)

    async def _forward(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: int | None
    ) -> None:
        upstream_reader, upstream_writer = await asyncio.open_connection(self._host, self._target)
        self._writers.add(upstream_writer)
        lines = [line for line in head.split(b"\r\n") if line and not line.lower().startswith(b"connection:")]
        upstream_writer.write(b"\r\n".join([*lines, b"connection: close"]) + b"\r\n\r\n")
        sending = asyncio.create_task(_pump(reader, upstream_writer))
        try:
            sent = 0
            while piece := await upstream_reader.read(_PIECE):
                if limit is not None and sent + len(piece) > limit:
                    writer.write(piece[: limit - sent])
                    writer.transport.abort()
                    return
                writer.write(piece)
                sent += len(piece)
                await writer.drain()
        finally:
            sending.cancel()
            upstream_writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
