"""The operator's commands, one module for each kind of work."""

import typer

from server.commands import chapters, couchdb, enrolment, hub, move, operation, serving, upkeep

cli = typer.Typer(
    name="otkrytka",
    help="Otkrytka: letter-writing evenings, counted on phones and added up here.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.command()(serving.serve)
cli.command()(serving.demo)
cli.command()(enrolment.invite)
cli.add_typer(chapters.cli, name="chapter")
cli.add_typer(hub.cli, name="hub")
cli.add_typer(couchdb.cli, name="couchdb")
cli.command(help=upkeep.NIGHTLY_HELP)(upkeep.nightly)
cli.command()(upkeep.backup)
cli.command()(upkeep.restore)
cli.command(help=move.MOVE_HELP)(move.move)
cli.command()(operation.rebuild)
cli.command()(operation.settings)
cli.command()(operation.doctor)
