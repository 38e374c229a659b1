"""Progress of a job: shown to whoever looks, and missed when it does not come."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from sync.replication import Report, Stalled

_SHOWN_EVERY = 0.2


class Display(Protocol):
    """Where progress is shown."""

    def show(self, database: str, step: str, done: int, total: int | None) -> None:
        """`done` of `total` (None: unknown) documents or bytes of a step."""

    def say(self, **fields: object) -> None:
        """Something that happened once."""

    def close(self) -> None:
        """Nothing more is shown."""


class Watch:
    """Passes progress on to a display, and stops what makes none for `patience` seconds."""

    def __init__(self, display: Display, patience: float) -> None:
        self.display = display
        self._patience = patience
        self._deadlines: list[asyncio.Timeout] = []  # the outermost first
        self._shown = 0.0

    @asynccontextmanager
    async def over(self) -> AsyncIterator[None]:
        """Raises Stalled when nothing in here made progress for so long."""
        deadline = asyncio.timeout(self._patience)
        self._deadlines.append(deadline)
        try:
            async with deadline:
                yield
        except TimeoutError:
            if not deadline.expired():  # somebody else's
                raise
            raise Stalled(self._patience) from None
        finally:
            self._deadlines.remove(deadline)

    def progress(self, database: str, step: str, done: int = 0, total: int | None = None) -> None:
        """Something got done."""
        for deadline in self._deadlines:
            if not deadline.expired():
                deadline.reschedule(asyncio.get_running_loop().time() + self._patience)
        now = time.monotonic()
        if now - self._shown >= _SHOWN_EVERY or done == total:
            self._shown = now
            self.display.show(database, step, done, total)

    def of_replication(self, database: str, step: str, seen: Report) -> None:
        """Progress as a replication reports it."""
        done = seen.missing_checked
        self.progress(database, step, done, done + seen.pending if seen.pending >= 0 else None)
