"""Where `_local` documents are kept: each identity that has a place of its own keeps them there, and sees no others.

    asked for   _local/abc        kept as   _local/<place>:abc        (as it is, for an identity without a place)

A checkpoint says from where replication goes on. Whoever could write another's could make it skip what it has yet to send.
"""

import msgspec

from sync.databases.contract import Range
from sync.documents import Document, Local
from sync.policy import Placed
from sync.protocol.call import Call

_PREFIX = "_local/"
_AFTER = "_local0"  # the first id after all that begin with _local/


async def read(call: Call, doc_id: str) -> Local:
    """Raises NotFound."""
    return _told(call, await call.database.get_local(_kept(call, doc_id)))


async def write(call: Call, document: Document, rev: str) -> str:
    """Stores or deletes, and answers the new revision. Raises Conflict, NotFound, BadRequest."""
    await call.admit_still()
    doc_id = _kept(call, document.id)
    if not document.deleted:
        return await call.database.put_local(doc_id, document.body, rev)
    await call.database.delete_local(doc_id, rev)
    return "0-0"


async def listed(call: Call, wanted: Range | list[str]) -> list[Local]:
    """Those of the ids that exist, or of a range."""
    if isinstance(wanted, list):
        inside: Range | list[str] = [_kept(call, key) for key in wanted if key.startswith(_PREFIX)]
    else:
        first, last = (_AFTER, _PREFIX) if wanted.descending else (_PREFIX, _AFTER)
        start, end = wanted.start, wanted.end
        inside = msgspec.structs.replace(
            wanted,
            start=_bound(call, first if start is None else start),
            end=_bound(call, last if end is None else end),
        )
    return [_told(call, local) for local in await call.database.local_docs(inside)]


def _place(call: Call) -> str:
    place = call.identity.place if isinstance(call.identity, Placed) else ""
    return f"{_PREFIX}{place}:" if place else _PREFIX


def _kept(call: Call, doc_id: str) -> str:
    return _place(call) + doc_id.removeprefix(_PREFIX)


def _bound(call: Call, bound: str) -> str:
    """The place's own bound for one among all ids."""
    if bound.startswith(_PREFIX):
        return _kept(call, bound)
    place = _place(call)
    return place if bound < _PREFIX else place[:-1] + chr(ord(place[-1]) + 1)


def _told(call: Call, local: Local) -> Local:
    return msgspec.structs.replace(local, id=_PREFIX + local.id.removeprefix(_place(call)))
