"""Which requests pass through to CouchDB as they are, and as what: the allow-list, as pure functions.

    GET  HEAD        /{db}                                  read
    GET  POST        /{db}/_all_docs                        read
    GET  POST        /{db}/_changes                         read    not with a filter function: that would run code
    POST             /{db}/_bulk_get _revs_diff _missing_revs   read
    GET  HEAD        /{db}/{id}[/{attachment}]              read

Everything else, and so every write of a document, is answered by `sync.protocol`, which judges it and knows CouchDB through
the contract `Database` alone: it can't be talked into a path of CouchDB's that the contract has no method for.
"""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

import msgspec

from sync.errors import BadRequest
from sync.policy import Access
from sync.protocol.parameters import heartbeat


class Passage(msgspec.Struct, frozen=True):
    """A way through. `target` is path and query as CouchDB gets them, made anew from decoded parts.

    `feed` marks a request that may wait for changes: it uses connections of its own and has no deadline.
    """

    database: str
    access: Access
    target: str
    takes_body: bool = False
    feed: bool = False


# Parameters that would lower what an answer or an acknowledgement promises: how many copies are asked (r, w), and whether
# the disk is waited for (batch). CouchDB's own defaults, a quorum and a commit, always hold.
_WEAKENING = frozenset(("r", "w", "batch"))
_WAITING = frozenset(("longpoll", "continuous", "live", "eventsource"))
# Filters that are data, not code in a design document.
_FILTERS = frozenset(("_doc_ids", "_selector", "_design"))

_STEPS = frozenset((".", ".."))


def find(method: str, path: tuple[str, ...], query: Mapping[str, str]) -> Passage | None:
    """The passage for a request, None when there is none. `path` holds the decoded segments, `query` the parameters.

    Raises BadRequest for a path with relative steps, in whatever disguise: CouchDB would take them for names, but something on
    the way to it might not; and for a heartbeat that is none. One that is too fast is slowed down.
    """
    for part in path:
        if not _STEPS.isdisjoint(part.split("/")):
            raise BadRequest("The path holds relative steps")
    if not path or path[0].startswith("_"):
        return None
    access = _access(method, path[1:], query)
    if access is None:
        return None
    feed = path[1:] == ("_changes",) and query.get("feed") in _WAITING
    return Passage(path[0], access, _target(path, _slowed(query) if feed else query), method == "POST", feed)


def _access(method: str, rest: tuple[str, ...], query: Mapping[str, str]) -> Access | None:
    match (method, *rest):
        case ("GET" | "HEAD",) | ("GET", "_all_docs"):
            return Access.READ
        case ("GET" | "POST", "_changes") if _is_plain_feed(query):
            return Access.READ
        case ("POST", "_all_docs" | "_bulk_get" | "_revs_diff" | "_missing_revs"):
            return Access.READ
        case ("GET" | "HEAD", doc_id, *_) if not doc_id.startswith("_"):
            return Access.READ
    return None


def _is_plain_feed(query: Mapping[str, str]) -> bool:
    feed = query.get("feed", "normal")
    return (feed == "normal" or feed in _WAITING) and query.get("filter", "_doc_ids") in _FILTERS


def _slowed(query: Mapping[str, str]) -> dict[str, str]:
    """The parameters of a feed with the heartbeat that it gets here as well as from the protocol's own feeds."""
    beat = heartbeat(query)
    others = {name: value for name, value in query.items() if name != "heartbeat"}
    return others if beat is None else {**others, "heartbeat": str(beat)}


def _target(path: tuple[str, ...], query: Mapping[str, str]) -> str:
    where = "/" + "/".join([quote(part, safe="") for part in path])
    kept = [(name, value) for name, value in query.items() if name not in _WEAKENING]
    return f"{where}?{urlencode(kept, quote_via=quote)}" if kept else where
