"""The server itself: welcome, names of databases, identifiers, session (CouchDB API, "Server")."""

from sync.databases.ranges import slice_ids
from sync.errors import BadRequest, NotSupported, Unauthorized
from sync.policy import Named
from sync.protocol.call import Call
from sync.protocol.listing import listing, parameters
from sync.protocol.parameters import digits
from sync.protocol.replies import OK, Json, Reply, encode, json
from sync.protocol.settings import COUCHDB_VERSION
from sync.protocol.uuids import new_uuid


async def welcome(call: Call) -> Reply:
    """`GET /`: clients take the key `couchdb` as a promise of CouchDB's rules."""
    settings = call.settings
    return json(
        {
            "couchdb": "Welcome",
            "version": COUCHDB_VERSION,
            "git_sha": "",
            "uuid": settings.uuid,
            "features": ["snapshot", "digest"],
            "vendor": {"name": "Otkrytka", "version": settings.vendor_version},
        }
    )


async def up(call: Call) -> Reply:
    """`GET /_up`: it answers, so it is up."""
    return json({"status": "ok", "seeds": {}})


async def all_dbs(call: Call) -> Reply:
    """`_all_dbs`, with the range that `_all_docs` takes too: `start_key`, `end_key`, `limit`, `skip`, `descending`, …"""
    wanted = listing(await parameters(call)).range
    names, _ = slice_ids(await call.service.catalog.names(), wanted)
    return Json(encode(names))


async def dbs_info(call: Call) -> Reply:
    """`_dbs_info` is refused: it would open every database of the server for one answer."""
    raise NotSupported("_dbs_info is not served; ask GET /{db} of each database")


async def uuids(call: Call) -> Reply:
    """New identifiers, never to be taken from a cache."""
    count = digits(call.query.get("count", "1"))
    if count is None:
        raise BadRequest("count must be a positive integer")
    if count > call.settings.max_uuids:
        raise BadRequest("count parameter too large")
    answer = json({"uuids": [new_uuid() for _ in range(count)]})
    answer.caching = b"no-cache"
    return answer


async def session(call: Call) -> Reply:
    """`GET /_session`: who the policy takes the caller for; nobody is a valid answer."""
    try:
        identity = await call.service.policy.identify(call.connection())
    except Unauthorized:
        identity = None
    named = identity if isinstance(identity, Named) else None
    context = {"name": named.name, "roles": list(named.roles)} if named else {"name": None, "roles": []}
    info = {"authentication_handlers": ["default"]} | ({"authenticated": "default"} if named else {})
    return json({"ok": True, "userCtx": context, "info": info})


async def log_in(call: Call) -> Reply:
    """`POST /_session` is refused: passwords are no business of the engine, its application hands out tokens."""
    raise NotSupported("This server keeps no passwords: send an Authorization header")


async def log_out(call: Call) -> Reply:
    """`DELETE /_session`: nothing was opened, so nothing is left to close."""
    return Json(OK)


async def active_tasks(call: Call) -> Reply:
    """`GET /_active_tasks`: clients ask; there never are any."""
    return Json(b"[]")


async def replicate(call: Call) -> Reply:
    """`POST /_replicate` is refused: whoever may ask a server to fetch addresses may reach what only the server can."""
    raise NotSupported("Replication is started by a client or `python -m sync replicate`, not by this server")
