"""Those who wait for something to happen: a future each, woken from any thread, holding none."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Waiters:
    """A set of futures on any number of event loops."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: set[asyncio.Future[None]] = set()

    @contextmanager
    def joined(self) -> Iterator["asyncio.Future[None]"]:
        """A future that the next `wake` resolves, also one between joining and awaiting it."""
        woken = asyncio.get_running_loop().create_future()
        with self._lock:
            self._waiting.add(woken)
        try:
            yield woken
        finally:
            with self._lock:
                self._waiting.discard(woken)

    def wake(self) -> None:
        """Resolves every future that waits now."""
        with self._lock:
            waiting, self._waiting = self._waiting, set()
        loops: defaultdict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = defaultdict(list)
        for woken in waiting:
            loops[woken.get_loop()].append(woken)
        for loop, futures in loops.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(_resolve, futures)


def _resolve(futures: list["asyncio.Future[None]"]) -> None:
    for woken in futures:
        if not woken.done():
            woken.set_result(None)
