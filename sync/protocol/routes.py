"""Which request goes where: the API's table of contents.

()                       SERVER[""]
(_all_dbs,)              SERVER["_all_dbs"]
(db,)                    DATABASE[""]
(db, _all_docs, queries) DATABASE["_all_docs/queries"]
(db, _local, x)          LOCAL         (also as one segment "_local/x")
(db, _design, x)         DOCUMENT      (db, _design, x, _view, …) refused; (db, _design, x, file) ATTACHMENT
(db, x)                  DOCUMENT
(db, x, a, b)            ATTACHMENT "a/b"
"""

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from sync.documents import check_id
from sync.errors import BadRequest, NotFound
from sync.policy import Access
from sync.protocol import (
    attachments,
    bulk,
    bulk_get,
    database,
    designs,
    documents,
    edits,
    feeds,
    find,
    indexes,
    listing,
    local,
    proofs,
    server,
)
from sync.protocol.errors import MethodNotAllowed
from sync.protocol.replies import Reply

Handler = Callable[..., Awaitable[Reply]]


class Endpoint(msgspec.Struct, frozen=True):
    """A handler and what it does to the database. `access` None: anybody may ask (the handler looks for itself)."""

    handler: Handler
    access: Access | None
    opens: bool = True  # whether the database must exist before the handler runs


Methods = Mapping[str, Endpoint]

READ, WRITE, ADMIN, LOCAL_ = Access.READ, Access.WRITE, Access.ADMIN, Access.LOCAL


def _reads(handler: Handler) -> dict[str, Endpoint]:
    return {"GET": Endpoint(handler, READ)}


def _posts(handler: Handler, access: Access) -> dict[str, Endpoint]:
    return {"POST": Endpoint(handler, access)}


SERVER: Mapping[str, Methods] = {
    "": {"GET": Endpoint(server.welcome, None)},
    "_up": {"GET": Endpoint(server.up, None)},
    "_session": {
        "GET": Endpoint(server.session, None),
        "POST": Endpoint(server.log_in, None),
        "DELETE": Endpoint(server.log_out, None),
    },
    "_all_dbs": _reads(server.all_dbs),
    "_dbs_info": {"GET": Endpoint(server.dbs_info, READ), "POST": Endpoint(server.dbs_info, READ)},
    "_uuids": {"GET": Endpoint(server.uuids, None)},
    "_active_tasks": _reads(server.active_tasks),
    "_replicate": _posts(server.replicate, ADMIN),
}

DATABASE: Mapping[str, Methods] = {
    "": {
        "DELETE": Endpoint(database.delete, ADMIN, opens=False),
        "GET": Endpoint(database.info, READ),
        "POST": Endpoint(edits.post, WRITE),
        "PUT": Endpoint(database.create, ADMIN, opens=False),
    },
    "_all_docs": _reads(listing.all_docs) | _posts(listing.all_docs, READ),
    "_all_docs/queries": _posts(listing.all_docs_queries, READ),
    "_design_docs": _reads(listing.design_docs) | _posts(listing.design_docs, READ),
    "_design_docs/queries": _posts(listing.design_docs_queries, READ),
    "_local_docs": _reads(local.local_docs) | _posts(local.local_docs, READ),
    "_bulk_docs": _posts(bulk.bulk_docs, WRITE),
    "_bulk_get": _posts(bulk_get.bulk_get, READ),
    "_changes": _reads(feeds.changes) | _posts(feeds.changes, READ),
    "_revs_diff": _posts(bulk.revs_diff, READ),
    "_missing_revs": _posts(bulk.missing_revs, READ),
    "_ensure_full_commit": _posts(database.ensure_full_commit, LOCAL_),
    "_compact": _posts(database.compact, ADMIN),
    "_view_cleanup": _posts(database.view_cleanup, ADMIN),
    "_purge": _posts(database.purge, ADMIN),
    "_security": {"PUT": Endpoint(database.set_security, ADMIN), "GET": Endpoint(database.security, READ)},
    "_revs_limit": {"PUT": Endpoint(database.set_revs_limit, ADMIN), "GET": Endpoint(database.revs_limit, READ)},
    "_find": _posts(find.find, READ),
    "_explain": _posts(find.explain, READ),
    "_index": _reads(indexes.listed) | _posts(indexes.create, ADMIN),
    "_digest": _reads(proofs.digest) | _posts(proofs.digest, READ),
    "_snapshot": _reads(proofs.snapshot),
    "_temp_view": _posts(designs.temp_view, ADMIN),
}

LOCAL: Methods = {
    "DELETE": Endpoint(local.delete, LOCAL_),
    "GET": Endpoint(local.get, LOCAL_),
    "PUT": Endpoint(local.put, LOCAL_),
    "COPY": Endpoint(local.copy, WRITE),
}

DOCUMENT: Methods = {
    "DELETE": Endpoint(edits.delete, WRITE),
    "GET": Endpoint(documents.get, READ),
    "PUT": Endpoint(edits.put, WRITE),
    "COPY": Endpoint(edits.copy, WRITE),
}

ATTACHMENT: Methods = {
    "DELETE": Endpoint(attachments.delete, WRITE),
    "GET": Endpoint(attachments.get, READ),
    "PUT": Endpoint(attachments.put, WRITE),
}

_REMOVE_INDEX: Methods = {"DELETE": Endpoint(indexes.remove, ADMIN)}
_ANY_DESIGN_ACTION = Endpoint(designs.refuse, READ)


class Route(msgspec.Struct, frozen=True):
    """Where a request goes: the endpoint, what its handler takes after the call, and the database it is about."""

    endpoint: Endpoint
    arguments: tuple[str, ...] = ()
    database: str | None = None


def route(method: str, path: tuple[str, ...]) -> Route:
    """Raises NotFound for a path that means nothing, MethodNotAllowed for a method its path does not have."""
    if len(path) < 2:
        name = path[0] if path else ""
        if name in SERVER:
            return Route(_of(SERVER[name], method))
        return Route(_of(DATABASE[""], method), (), name)
    endpoint, arguments = _within(method, path[1:])
    return Route(endpoint, arguments, path[0])


def _within(method: str, rest: tuple[str, ...]) -> tuple[Endpoint, tuple[str, ...]]:
    """The endpoint below a database."""
    if rest[0].startswith("_"):
        if rest[0] == "_index" and len(rest) > 1:
            return _of(_REMOVE_INDEX, method), rest[1:]
        methods = DATABASE.get("/".join(rest[:2]))
        if methods is not None:
            return _of(methods, method), ()
        return _reserved(method, rest)
    if len(rest) == 1:
        return _of(DOCUMENT, method), rest
    return _of(ATTACHMENT, method), (rest[0], "/".join(rest[1:]))


def _reserved(method: str, rest: tuple[str, ...]) -> tuple[Endpoint, tuple[str, ...]]:
    """`_local/…` and `_design/…`, whether their slash was escaped or not."""
    if rest[0] in ("_local", "_local/"):
        rest = _joined(rest)
    if rest[0].startswith("_local/"):
        if rest[0] == "_local/":
            raise BadRequest("Invalid _local document id.")
        if len(rest) > 1:
            raise BadRequest("_local documents do not accept attachments.")
        return _of(LOCAL, method), rest
    if rest[0] == "_design":
        rest = _joined(rest)
    if not rest[0].startswith("_design/") or rest[0] == "_design/":
        if method == "PUT":
            check_id(rest[0].rstrip("/"))
        raise NotFound("missing")
    if len(rest) == 1:
        return _of(DOCUMENT, method), rest
    if rest[1] in designs.ACTIONS:
        return _ANY_DESIGN_ACTION, (rest[0], rest[1], rest[2] if len(rest) > 2 else "")
    return _of(ATTACHMENT, method), (rest[0], "/".join(rest[1:]))


def _joined(rest: tuple[str, ...]) -> tuple[str, ...]:
    """("_design", "x", …) as ("_design/x", …)."""
    name = rest[1] if len(rest) > 1 else ""
    return (rest[0].rstrip("/") + "/" + name, *rest[2:])


def _of(methods: Methods, method: str) -> Endpoint:
    endpoint = methods.get("GET" if method == "HEAD" else method)
    if endpoint is None:
        names = [name for known in methods for name in ((known, "HEAD") if known == "GET" else (known,))]
        raise MethodNotAllowed(",".join(names))
    return endpoint
