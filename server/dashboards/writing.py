"""How a page writes a document: under the identity of whoever is signed in, by the rules that bind its phone."""

import datetime as dt
from collections.abc import Sequence

import anyio
import msgspec

from server.context import Context
from server.domain import validation
from server.domain.identifiers import REGISTER
from server.domain.identity import Identity
from server.domain.merging import BOOKKEEPING
from server.projection import queries
from sync.documents import Document
from sync.errors import NotFound
from sync.policy import Access

_PATIENCE = 2.0
"""Seconds a page waits for the totals to have what it wrote; they follow in milliseconds, or not soon."""

_STAMPED = frozenset({"event", "prisoner"})

Body = dict[str, object]


class Stored(msgspec.Struct, frozen=True):
    """A document as it is now; `rev` is "" where there is none."""

    id: str
    rev: str = ""
    body: Body = {}


async def find(context: Context, database: str, doc_id: str) -> Stored:
    """The winner of a document. Raises NotFound for a database that is not there."""
    try:
        found = await (await context.catalog.open(database)).get(doc_id)
    except NotFound as error:
        if error.reason not in ("missing", "deleted"):
            raise
        return Stored(doc_id)
    return Stored(doc_id, found.rev, msgspec.json.decode(found.body, type=Body))


async def write(context: Context, identity: Identity, database: str, stored: Stored, body: Body) -> str:
    """Stores a body on top of what was found, and answers its revision once the totals have it too.

    An event or a prisoner says of every field that is changed when that was, as merges ask (see domain/merging.py).
    Raises Invalid, Forbidden, and Conflict when somebody was faster.
    """
    documents = await checked(context, identity, database, [(stored, body)])
    [outcome] = await (await context.catalog.open(database)).write(documents)
    if outcome.error is not None:
        raise outcome.error
    if database != REGISTER:  # whose pages read the register itself
        await _followed(context, database, stored.id, outcome.rev)
    return outcome.rev


async def checked(
    context: Context, identity: Identity, database: str, edits: Sequence[tuple[Stored, Body]]
) -> list[Document]:
    """The documents that many such edits are, for one commit. Raises Invalid and Forbidden."""
    await context.policy.authorize(identity, database, Access.WRITE)
    documents = []
    for stored, body in edits:
        raw = msgspec.json.encode(_stamped(stored, body))
        before = msgspec.json.encode(stored.body) if stored.rev else None
        validation.validate_bytes(stored.id, raw, before, identity, database)
        documents.append(Document(id=stored.id, rev=stored.rev, body=raw))
    return documents


async def remove(context: Context, identity: Identity, database: str, stored: Stored) -> None:
    """Deletes what was found, and returns once the totals do without it. Raises Forbidden, and Conflict like `write`."""
    await context.policy.authorize(identity, database, Access.WRITE)
    validation.validate_deletion(stored.id, identity, database)
    opened = await context.catalog.open(database)
    [outcome] = await opened.write([Document(id=stored.id, rev=stored.rev, deleted=True)])
    if outcome.error is not None:
        raise outcome.error
    await _followed(context, database, stored.id, outcome.rev)


def _stamped(stored: Stored, body: Body) -> Body:
    if not stored.rev or body.get("type") not in _STAMPED:
        return body
    fields = sorted((stored.body.keys() | body.keys()) - BOOKKEEPING)
    changed = [name for name in fields if stored.body.get(name) != body.get(name)]
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    before = msgspec.convert(body.get("edited", {}), Body)
    return {**body, "edited": before | dict.fromkeys(changed, now)} if changed else body


async def _followed(context: Context, database: str, doc_id: str, rev: str) -> None:
    """Waits for the projection, so that the next page shows what was written."""
    signals = context.follower.signals
    with anyio.move_on_after(_PATIENCE):
        while True:
            mark = signals.mark
            held = await context.tables.read(queries.leaves, database, [doc_id])
            if rev in held.get(doc_id, ()):
                return
            await signals.wait(mark)
