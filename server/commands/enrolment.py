"""`otkrytka invite`: lets a device in."""

import datetime as dt
from typing import Annotated

import msgspec
import typer

from server.addresses import public_url
from server.auth.errors import MalformedJoin
from server.auth.invites import DEFAULT_HOURS, ROLES, Invites, invitation, join_link, sign_in_link
from server.auth.keys import signing_secret
from server.chapters import chapter_slugs
from server.commands.running import catalog, fail, run, say
from server.commands.running import settings as chosen_settings
from server.domain.identity import COORDINATORS
from server.settings import Settings


class Made(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer of `otkrytka invite --json`. `sign_in` opens the dashboard, for roles that may see it."""

    invite: str
    url: str
    expires: dt.datetime
    sign_in: str | None = None


async def make(chosen: Settings, role: str, chapters: list[str], hours: float = DEFAULT_HOURS) -> Made:
    """An invite, signed with the server's secret; it works beside a running server. Raises MalformedJoin."""
    async with catalog(chosen) as opened:
        invited = invitation(role, chapters, hours, await chapter_slugs(opened))
    text = Invites(signing_secret(chosen)).sign(invited)
    base = public_url(chosen)
    sign_in = sign_in_link(base, text) if role in COORDINATORS else None
    return Made(text, join_link(base, text), invited.expires, sign_in)


def invite(
    role: Annotated[str, typer.Option(help=f"One of {', '.join(ROLES)}.")],
    chapter: Annotated[list[str] | None, typer.Option(help="A chapter it is for; may be repeated.")] = None,
    hours: Annotated[float, typer.Option(help="How long it may be used.")] = DEFAULT_HOURS,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Make an invite that lets one device in, once."""
    try:
        made = run(make(chosen_settings(), role, chapter or [], hours))
    except MalformedJoin as error:
        fail(error.reason)
    if as_json:
        say(msgspec.json.encode(made).decode())
        return
    say(f"For a phone:   {made.url}")
    if made.sign_in:
        say(f"For a browser: {made.sign_in}")
    say(f"One of them, once, until {made.expires.astimezone():%Y-%m-%d %H:%M %Z}.")
