"""What `couchdb check` says and `couchdb prepare` does, over a CouchDB that is described instead of running."""

from dataclasses import dataclass, field
from typing import cast

import pytest

from server.couchdb import Administration, Finding, Refused, State, check, prepare

NODES = frozenset(("a@10.0.0.1", "b@10.0.0.2", "c@10.0.0.3"))


@dataclass
class Described:
    """A CouchDB as its administrator would see it; at first one with which all is well."""

    user: str = "server"
    address: str = "http://couchdb:5984"
    tells_version: str = "3.4.3"
    has_roles: list[str] = field(default_factory=lambda: ["_admin"])
    password_good: bool = True
    open_to_all: bool = False
    cluster: frozenset[str] = NODES
    connected: frozenset[str] = NODES
    state: str = "cluster_finished"
    present: set[str] = field(
        default_factory=lambda: {"_users", "_replicator", "_global_changes", "register", "devices", "chapter-moscow"}
    )
    unlocked: set[str] = field(default_factory=set)
    settings: dict[tuple[str, str, str], str] = field(default_factory=dict)
    closed_to_settings: bool = False

    def version(self) -> str:
        return self.tells_version

    def roles(self) -> list[str]:
        if not self.password_good:
            raise Refused("CouchDB refuses the session: Name or password is incorrect.")
        return self.has_roles

    def is_open_to_all(self) -> bool:
        return self.open_to_all

    def nodes(self) -> tuple[frozenset[str], frozenset[str]]:
        return self.cluster, self.connected

    def setup_state(self) -> str:
        return self.state

    def databases(self) -> frozenset[str]:
        return frozenset(self.present)

    def chapters(self) -> frozenset[str]:
        return frozenset(("moscow",)) if "register" in self.present else frozenset()

    def shards(self, name: str) -> dict[str, list[str]]:
        return {"00000000-ffffffff": sorted(self.cluster)}

    def is_locked(self, name: str) -> bool:
        return name not in self.unlocked

    def create(self, name: str) -> bool:
        made = name not in self.present
        self.present.add(name)
        if made:
            self.lock(name)
        return made

    def lock(self, name: str) -> bool:
        was_open = name in self.unlocked
        self.unlocked.discard(name)
        return was_open

    def configure(self, node: str, section: str, key: str, value: str) -> bool:
        if self.closed_to_settings:
            raise Refused("CouchDB refuses the setting: forbidden")
        differs = self.settings.get((node, section, key)) != value
        self.settings[node, section, key] = value
        return differs


def administration(described: Described) -> Administration:
    return cast("Administration", described)


def wrong(described: Described) -> list[Finding]:
    return [finding for finding in check(administration(described)) if finding.state is not State.GOOD]


def test_a_couchdb_with_which_all_is_well_has_no_remedy() -> None:
    """Everything is looked at, and nothing has to be done."""
    findings = check(administration(Described()))
    assert {finding.state for finding in findings} == {State.GOOD}
    assert not any(finding.remedy for finding in findings)
    assert {"register", "devices", "chapter-moscow"} <= {finding.subject for finding in findings}


@pytest.mark.parametrize(
    ("described", "subject", "says"),
    [
        (Described(tells_version="3.1.2"), "version", "CouchDB 3.1.2 is too old."),
        (Described(tells_version="2.3.1"), "version", "too old"),
        (Described(tells_version=""), "version", "is not CouchDB"),
        (Described(password_good=False), "user", "Name or password is incorrect."),
        (Described(has_roles=[]), "user", "server is not an administrator"),
        (Described(user="", has_roles=["_admin"]), "user", "names no user"),
        (Described(open_to_all=True), "strangers", "Everybody who reaches CouchDB is its administrator."),
        (Described(state="cluster_enabled"), "set-up", "it says cluster_enabled"),
        (Described(connected=frozenset(("a@10.0.0.1",))), "cluster", "no quorum"),
        (Described(present={"_users", "_replicator", "_global_changes", "devices"}), "register", "is missing"),
        (
            Described(present={"_users", "_replicator", "register", "devices", "chapter-moscow"}),
            "_global_changes",
            "missing",
        ),
        (
            Described(present={"_users", "_replicator", "_global_changes", "register", "devices"}),
            "chapter-moscow",
            "missing",
        ),
        (Described(unlocked={"devices"}), "devices", "Others than server may touch"),
    ],
)
def test_each_fault_is_named_with_its_remedy(described: Described, subject: str, says: str) -> None:
    """One thing is wrong: it is said in plain words, with what to do about it."""
    found = next(finding for finding in wrong(described) if finding.subject == subject)
    assert found.state is State.BAD
    assert says in found.sentence
    assert found.remedy


def test_a_lost_node_is_told_but_not_in_the_way() -> None:
    """Two of three nodes are a quorum: writes are promised still, and the one that is missing is named."""
    found = wrong(Described(connected=NODES - {"c@10.0.0.3"}))
    assert [(finding.subject, finding.state) for finding in found] == [("cluster", State.WEAK)]
    assert "c@10.0.0.3" in found[0].remedy


def test_a_database_whose_copies_are_lost_has_no_quorum() -> None:
    """With most of the nodes gone each database says so too."""
    found = wrong(Described(connected=frozenset(("a@10.0.0.1",))))
    assert {"cluster", "register", "devices", "chapter-moscow"} == {finding.subject for finding in found}


def test_what_follows_from_a_wrong_password_is_not_told() -> None:
    """A wrong password is one fault, not one for everything that could not be asked."""
    assert [finding.subject for finding in wrong(Described(password_good=False))] == ["user"]


def test_prepare_makes_everything_once() -> None:
    """An empty CouchDB becomes one that `check` has nothing to say about; a second time does nothing."""
    described = Described(present=set(), unlocked={"register"})
    assert list(prepare(administration(described)))
    assert not list(prepare(administration(described)))
    described.present.add("chapter-moscow")
    assert not wrong(described)


def test_prepare_locks_what_was_open() -> None:
    """A database that somebody opened is locked again, and that is said."""
    said = list(prepare(administration(Described(unlocked={"chapter-moscow"}))))
    assert "Locked the database chapter-moscow: only server may touch it now." in said


def test_prepare_does_not_begin_what_it_cannot_end() -> None:
    """Without a quorum or with a wrong password nothing is made."""
    for described in (Described(present=set(), password_good=False), Described(present=set(), connected=frozenset())):
        with pytest.raises(Refused):
            list(prepare(administration(described)))
        assert not described.present


def test_a_hosted_couchdb_keeps_its_settings() -> None:
    """Where nodes can't be configured from outside, everything else is made all the same."""
    described = Described(present=set(), closed_to_settings=True)
    said = list(prepare(administration(described)))
    assert any(sentence.startswith("Left the settings of a@10.0.0.1 as they are.") for sentence in said)
    assert "register" in described.present
