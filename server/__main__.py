"""`otkrytka …` and `python -m server …`."""

from server.commands import cli


def main() -> None:
    """Runs the command line."""
    cli()


if __name__ == "__main__":
    main()
