"""Trying again: which errors pass by themselves, how long to wait, and when to give up."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

from sync.errors import OutOfSpace, SyncError, Unavailable

T = TypeVar("T")


class Stalled(SyncError):
    """Nothing got done for `seconds`, though there was something to do."""

    error = "stalled"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"No progress for {seconds:g} seconds")
        self.seconds = seconds


class Backoff:
    """Exponential, capped, with full jitter: before attempt n + 1 wait between 0 and min(cap, base · 2ⁿ) seconds.

    The jitter keeps a hundred phones that lost the same server from coming back in the same moment. `chance` and `sleep` are
    given by tests.
    """

    def __init__(
        self,
        base: float = 0.25,
        cap: float = 30.0,
        *,
        chance: random.Random | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._base = base
        self._cap = cap
        self._chance = chance or random.Random()  # noqa: S311 - spreads load, hides nothing
        self._sleep = sleep

    async def pause(self, failures: int) -> None:
        """Waits as long as is right after so many failures in a row (1, 2, …)."""
        ceiling = min(self._cap, self._base * 2.0 ** min(failures - 1, 32))
        await self._sleep(self._chance.uniform(0, ceiling))


def is_transient(error: SyncError) -> bool:
    """Whether the same request may do better later."""
    return isinstance(error, Unavailable | OutOfSpace)


class Persistence:
    """Keeps trying, and keeps watch that it leads to something."""

    def __init__(
        self,
        backoff: Backoff,
        attempts: int | None,
        no_progress_timeout: float | None,
        on_failure: Callable[[SyncError], None],
    ) -> None:
        self._backoff = backoff
        self._attempts = attempts
        self._patience = no_progress_timeout
        self._on_failure = on_failure
        self._deadline = asyncio.timeout(None)
        self._idle = False

    async def __call__(self, work: Callable[[], Awaitable[T]]) -> T:
        """The result of `work`, tried until it succeeds. Raises its error when that won't pass or the attempts are used up."""
        failures = 0
        while True:
            try:
                result = await work()
            except SyncError as error:
                failures += 1
                await self.after(error, failures)
            else:
                self.progress()
                return result

    async def after(self, error: SyncError, failures: int) -> None:
        """Waits before another attempt, or raises the error when there should be none."""
        if not is_transient(error) or (self._attempts is not None and failures >= self._attempts):
            raise error
        self._on_failure(error)
        await self._backoff.pause(failures)

    def give_up_at_once(self) -> None:
        """From now on nothing is tried twice."""
        self._attempts = 1

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[None]:
        """Raises Stalled when nothing calls `progress` for too long in here."""
        try:
            self._deadline = asyncio.timeout(self._patience)
            async with self._deadline:
                yield
        except TimeoutError:
            if self._patience is None or not self._deadline.expired():  # not ours
                raise
            raise Stalled(self._patience) from None

    def progress(self) -> None:
        """Something got done."""
        if self._patience is not None and not self._idle:
            self._deadline.reschedule(asyncio.get_running_loop().time() + self._patience)

    @contextmanager
    def idle(self) -> Iterator[None]:
        """While there is nothing to do, no progress is no fault."""
        self._idle = True
        self._deadline.reschedule(None)
        yield
        self._idle = False
        self.progress()
