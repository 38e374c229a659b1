"""The CouchDB behind us as its administrator sees it, through pycouchdb: a method per thing asked or done.

pycouchdb is synchronous and not for documents: they move through `sync.databases.http` and the gateway. Three of its traps are
closed here and nowhere else: it verifies certificates only when told to, it does not quote names, and credentials in
an address break at an `@` of the password.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import msgspec
import requests
from pycouchdb.client import Server
from pycouchdb.exceptions import ApiError, Conflict, NotFound
from pycouchdb.resource import Resource

from server.domain.identifiers import REGISTER, chapter_id, is_slug

# A chapter's database holds some thousand documents: more shards would only be more files and more work for every feed.
SHARDS = 1
COPIES = 3
_TIMEOUT = 20.0  # seconds; making a database on a cluster takes some

_Request = Callable[[], tuple[requests.Response, Any]]


class CouchdbError(Exception):
    """CouchDB can't be administered; the text is a sentence for the operator and holds no password.

    CouchdbError
    ├── Unreachable    no answer at all
    └── Refused        an answer that says no: a wrong password, a user who is no administrator, a feature that is off
        ├── Absent     what was asked for is not there
        └── Present    what was to be made is there already
    """


class Unreachable(CouchdbError):
    """Nothing answers at the address."""


class Refused(CouchdbError):
    """CouchDB answers, and says no."""


class Absent(Refused):
    """What was asked for is not there."""


class Present(Refused):
    """What was to be made is there already."""


class Administration:
    """The CouchDB at `url` (http or https, with user and password). Every method raises CouchdbError."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.user = unquote(parts.username or "")
        self.address = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
        self._ours = _resource(self.address, (self.user, unquote(parts.password or "")) if self.user else _nobody)
        self._strangers = _resource(self.address, _nobody)

    # -- what is there

    def version(self) -> str:
        """CouchDB's version; "" where something else answers."""
        welcome = _ask(self.address, lambda: self._ours.get(), "the welcome document")
        return str(welcome.get("version", "")) if isinstance(welcome, dict) and "couchdb" in welcome else ""

    def roles(self) -> list[str]:
        """The roles CouchDB gives our user. Raises Refused for a wrong password."""
        return list(self._get("_session", of="the session")["userCtx"]["roles"])

    def is_open_to_all(self) -> bool:
        """Whether somebody without a name is an administrator ("admin party")."""
        try:
            session = _ask(self.address, lambda: self._strangers.get("_session"), "a session without a name")
        except Refused:
            return False
        return "_admin" in session["userCtx"]["roles"]

    def nodes(self) -> tuple[frozenset[str], frozenset[str]]:
        """The nodes that belong to the cluster, and those of them this one is connected to."""
        membership = self._get("_membership", of="the list of nodes")
        cluster = frozenset(membership["cluster_nodes"])
        return cluster, cluster & frozenset(membership["all_nodes"])

    def setup_state(self) -> str:
        """What `_cluster_setup` says: "single_node_enabled", "cluster_finished", or a state that is not done."""
        return str(self._get("_cluster_setup", of="the set-up")["state"])

    def databases(self) -> frozenset[str]:
        """The names of all databases, CouchDB's own included."""
        return frozenset(self._get("_all_dbs", of="the list of databases"))

    def chapters(self) -> frozenset[str]:
        """The slugs of the chapters in the register; none where there is no register."""
        between = {"start_key": _json(chapter_id("")), "end_key": _json(chapter_id("\uffff"))}
        try:
            rows = self._get(REGISTER, "_all_docs", of="the register", query=between)["rows"]
        except Absent:
            return frozenset()
        slugs = (str(row["id"]).removeprefix(chapter_id("")) for row in rows)
        return frozenset(slug for slug in slugs if is_slug(slug))

    def shards(self, name: str) -> Mapping[str, list[str]]:
        """Which nodes hold a copy of each range of a database."""
        found = self._get(name, "_shards", of=f"the shards of {name}")["shards"]
        return {str(span): list(nodes) for span, nodes in found.items()}

    def is_locked(self, name: str) -> bool:
        """Whether only our user and administrators may touch a database."""
        security = self._get(name, "_security", of=f"the rights on {name}")
        members = security.get("members", {})
        named = bool(members.get("names") or members.get("roles"))  # without any, everybody is a member
        return named and all(_is_ours(security.get(part, {}), self.user) for part in ("admins", "members"))

    def setting(self, node: str, section: str, key: str) -> str | None:
        """One setting of a node; None where it is not set."""
        try:
            return str(self._get("_node", node, "_config", section, key, of=f"the settings of {node}"))
        except Absent:
            return None

    # -- making it so

    def create(self, name: str) -> bool:
        """Makes a database, ours with rights for our user only; False when it is there already, and left as it is."""
        ours = not name.startswith("_")
        placing = {"q": SHARDS, "n": min(COPIES, max(1, len(self.nodes()[0])))} if ours else {}
        try:
            self._put(name, of=f"a new database {name}", query=placing)
        except Present:
            return False
        if ours:
            self.lock(name)
        return True

    def delete(self, name: str) -> None:
        """Takes a database away with everything in it. Raises Absent."""
        _ask(self.address, lambda: self._ours.delete(_quoted((name,))), f"the database {name}")

    def lock(self, name: str) -> bool:
        """Lets nobody but our user and administrators touch a database; False when it was so already."""
        if self.is_locked(name):
            return False
        rights = {"names": [self.user], "roles": ["_admin"]}
        self._put(name, "_security", of=f"the rights on {name}", body={"admins": rights, "members": rights})
        return True

    def configure(self, node: str, section: str, key: str, value: str) -> bool:
        """Changes a setting of a node; False when it has that value already."""
        if self.setting(node, section, key) == value:
            return False
        self._put("_node", node, "_config", section, key, of=f"the setting {section}/{key} of {node}", body=value)
        return True

    # -- its replicator

    def begin_replication(self, job: str, source: object, target: object) -> None:
        """Hands CouchDB's replicator a one-shot job, in place of what a killed process may have left under its name."""
        self.end_replication(job)
        body = {"source": source, "target": target, "continuous": False, "create_target": False}
        self._put("_replicator", job, of="a replication job", body=body)

    def replication(self, job: str) -> tuple[str, Mapping[str, Any]]:
        """The state of a job in the scheduler's words, and its figures; ("initializing", {}) before it is scheduled."""
        try:
            found = self._get("_scheduler", "docs", "_replicator", job, of="a replication job")
        except Absent:
            return "initializing", {}
        return str(found["state"]), found.get("info") or {}

    def end_replication(self, job: str) -> None:
        """Stops a job, if there is one, and forgets it with the credentials in it."""
        try:
            rev = self._get("_replicator", job, of="a replication job")["_rev"]
        except Absent:
            return
        path = _quoted(("_replicator", job))
        _ask(self.address, lambda: self._ours.delete(path, params={"rev": rev}), "the end of a replication job")

    def _get(self, *path: str, of: str, query: Mapping[str, object] | None = None) -> Any:
        return _ask(self.address, lambda: self._ours.get(_quoted(path), params=query), of)

    def _put(self, *path: str, of: str, query: Mapping[str, object] | None = None, body: object = None) -> None:
        data = None if body is None else _json(body)
        _ask(self.address, lambda: self._ours.put(_quoted(path), params=query, data=data), of)


_Auth = tuple[str, str] | Callable[[requests.PreparedRequest], requests.PreparedRequest]


def _resource(address: str, auth: _Auth) -> Resource:
    """pycouchdb's way to a server's own endpoints, those it has no method for."""
    resource = Server(address, verify=True, timeout=_TIMEOUT).resource
    resource.session.auth = auth
    return resource


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Asks without a name. (With no `auth` at all requests would look into the operator's `.netrc`.)"""
    return request


def _ask(address: str, request: _Request, what: str) -> Any:
    """The JSON of an answer. Raises what went wrong as one sentence."""
    try:
        response, answer = request()
    except NotFound:
        raise Absent(f"CouchDB does not have {what}.") from None
    except Conflict:
        raise Present(f"CouchDB has {what} already.") from None
    except ApiError as error:
        raise Refused(f"CouchDB refuses {what}: {_reason(error)}") from None
    except requests.exceptions.SSLError:
        raise Unreachable(f"The certificate of {address} can't be trusted, so nothing was sent there.") from None
    except (requests.exceptions.RequestException, ValueError, KeyError) as error:
        # ValueError and KeyError: an answer that is no JSON, or says of itself nothing at all.
        raise Unreachable(f"No CouchDB answers at {address} ({type(error).__name__}).") from None
    if answer is None or response.status_code >= HTTPStatus.BAD_REQUEST:
        raise Unreachable(f"What answers at {address} is not a CouchDB.")
    return answer


def _reason(error: ApiError) -> str:
    """CouchDB's own words, which pycouchdb hands on as the decoded body."""
    body = error.args[0] if error.args else None
    return str(body.get("reason", body)) if isinstance(body, dict) else str(body)


def _quoted(path: tuple[str, ...]) -> list[str]:
    return [quote(part, safe="") for part in path]


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _is_ours(part: Mapping[str, list[str]], user: str) -> bool:
    return set(part.get("names", ())) <= {user} and set(part.get("roles", ())) <= {"_admin"}
