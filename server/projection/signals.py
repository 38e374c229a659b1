"""Tells whoever waits, within this process, that totals have changed: in which chapters, and since which mark."""

import secrets

import anyio

EVERYWHERE = ""
"""The chapter of a change that concerns all of them: the register, with everybody's names."""


class Signals:
    """A counter per chapter and one event that wakes everybody. A waiter that was busy meanwhile misses nothing.

    A mark is "<count>-<run>"; one of another run of the server means that anything may have changed since.
    """

    def __init__(self) -> None:
        self.stopped = False
        self._run = secrets.token_hex(4)
        self._count = 0
        self._changed: dict[str, int] = {}
        self._event = anyio.Event()

    @property
    def mark(self) -> str:
        """The mark to wait from."""
        return f"{self._count}-{self._run}"

    def changed(self, chapter: str) -> None:
        """The totals of a chapter are not what they were; or, `EVERYWHERE`, what all of them are shown with."""
        self._count += 1
        self._changed[chapter] = self._count
        self._wake()

    def stop(self) -> None:
        """Wakes everybody for the last time: the server is going."""
        self.stopped = True
        self._wake()

    async def wait(self, since: str) -> tuple[str, frozenset[str]]:
        """Waits for changes after a mark: the mark to wait from next, and the chapters. Returns at once when stopped."""
        count, _, run = since.partition("-")
        known = int(count) if run == self._run and count.isdecimal() else -1
        while self._count <= known and not self.stopped:
            await self._event.wait()
        return self.mark, frozenset(chapter for chapter, changed in self._changed.items() if changed > known)

    def _wake(self) -> None:
        self._event.set()
        self._event = anyio.Event()
