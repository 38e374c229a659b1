"""The condition a CouchDB must be in to serve us, once as acts (`prepare`) and once as questions (`check`)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from server.couchdb.administration import Administration, Refused
from server.domain.identifiers import DEVICES, REGISTER, chapter_database

OLDEST = (3, 2)
SYSTEM = ("_users", "_replicator", "_global_changes")
OURS = (REGISTER, DEVICES)
_DONE = frozenset(("single_node_enabled", "cluster_finished"))
_PREPARE = "Run `otkrytka couchdb prepare`."

# What every node is told: a sheet is written anew at every tap, so a chapter's small file is mostly old bodies long before
# it has the megabyte from which CouchDB would compact it by itself.
NODE_SETTINGS = {
    ("smoosh.ratio_dbs", "min_size"): "131072",
}


class State(Enum):
    """How a thing stands: as it should, usable all the same, or in the way."""

    GOOD = "good"
    WEAK = "weak"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `remedy` says what to do about it, and is empty where all is well."""

    subject: str
    state: State
    sentence: str
    remedy: str = ""


def prepare(couchdb: Administration) -> Iterator[str]:
    """Makes what is missing and mends what differs; says each thing it did, so a second time says nothing.

    Raises CouchdbError at the first thing that can't be done: a wrong password, a cluster that is not set up. A node that does
    not let itself be configured from outside (a hosted CouchDB) is left as it is, and said.
    """
    _require_usable(couchdb)
    for name in SYSTEM:
        if couchdb.create(name):
            yield f"Made CouchDB's own database {name}."
    for name in OURS:
        yield from _database(couchdb, name)
    for slug in sorted(couchdb.chapters()):
        yield from _database(couchdb, chapter_database(slug))
    for node in sorted(couchdb.nodes()[1]):
        yield from _configure(couchdb, node)


def _require_usable(couchdb: Administration) -> None:
    """Raises Refused with the first finding that no act of ours can mend."""
    for question in (_version, _user, _cluster):
        for finding in question(couchdb):
            if finding.state is State.BAD:
                raise Refused(f"{finding.sentence} {finding.remedy}")


def _database(couchdb: Administration, name: str) -> Iterator[str]:
    if couchdb.create(name):
        yield f"Made the database {name}; only {couchdb.user} may touch it."
    elif couchdb.lock(name):
        yield f"Locked the database {name}: only {couchdb.user} may touch it now."


def _configure(couchdb: Administration, node: str) -> Iterator[str]:
    try:
        for (section, key), value in NODE_SETTINGS.items():
            if couchdb.configure(node, section, key, value):
                yield f"Set {section}/{key} = {value} on {node}."
    except Refused as error:
        yield f"Left the settings of {node} as they are. {error}"


def check(couchdb: Administration) -> list[Finding]:
    """Everything that was looked at, good or not; only reads. What can't be asked without the one before is left out.

    Raises Unreachable when nothing answers.
    """
    findings: list[Finding] = []
    for question in (_version, _user, _cluster, _party, _system, _databases):
        answers = list(question(couchdb))
        findings += answers
        if question in (_version, _user) and any(answer.state is State.BAD for answer in answers):
            break
    return findings


def _version(couchdb: Administration) -> Iterator[Finding]:
    try:
        version = couchdb.version()
    except Refused:
        # `require_valid_user` hides even the welcome document from a wrong password: the next question tells of it.
        return
    numbers = tuple(map(int, re.findall(r"\d+", version)[:2]))
    if not version:
        yield Finding("version", State.BAD, f"What answers at {couchdb.address} is not CouchDB.", "Mend the address.")
    elif numbers < OLDEST:
        yield Finding("version", State.BAD, f"CouchDB {version} is too old.", "Install 3.2 or newer.")
    else:
        yield Finding("version", State.GOOD, f"CouchDB {version} answers at {couchdb.address}.")


def _user(couchdb: Administration) -> Iterator[Finding]:
    try:
        roles = couchdb.roles()
    except Refused as error:
        yield Finding("user", State.BAD, str(error), "Mend the user or password in OTKRYTKA_STORE.")
        return
    if "_admin" not in roles:
        who = couchdb.user or "somebody without a name"
        sentence = f"{who} is not an administrator of CouchDB, so it can't make the databases of new chapters."
        yield Finding("user", State.BAD, sentence, "Name an administrator in OTKRYTKA_STORE.")
    elif not couchdb.user:
        yield Finding(
            "user", State.BAD, "OTKRYTKA_STORE names no user.", "Write it as couchdb+https://user:password@host."
        )
    else:
        yield Finding("user", State.GOOD, f"{couchdb.user} is an administrator.")


def _cluster(couchdb: Administration) -> Iterator[Finding]:
    state = couchdb.setup_state()
    if state not in _DONE:
        sentence = f"CouchDB's set-up is not finished (it says {state})."
        yield Finding("set-up", State.BAD, sentence, "Finish it in Fauxton or by `POST /_cluster_setup`.")
    cluster, connected = couchdb.nodes()
    lost = sorted(cluster - connected)
    of_all = f"{len(connected)} of the cluster's {len(cluster)} nodes"
    if len(connected) * 2 <= len(cluster):
        sentence = f"Only {of_all} are connected: there is no quorum, and no write can be promised."
        yield Finding("cluster", State.BAD, sentence, _start(lost))
    elif lost:
        yield Finding("cluster", State.WEAK, f"{of_all} are connected: it works, with fewer copies.", _start(lost))
    elif len(cluster) == 1:
        yield Finding("cluster", State.GOOD, "It is a single node: no other copy of the databases is kept.")
    else:
        yield Finding("cluster", State.GOOD, f"All {len(cluster)} nodes of the cluster are connected.")


def _start(nodes: list[str]) -> str:
    return f"Start {', '.join(nodes)}, or mend the network between the nodes."


def _party(couchdb: Administration) -> Iterator[Finding]:
    if couchdb.is_open_to_all():
        sentence = "Everybody who reaches CouchDB is its administrator."
        yield Finding("strangers", State.BAD, sentence, "Set a password for an administrator in CouchDB's local.ini.")
    else:
        yield Finding("strangers", State.GOOD, "Without a password nobody is an administrator.")


def _system(couchdb: Administration) -> Iterator[Finding]:
    missing = [name for name in SYSTEM if name not in couchdb.databases()]
    for name in missing:
        yield Finding(name, State.BAD, f"CouchDB's own database {name} is missing.", _PREPARE)
    if not missing:
        yield Finding("system", State.GOOD, "CouchDB's own databases are there.")


def _databases(couchdb: Administration) -> Iterator[Finding]:
    present = couchdb.databases()
    connected = couchdb.nodes()[1]
    for name in (*OURS, *map(chapter_database, sorted(couchdb.chapters()))):
        if name not in present:
            yield Finding(name, State.BAD, f"The database {name} is missing.", _PREPARE)
        elif not couchdb.is_locked(name):
            yield Finding(name, State.BAD, f"Others than {couchdb.user} may touch the database {name}.", _PREPARE)
        elif weak := [span for span, nodes in couchdb.shards(name).items() if not _has_quorum(nodes, connected)]:
            sentence = f"The database {name} has no quorum in the range {weak[0]}: too few of its copies are connected."
            yield Finding(name, State.BAD, sentence, "Start the nodes that hold them.")
        else:
            yield Finding(name, State.GOOD, f"The database {name} is there, and locked.")


def _has_quorum(holders: list[str], connected: frozenset[str]) -> bool:
    return sum(node in connected for node in holders) > len(holders) // 2
