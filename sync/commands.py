"""`replicate` and `digest` as commands: a progress display on a terminal, lines of JSON elsewhere."""

import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import TextIO

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from sync.places import Place, place
from sync.replication import Options, Report
from sync.replication import replicate as run

OK = 0
UNWELL = 1
_ATTEMPTS = 10


def say(text: str, file: TextIO | None = None) -> None:
    """A line for people or for whoever reads our output."""
    print(text, file=file or sys.stdout, flush=True)


async def replicate(
    source: str, target: str, *, continuous: bool = False, create: bool = False, doc_ids: Sequence[str] | None = None
) -> int:
    """Replicates, showing how far it is, and prints the report. UNWELL when a document was refused."""
    options = Options(
        continuous=continuous,
        doc_ids=None if doc_ids is None else tuple(doc_ids),
        attempts=None if continuous else _ATTEMPTS,
    )
    async with AsyncExitStack() as stack:
        here, there = place(source), place(target)
        for one in (here, there):
            stack.push_async_callback(one.catalog.close)
        display = stack.enter_context(_Display(here, there))
        report = await run(await here.open(), await there.open(create=create), options, on_progress=display.show)
    say(_line("replicated", here, there, report))
    return OK if report.ok else UNWELL


async def digest(places: Sequence[str]) -> int:
    """Prints the root of each database's digest. UNWELL when there are several and they differ."""
    roots = set()
    for text in places:
        one = place(text)
        try:
            root = (await (await one.open()).digest())[0]
        finally:
            await one.catalog.close()
        say(f"{root.hash} {root.count} {one.shown}")
        roots.add(root.hash)
    return OK if len(roots) == 1 else UNWELL


class _Display:
    """A bar where somebody looks at a terminal, else a line of JSON whenever it caught up or a checkpoint was noted."""

    def __init__(self, here: Place, there: Place) -> None:
        self._here, self._there = here, there
        self._noted = 0
        console = Console(stderr=True)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task(f"{here.shown} → {there.shown}", total=None)

    def __enter__(self) -> "_Display":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    async def show(self, report: Report) -> None:
        """Called by the replication after each batch."""
        total = None if report.pending < 0 else report.missing_checked + report.pending
        self._bar.update(self._task, completed=report.missing_checked, total=total)
        if self._bar.disable and (report.waiting or report.checkpoints > self._noted):
            self._noted = report.checkpoints
            say(_line("waiting" if report.waiting else "progress", self._here, self._there, report), sys.stderr)


def _line(event: str, here: Place, there: Place, report: Report) -> str:
    told = {"event": event, "source": here.shown, "target": there.shown, **msgspec.to_builtins(report)}
    return msgspec.json.encode(told).decode()
