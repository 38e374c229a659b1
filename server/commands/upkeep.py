"""`otkrytka nightly`, `backup` and `restore`."""

import asyncio
import datetime as dt
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from server.commands.running import FAILED, WRONG_SETTING, catalog, fail, run, say
from server.commands.running import settings as chosen_settings
from server.hub.membership import Membership, membership
from server.jobs import lock
from server.jobs.backups import Backups, sets_in
from server.jobs.display import display
from server.jobs.lock import LockHeld
from server.jobs.night import NightlyJob
from server.jobs.report import MEANINGS, BackupNight, Exit, Night
from server.jobs.restoring import Staged, staged
from server.jobs.sealing import CannotUnseal, identities_in
from server.jobs.watch import Watch
from server.settings import Settings, WrongSetting
from sync.errors import SyncError

_CODES = "\n\n".join(f"{code.value}  {meaning}." for code, meaning in MEANINGS.items())
NIGHTLY_HELP = f"""Replicate with upstream and prove both sides equal; compact, back up, check. Safe beside a running server.

Exit codes:

{_CODES}"""


def nightly() -> None:
    """As NIGHTLY_HELP says."""
    chosen = chosen_settings()
    try:
        with lock.held(chosen.data, lock.IN_USE, shared=True), lock.held(chosen.data, lock.NIGHTLY):
            night = _run(chosen)
    except LockHeld as error:
        fail(str(error), Exit.LOCKED)
    _leave(night)


def _run(chosen: Settings) -> Night:
    try:
        member = membership(chosen)
    except WrongSetting as error:
        fail(str(error), WRONG_SETTING)
    shown = display()
    try:
        return asyncio.run(_night(chosen, member, Watch(shown, chosen.patience.total_seconds())))
    except (SyncError, OSError) as error:
        fail(f"the nightly job could not run: {error}", Exit.BROKEN)
    finally:
        shown.close()


async def _night(chosen: Settings, member: Membership | None, watch: Watch) -> Night:
    async with catalog(chosen) as opened:
        night = await NightlyJob(chosen, opened, member, watch).run()
        if night.exit == Exit.STALLED:
            _leave(night)  # at once: what hangs in a thread would hold the process for ever
        return night


def _leave(night: Night) -> NoReturn:
    code = Exit(night.exit or 0)
    say(f"Exit code {code.value}: {MEANINGS[code]}.")
    for slug in night.silent:
        say(f"{slug}: not heard from since {_heard(night, slug)}.")
    sys.stdout.flush()
    if code is Exit.STALLED:
        os._exit(code)
    raise SystemExit(code.value)


def _heard(night: Night, database: str) -> str:
    """When a database was last heard from, for people."""
    moment = next((row.heard for row in night.databases if row.database == database), None)
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else "ever"


def backup() -> None:
    """Make a backup now, and check it by restoring it beside. Safe beside a running server."""
    chosen = chosen_settings()
    row = BackupNight()

    async def work() -> Path:
        shown = display()
        try:
            watch = Watch(shown, chosen.patience.total_seconds())
            async with catalog(chosen) as opened, watch.over():
                return await Backups(chosen, opened, watch).make(row)
        finally:
            shown.close()

    try:
        with lock.held(chosen.data, lock.IN_USE, shared=True), lock.held(chosen.data, lock.NIGHTLY):
            made = run(work())
    except LockHeld as error:
        fail(str(error), Exit.LOCKED)
    say(f"{made}: {row.databases} databases, {row.bytes} bytes, {'encrypted' if row.encrypted else 'not encrypted'}.")


def restore(
    source: Annotated[
        Path | None,
        typer.Argument(help="The backup, as a folder. Without it the latest one is taken.", show_default=False),
    ] = None,
    database: Annotated[list[str] | None, typer.Option(help="Only this database; may be repeated.")] = None,
    identity: Annotated[Path | None, typer.Option(help="File with the age private key of an encrypted backup.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check everything, change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put databases back as they were in a backup. No server may be running on the data folder."""
    chosen = chosen_settings()
    taken = source or next(iter(sets_in(chosen.backups)), None)
    if taken is None:
        fail(f"there is no backup in {chosen.backups}.")
    try:
        with lock.held(chosen.data, lock.IN_USE):
            run(_restore(chosen, taken, database or [], identity, dry_run=dry_run, yes=yes))
    except LockHeld as error:
        fail(str(error), Exit.LOCKED)
    except CannotUnseal as error:
        fail(str(error))


async def _restore(
    chosen: Settings, taken: Path, only: list[str], identity: Path | None, *, dry_run: bool, yes: bool
) -> None:
    identities = identities_in(identity) if identity else []
    async with staged(chosen, taken, only, identities) as ready:
        say(f"{taken} was made {_ago(ready.manifest.made)} ago. Everything in it is whole:")
        for line in await _described(ready):
            say(line)
        if dry_run:
            say("Nothing was changed (--dry-run).")
            return
        if not yes and not (sys.stdin.isatty() and typer.confirm("Put these databases in place?")):
            fail("nothing was changed. Say --yes to go on without being asked.", FAILED)
        aside = await ready.put_in_place()
    say("Done. What was counted since comes back as phones and hubs connect: they offer everything again.")
    if aside is not None:
        say(f"What was here before is in {aside}; remove it when all is well.")


async def _described(ready: Staged) -> list[str]:
    here = await ready.documents_here()
    return [
        f"  {kept.database}: {kept.documents} documents; here now: {'none' if now is None else f'{now} (with deleted ones)'}"
        for kept in ready.manifest.databases
        for now in (here[kept.database],)
    ]


def _ago(made: dt.datetime) -> str:
    hours = (dt.datetime.now(dt.UTC) - made).total_seconds() / 3600
    return f"{hours / 24:.1f} days" if hours >= 48 else f"{hours:.1f} hours"
