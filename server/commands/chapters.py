"""`otkrytka chapter`: chapters come into being here."""

from typing import Annotated

import typer

from server.chapters import add_chapter, chapter_slugs
from server.commands.running import catalog, fail, run, say
from server.commands.running import settings as chosen_settings
from server.domain.errors import Invalid
from server.hub.membership import membership

cli = typer.Typer(help="Make chapters and list them.", no_args_is_help=True)


@cli.command("add")
def add(
    slug: Annotated[str, typer.Argument(help="Its name in addresses, like st-petersburg.")],
    name_ru: Annotated[str, typer.Option(help="Its name in Russian.")],
    name_en: Annotated[str, typer.Option(help="Its name in English.")],
    zone: Annotated[str, typer.Option(help="Its time zone.")] = "Europe/Moscow",
) -> None:
    """Make a chapter: its database, and its line in the register. A chapter that is there already stays as it is."""

    chosen = chosen_settings()
    if membership(chosen) is not None:
        fail("this server is a hub: chapters are made on the server it reports to.")

    async def work() -> bool:
        async with catalog(chosen) as opened:
            return await add_chapter(opened, slug, ru=name_ru, en=name_en, zone=zone)

    try:
        made = run(work())
    except Invalid as error:
        fail(str(error))
    say(f"{slug}: made." if made else f"{slug}: it was there already.")


@cli.command("list")
def show() -> None:
    """List the chapters that have a database here."""

    async def work() -> list[str]:
        async with catalog(chosen_settings()) as opened:
            return await chapter_slugs(opened)

    for slug in run(work()):
        say(slug)
