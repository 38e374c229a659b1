"""`otkrytka move`: every database from one store to another."""

import asyncio
from dataclasses import replace
from typing import Annotated

import typer

from server.commands.running import fail, say
from server.commands.running import settings as chosen_settings
from server.couchdb import Administration, CouchdbError, prepare
from server.jobs import lock
from server.jobs.display import display
from server.jobs.lock import LockHeld
from server.jobs.move import MEANINGS, Carried, Exit, verdict
from server.jobs.move import move as carry
from server.jobs.watch import Watch
from server.settings import Settings, WrongSetting, couchdb_of
from server.stores import open_catalog
from sync.errors import SyncError

_CODES = "\n\n".join(f"{code.value}  {meaning}." for code, meaning in MEANINGS.items())
MOVE_HELP = f"""Carry every database from one store to another, and prove by digests that both hold the same.

A store is `sqlite` (the data folder), `couchdb` (the one that OTKRYTKA_STORE names) or couchdb+https://user:password@host:port.
May be broken off and run again. Stop the servers first: what one takes in meanwhile stays behind.

Exit codes:

{_CODES}"""


def move(
    source: Annotated[str, typer.Option("--from", metavar="STORE", help="Where the databases are.")],
    target: Annotated[str, typer.Option("--to", metavar="STORE", help="Where they go.")],
) -> None:
    """As MOVE_HELP says."""
    chosen = chosen_settings()
    try:
        here, there = _at(chosen, "--from", source), _at(chosen, "--to", target)
    except WrongSetting as error:
        fail(str(error), Exit.STORE)
    if _address(here) == _address(there):
        fail("--from and --to are the same store.", Exit.STORE)
    try:
        with lock.held(chosen.data, lock.IN_USE):
            rows = _move(here, there)
        at_work = False
    except LockHeld as held:
        say(f"Warning: {held}")
        say("What it takes in from now on stays behind; move again when it is stopped.")
        rows, at_work = _move(here, there), True
    _leave(rows, at_work=at_work)


def _at(chosen: Settings, option: str, store: str) -> Settings:
    """The settings of a server with this store. Raises WrongSetting."""
    if store != "couchdb":
        return replace(chosen, couchdb=couchdb_of(option, store))
    if chosen.couchdb is None:
        raise WrongSetting(option, "OTKRYTKA_STORE names no CouchDB.")
    return chosen


def _address(store: Settings) -> str | None:
    return None if store.couchdb is None else Administration(store.couchdb.reveal()).address


def _move(here: Settings, there: Settings) -> list[Carried]:
    shown = display()
    try:
        if there.couchdb is not None:
            for sentence in prepare(Administration(there.couchdb.reveal())):
                shown.say(prepared=sentence)
        return asyncio.run(_between(here, there, Watch(shown, here.patience.total_seconds())))
    except (CouchdbError, SyncError, OSError) as error:
        fail(f"a store can't be opened: {error}", Exit.BROKEN)
    finally:
        shown.close()


async def _between(here: Settings, there: Settings, watch: Watch) -> list[Carried]:
    source, target = open_catalog(here), open_catalog(there)
    try:
        return await carry(source, target, watch)
    finally:
        await source.close()
        await target.close()


def _leave(rows: list[Carried], *, at_work: bool) -> None:
    equal = sum(row.equal for row in rows)
    say(f"{equal} of {len(rows)} databases are equal: {sum(row.documents for row in rows)} leaf revisions by digest.")
    code = verdict(rows) or (Exit.AT_WORK if at_work else Exit.WELL)
    if code:
        fail(f"{MEANINGS[code]}.", code)
