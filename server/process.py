"""One server process: a socket, the application, and an end that is quick and in order."""

import ctypes
import gc
import logging
import os
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

import uvicorn

from server.addresses import listening
from server.app import create_app
from server.settings import Settings
from sync.protocol.serve import allow_open_files

_GRACE_SECONDS = 3
_ARENA_MAX = -8
"""glibc's `M_ARENA_MAX` (malloc.h)."""
_CACHES = 64 << 20
"""Bytes that SQLite may hold in all databases together before it reuses what is cached instead of asking for more."""


class Occupied(Exception):
    """The address can't be listened on; the text is a sentence for the operator."""


def share_memory() -> None:
    """Lets all threads take memory from one place; does nothing where the C library is another than glibc.

    glibc gives each thread a heap of its own, and what one of them lets go of is not there for the others: 12 MB of a server
    whose threads wait for each other anyway. To be called before there are any.
    """
    if hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_ARENA_MAX, 1)


def bound_caches() -> None:
    """Bounds the memory of all databases together, of whatever file; one that needs more all the same gets it.

    Every connection may cache 2 MB of its file and more while it writes, and a server of eighty chapters has some hundreds:
    once all of them had been read, 170 MB more stayed for good, without any gain in speed.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"PRAGMA soft_heap_limit = {_CACHES}")


def open_door(settings: Settings, host: str, port: int) -> socket.socket:
    """Listens, and notes where (port 0: any free one), before anybody is told the address. Raises Occupied."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        door = socket.create_server((host, port), family=family)
    except OSError as error:
        number = error.errno or 0
        reason = os.strerror(number) if number > 0 else "No such host"  # below are the resolver's numbers
        raise Occupied(f"{host}:{port} can't be listened on: {reason}. Choose another --host or --port.") from None
    listening(settings, host, door.getsockname()[1])
    return door


class Failed(Exception):
    """The server has ended by itself; the text is a sentence for the operator."""


def serve(settings: Settings, door: socket.socket) -> None:
    """Serves until the process is told to stop (SIGINT, SIGTERM). Raises Failed where the application ended without that."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # it would log every request with its path
    allow_open_files()
    bound_caches()
    config = uvicorn.Config(
        create_app(settings),
        access_log=False,  # an access log would hold addresses
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = Stoppable(config)
    server.run([door])
    if server.lifespan.error_occurred:
        raise Failed("The server has failed and ended; where, is in the lines above. It may be started again.")


class Stoppable(uvicorn.Server):
    """A server whose open streams end when it is told to stop, and for which being told so is an ordinary end."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Sets aside what stays for good: the collector would look through it again and again while requests wait."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Without uvicorn's last step, which sends the signal again and so ends the process with a failure."""
        with super().capture_signals():
            yield
            self._captured_signals.clear()

    async def on_tick(self, counter: int) -> bool:
        """Ends also when the application has ended: it would go on answering, from databases that are closed."""
        return await super().on_tick(counter) or self.lifespan.error_occurred

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends streams, then waits for requests in flight."""
        self.config.loaded_app.state.stopping()
        await super().shutdown(sockets)
