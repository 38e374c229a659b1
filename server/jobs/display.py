"""Progress on a terminal as a bar, anywhere else as one JSON object a line."""

import datetime as dt
import sys
import time

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from server.jobs.watch import Display

_LINE_EVERY = 5.0


class Bar:
    """A bar for the step at work; what happened stays above it."""

    def __init__(self, console: Console) -> None:
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        self._progress = Progress(*columns, console=console, transient=True)
        self._task: TaskID | None = None
        self._at = ""
        self._progress.start()

    def show(self, database: str, step: str, done: int, total: int | None) -> None:
        """As `Display`."""
        at = f"{database}: {step}"
        if at != self._at or self._task is None:
            if self._task is not None:
                self._progress.remove_task(self._task)
            self._task, self._at = self._progress.add_task(at, total=total), at
        self._progress.update(self._task, completed=done, total=total)

    def say(self, **fields: object) -> None:
        """As `Display`."""
        self._progress.console.print(" ".join(f"{name}={value}" for name, value in fields.items()), highlight=False)

    def close(self) -> None:
        """As `Display`."""
        self._progress.stop()


class Lines:
    """Lines for a journal: every step once, a long one every few seconds."""

    def __init__(self) -> None:
        self._at = ""
        self._said = 0.0

    def show(self, database: str, step: str, done: int, total: int | None) -> None:
        """As `Display`."""
        at, now = f"{database}: {step}", time.monotonic()
        if at != self._at or now - self._said >= _LINE_EVERY:
            self._at, self._said = at, now
            self.say(database=database, step=step, done=done, total=total)

    def say(self, **fields: object) -> None:
        """As `Display`."""
        at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        print(msgspec.json.encode({"at": at, **fields}).decode(), flush=True)  # noqa: T201 the command line's answer

    def close(self) -> None:
        """As `Display`."""


def display() -> Display:
    """What suits where the output goes."""
    return Bar(Console()) if sys.stdout.isatty() else Lines()
