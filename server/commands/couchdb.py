"""`otkrytka couchdb prepare` and `couchdb check`: the CouchDB behind the server.

Exit codes

    0  ready, or made so
    1  something is missing, or CouchDB refuses
    2  OTKRYTKA_STORE names no CouchDB
    3  no CouchDB answers
"""

from typing import NoReturn

import typer

from server.commands.running import FAILED, WRONG_SETTING, fail, say, settings
from server.couchdb import Administration, CouchdbError, Finding, State, Unreachable
from server.couchdb import check as examine
from server.couchdb import prepare as make_ready

UNREACHABLE = 3

cli = typer.Typer(help="The Apache CouchDB that holds the databases.", no_args_is_help=True)
_WORDS = {State.GOOD: "ok   ", State.WEAK: "weak ", State.BAD: "WRONG"}


@cli.command()
def prepare() -> None:
    """Make what CouchDB must have: databases that only the server may touch, and its settings. Safe to repeat."""
    couchdb = _couchdb()
    try:
        done = False
        for sentence in make_ready(couchdb):
            say(sentence)
            done = True
    except CouchdbError as error:
        _end(error)
    say("CouchDB is ready." if done else "CouchDB was ready: there was nothing to do.")


@cli.command()
def check() -> None:
    """Say in plain words what CouchDB lacks; changes nothing. Exit code 1: something is in the way, 3: nothing answers."""
    couchdb = _couchdb()
    try:
        findings = examine(couchdb)
    except CouchdbError as error:
        _end(error)
    for finding in (*findings, _secret()):
        say(f"{_WORDS[finding.state]}  {finding.sentence}{' ' + finding.remedy if finding.remedy else ''}")
    if any(finding.state is State.BAD for finding in findings):
        raise SystemExit(FAILED)


def _secret() -> Finding:
    """Servers that share databases must share what signs the tokens in them."""
    if settings().secret is not None:
        return Finding(
            "secret", State.GOOD, "OTKRYTKA_SECRET is set: servers that have the same one accept the same devices."
        )
    sentence = "OTKRYTKA_SECRET is not set: another server with these databases would not accept this one's devices."
    return Finding("secret", State.WEAK, sentence, "Set the same on all of them, if there is more than one.")


def _couchdb() -> Administration:
    chosen = settings().couchdb
    if chosen is None:
        fail("OTKRYTKA_STORE names no CouchDB; write couchdb+https://user:password@host:port.", WRONG_SETTING)
    return Administration(chosen.reveal())


def _end(error: CouchdbError) -> NoReturn:
    fail(str(error), UNREACHABLE if isinstance(error, Unreachable) else FAILED)
