"""`otkrytka serve` and `demo`."""

import sys
from typing import Annotated

import segno
import typer

from server.addresses import public_url
from server.auth.keys import signing_secret
from server.chapters import chapter_slugs
from server.commands.enrolment import make
from server.commands.running import WRONG_SETTING, catalog, fail, run, say
from server.commands.running import settings as chosen_settings
from server.demo import load
from server.hub.membership import membership
from server.jobs import lock
from server.jobs.lock import LockHeld
from server.settings import Settings, WrongSetting


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 8000,
    greet: Annotated[
        bool,
        typer.Option("--greet", help="Print invites for a first look: a coordinator's, a national one, a volunteer's."),
    ] = False,
) -> None:
    """Serve phones and dashboards until stopped."""
    chosen = chosen_settings()
    try:
        with lock.held(chosen.data, lock.IN_USE, shared=True):
            _serve(chosen, host, port, greet=greet)
    except LockHeld as error:
        fail(str(error))


def _serve(chosen: Settings, host: str, port: int, *, greet: bool) -> None:
    # Imported here, because the other commands need nothing of it and would start half as fast.
    from server import process

    process.share_memory()
    run(_prepare(chosen))
    try:
        door = process.open_door(chosen, host, port)
    except process.Occupied as error:
        fail(str(error))
    say(f"Otkrytka is at {public_url(chosen)}")
    if greet:
        run(_greet(chosen))
    sys.stdout.flush()
    try:
        process.serve(chosen, door)
    except process.Failed as error:
        fail(str(error))


async def _prepare(chosen: Settings) -> None:
    """Fails early, in words, when the store can't be opened."""
    signing_secret(chosen)
    try:
        membership(chosen)
    except WrongSetting as error:
        fail(str(error), WRONG_SETTING)
    async with catalog(chosen) as opened:
        await opened.names()


async def _greet(chosen: Settings) -> None:
    async with catalog(chosen) as opened:
        chapters = await chapter_slugs(opened)
    if not chapters:
        return
    first = chapters[0]
    national = await make(chosen, "national", [])
    coordinator = await make(chosen, "coordinator", [first])
    volunteer = await make(chosen, "volunteer", [first])
    say()
    say(f"Sign in as a coordinator of {first}:  {coordinator.sign_in}")
    say(f"Sign in as a national coordinator:   {national.sign_in}")
    say(f"Join as a volunteer of {first}:       {volunteer.url}")
    say()
    segno.make(volunteer.url, error="l").terminal(compact=True)
    say("Each link works once. `otkrytka invite` makes more. Ctrl-C stops the server.")


def demo() -> None:
    """Load the demonstration: two chapters, their reported evenings, a register. What is there already stays as it is."""
    try:
        from fixtures.demo import demo_documents
    except ModuleNotFoundError:
        fail("the demonstration's documents come with the source checkout, which this installation is not.")
    chosen = chosen_settings()

    async def work() -> int:
        async with catalog(chosen) as opened:
            return await load(opened, demo_documents())

    written = run(work())
    say(f"The demonstration is loaded: {written} documents were new.")
