"""`/{db}` and what belongs to a database as a whole (CouchDB API, "Databases")."""

import msgspec

from sync.databases.contract import Info
from sync.documents import UNREADABLE, generation
from sync.errors import BadRequest
from sync.protocol.call import Call
from sync.protocol.replies import OK, Json, Reply, encode, json

_integer = msgspec.json.Decoder(int)
_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_purge = msgspec.json.Decoder(dict[str, list[str]])
_DISK_FORMAT = 8  # what CouchDB 3 says; clients show it


async def info(call: Call) -> Reply:
    """`GET /{db}`: the figures that clients and replicators ask for, and the epoch besides."""
    return json(_figures(await call.database.info()))


def _figures(known: Info) -> dict[str, object]:
    return {
        "db_name": known.name,
        "update_seq": known.update_seq,
        "purge_seq": known.purge_seq,
        "doc_count": known.doc_count,
        "doc_del_count": known.doc_del_count,
        "sizes": {"file": known.file_size, "external": known.external_size, "active": known.active_size},
        "props": {},
        "disk_format_version": _DISK_FORMAT,
        "compact_running": known.compact_running,
        "cluster": {"q": 1, "n": 1, "w": 1, "r": 1},
        "instance_start_time": known.instance_start_time,
        "epoch": known.epoch,
    }


async def create(call: Call) -> Reply:
    """`PUT /{db}`: 201. Raises AlreadyExists, IllegalName, BadRequest for a partitioned one."""
    if call.query.get("partitioned") == "true":
        raise BadRequest("Partitioned feature is not enabled.")
    name = call.path[0]
    await call.service.catalog.create(name)
    return Json(OK, 201, ((b"location", call.location(name).encode()),))


async def delete(call: Call) -> Reply:
    """`DELETE /{db}`. Raises NotFound; BadRequest where a document was meant."""
    if "rev" in call.query:
        raise BadRequest(
            "You tried to DELETE a database with a ?=rev parameter. Did you mean to DELETE a document instead?"
        )
    await call.service.catalog.delete(call.path[0])
    return Json(OK)


async def ensure_full_commit(call: Call) -> Reply:
    """Everything acknowledged is on the disk already; replicators compare `instance_start_time` before and after."""
    call.require_json()
    start = (await call.database.info()).instance_start_time
    return json({"ok": True, "instance_start_time": start}, 201)


async def compact(call: Call) -> Reply:
    """`POST /{db}/_compact`: 202 as CouchDB says, but when it is done."""
    call.require_json()
    await call.database.compact()
    return Json(OK, 202)


async def view_cleanup(call: Call) -> Reply:
    """There are no views, so there is nothing left to clean."""
    return Json(OK, 202)


async def security(call: Call) -> Reply:
    """`GET /{db}/_security`: kept for clients; what counts is the policy."""
    return Json(await call.database.security())


async def set_security(call: Call) -> Reply:
    """`PUT /{db}/_security`. Raises BadRequest for anything but an object."""
    body = await call.question()
    try:
        _object.decode(body)
    except UNREADABLE:
        raise BadRequest("Security object must be a JSON object") from None
    await call.database.set_security(body)
    return Json(OK)


async def revs_limit(call: Call) -> Reply:
    """`GET /{db}/_revs_limit`."""
    return Json(encode(await call.database.revs_limit()))


async def set_revs_limit(call: Call) -> Reply:
    """`PUT /{db}/_revs_limit`. Raises BadRequest for anything but a positive number."""
    limit: int = await call.json(_integer, "`revs_limit` must be a positive integer")
    await call.database.set_revs_limit(limit)
    return Json(OK)


async def purge(call: Call) -> Reply:
    """Forgets leaf revisions without a trace."""
    call.require_json()
    revs: dict[str, list[str]] = await call.json(_purge, "Request body must be an object of arrays of revisions")
    if len(revs) > call.settings.max_purged_documents:
        raise BadRequest("Exceeded maximum number of documents.")
    for listed in revs.values():
        for rev in listed:
            generation(rev)
    purged = await call.database.purge(revs)
    return json({"purge_seq": None, "purged": {doc_id: purged.get(doc_id, ()) for doc_id in revs}}, 201)
