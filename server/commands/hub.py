"""`otkrytka hub`: this server reports to another one."""

from typing import Annotated

import typer

from server.commands.running import WRONG_SETTING, fail, run, say
from server.commands.running import settings as chosen_settings
from server.hub import membership as joining
from server.hub.membership import JoinRefused
from server.settings import WrongSetting

cli = typer.Typer(help="Make this server a hub of another one.", no_args_is_help=True)


@cli.command("join")
def join(
    link: Annotated[str, typer.Argument(help="The invite's link, made there by `otkrytka invite --role hub`.")],
) -> None:
    """Use an invite of the server above, and keep the token it gives in the data folder."""
    try:
        member = run(joining.join(chosen_settings(), link))
    except JoinRefused as error:
        fail(str(error))
    except WrongSetting as error:
        fail(str(error), WRONG_SETTING)
    say(f"This server is now a hub of {member.url}, for {', '.join(member.chapters)}.")
    say(
        "`otkrytka nightly` fetches the register and the chapters; let a timer, cron or OTKRYTKA_NIGHTLY run it each night."
    )


@cli.command("show")
def show() -> None:
    """Say where this server reports to."""
    try:
        member = joining.membership(chosen_settings())
    except WrongSetting as error:
        fail(str(error), WRONG_SETTING)
    if member is None:
        say("This server is nobody's hub.")
        return
    say(f"{member.url}: {', '.join(member.chapters) or 'chapters not known yet'}")
