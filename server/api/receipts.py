"""`POST /api/receipts`: what became of revisions a phone delivered. The phone's "delivered" rests on this alone.

stored     the revision is in the tree of this server's database
counted    it, or one that grew from it, is in the totals
upstream   it is held by the server above, as far as this one has seen for itself (server/hub/above.py)
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api.errors import BadBody
from server.api.json import answer, read_body
from server.context import context_of
from server.domain import validation
from server.projection import queries
from sync.databases.contract import Database
from sync.documents import Document, generation

_MOST = 10_000


class Asked(msgspec.Struct):
    """Revisions by the ids of their documents, in one database."""

    database: str
    revs: dict[str, str]


class Receipt(msgspec.Struct, frozen=True):
    """The answer for one revision."""

    stored: bool
    counted: bool
    upstream: bool = False


async def receipts(request: Request) -> Response:
    """A `Receipt` for each id. Asks for reading rights on the database."""
    context = context_of(request)
    identity = await context.doorkeeper.identify(request)
    asked = await read_body(request, Asked)
    validation.authorize(asked.database, identity, "read")
    if len(asked.revs) > _MOST:
        raise BadBody(f"revs: more than {_MOST} at once")
    for rev in asked.revs.values():
        generation(rev)
    database = await context.catalog.open(asked.database)
    missing = await database.revs_diff({doc_id: [rev] for doc_id, rev in asked.revs.items()})
    stored = {doc_id: rev for doc_id, rev in asked.revs.items() if doc_id not in missing}
    projected = await context.tables.read(queries.leaves, asked.database, list(stored))
    counted = await _counted(database, stored, projected)
    upstream = await context.above.holds(database, stored) if context.member is not None else frozenset()
    return answer({doc_id: Receipt(doc_id in stored, doc_id in counted, doc_id in upstream) for doc_id in asked.revs})


async def _counted(database: Database, stored: dict[str, str], projected: dict[str, tuple[str, ...]]) -> frozenset[str]:
    """The ids whose revision is a projected leaf or an ancestor of one."""
    counted = {doc_id for doc_id, rev in stored.items() if rev in projected.get(doc_id, ())}
    unclear = [(doc_id, leaf) for doc_id in stored.keys() - counted for leaf in projected.get(doc_id, ())]
    for answers in await database.bulk_get(unclear) if unclear else []:
        counted.update(one.id for one in answers if isinstance(one, Document) and _descends(one, stored[one.id]))
    return frozenset(counted)


def _descends(leaf: Document, rev: str) -> bool:
    number, _, ident = rev.partition("-")
    age = generation(leaf.rev) - int(number)
    return 0 <= age < len(leaf.ancestry) and leaf.ancestry[age] == ident
