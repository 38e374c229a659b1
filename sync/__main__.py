"""The engine by itself, on the command line: `python -m sync --help`.

    serve DIR                    the CouchDB HTTP API over a folder of databases, without accounts
    replicate SOURCE TARGET      once, or continuously; places as `sync/places.py` reads them
    digest PLACE…                what a database holds, as one line; several: whether they are equal
    check, backup, restore       of database files

Exit status: 0 all is well; 1 something is not as it should be (a refused document, a damaged file, unequal digests);
2 the command could not be carried out.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop

from sync import backups, checks
from sync.commands import OK, UNWELL, digest, replicate, say
from sync.errors import SyncError
from sync.places import file_of
from sync.protocol.serve import serve

_IMPOSSIBLE = 2


def parser() -> argparse.ArgumentParser:
    """What can be asked."""
    top = argparse.ArgumentParser(
        prog="python -m sync",
        description="A CouchDB replication engine: databases in SQLite files, served, copied, compared and checked.",
        epilog="Exit status: 0 all is well; 1 a document was refused, a file is damaged, digests differ; 2 it could not be "
        "done. `python -m sync COMMAND --help` says more.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    command = commands.add_parser("serve", help="serve a folder of databases over HTTP, to everybody who can reach it")
    command.add_argument("folder", type=Path, metavar="DIR", help="the folder; it is made when it is not there")
    command.add_argument("--port", type=int, default=5984, help="the port to listen on (default: %(default)s)")
    command.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")

    command = commands.add_parser("replicate", help="copy what SOURCE has and TARGET lacks")
    command.add_argument("source", metavar="SOURCE", help="https://user:password@host/name or folder/name")
    command.add_argument("target", metavar="TARGET", help="the same")
    command.add_argument("--continuous", action="store_true", help="go on as the source changes, until interrupted")
    command.add_argument("--create-target", action="store_true", help="make the target if it is not there")
    command.add_argument("--doc-id", action="append", dest="doc_ids", metavar="ID", help="only this; may be repeated")

    command = commands.add_parser(
        "digest", help="a fingerprint of all leaf revisions; of several, whether they are equal"
    )
    command.add_argument(
        "places", nargs="+", metavar="PLACE", help="https://user:password@host/name or folder/name; one or more"
    )

    command = commands.add_parser("check", help="find damage in a database file, and name the documents")
    command.add_argument("file", metavar="FILE", help="folder/name, with or without .sqlite")

    command = commands.add_parser("backup", help="copy a database file, also while it is written to")
    command.add_argument("file", metavar="FILE", help="folder/name, with or without .sqlite")
    command.add_argument("copy", type=Path, metavar="COPY", help="the file to make; an older one is replaced")

    command = commands.add_parser("restore", help="make a database from a copy; it gets a new epoch")
    command.add_argument("copy", type=Path, metavar="COPY", help="a file that `backup` made")
    command.add_argument("folder", type=Path, metavar="DIR", help="the folder of databases")
    command.add_argument("name", metavar="NAME", help="what it is to be called there; no database may have that name")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Carries out one command and answers the exit status."""
    asked = parser().parse_args(arguments)
    try:
        return _carry_out(asked)
    except KeyboardInterrupt:
        return OK
    except SyncError as error:
        say(f"{error.error}: {error.reason}", file=sys.stderr)
        return _IMPOSSIBLE


def _carry_out(asked: argparse.Namespace) -> int:
    match asked.command:
        case "serve":
            say(f"Serving {asked.folder} on http://{asked.host}:{asked.port} without accounts")
            uvloop.run(serve(asked.folder, asked.host, asked.port))
        case "replicate":
            options = {"continuous": asked.continuous, "create": asked.create_target, "doc_ids": asked.doc_ids}
            return asyncio.run(replicate(asked.source, asked.target, **options))
        case "digest":
            return asyncio.run(digest(asked.places))
        case "check":
            findings = checks.check(file_of(asked.file))
            for finding in findings:
                say(f"{finding.document or asked.file}: {finding.message}")
            return UNWELL if findings else OK
        case "backup":
            backups.backup(file_of(asked.file), asked.copy)
        case "restore":
            backups.restore(asked.copy, asked.folder, asked.name)
    return OK


if __name__ == "__main__":
    sys.exit(main())
