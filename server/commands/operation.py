"""`otkrytka rebuild`, `settings` and `doctor`."""

import os
import re
from collections.abc import Iterator

from server.commands.running import FAILED, catalog, run, say
from server.commands.running import settings as chosen_settings
from server.doctor import Finding, examine
from server.jobs.display import display
from server.projection import rebuild as rebuilding
from server.settings import SETTINGS

_PASSWORD = re.compile(r"//[^/]*@")


def rebuild() -> None:
    """Make the totals again from the databases, compare, and put them in place. Safe beside a running server."""
    chosen = chosen_settings()

    shown = display()

    def told(read: int, total: int) -> None:
        shown.show("totals", "read", read, total)

    async def work() -> rebuilding.Rebuilt:
        async with catalog(chosen) as opened:
            return await rebuilding.rebuild(opened, chosen.projection, told=told)

    try:
        found = run(work())
    finally:
        shown.close()
    say(f"Read {found.documents} documents of {found.events} events.")
    if found.differing:
        say(f"{len(found.differing)} events had other numbers before; they are right now:")
        for event in found.differing:
            say(f"  {event}")
    else:
        say(f"The numbers are what they were, in all {found.compared} databases that could be compared.")


def settings() -> None:
    """List every setting with its meaning, its default and its present value."""
    chosen_settings()
    for line in _described():
        say(line)


def _described() -> Iterator[str]:
    for setting in SETTINGS:
        value = os.environ.get(setting.name)
        shown = "(not set)" if not value else "(set, not shown)" if setting.secret else _PASSWORD.sub("//…@", value)
        yield setting.name
        yield f"    {setting.meaning}"
        yield f"    default: {setting.default}"
        yield f"    now:     {shown}"


def doctor() -> None:
    """Check what a server needs: folder, store, secret, totals, phone app. Exit code 1 when something is wrong."""
    findings: list[Finding] = run(examine(chosen_settings()))
    for finding in findings:
        say(f"{'ok   ' if finding.good else 'WRONG'}  {finding.subject}: {finding.text}")
    if not all(finding.good for finding in findings):
        raise SystemExit(FAILED)
