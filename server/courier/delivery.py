"""Putting a parcel's documents where its phone would have put them: under that phone's identity, by the same rules.

They come as replicated revisions (`new_edits: false`). So it is no matter how often a parcel arrives, in which order several
do, and whether the phone itself has delivered in between: what is there already is no change.
"""

from collections import Counter
from collections.abc import Sequence

import msgspec

from server.context import Context
from server.courier.parcels import opened
from server.domain.identity import Identity
from sync.documents import Document, parse
from sync.errors import Forbidden, IllegalName, NotFound, SyncError
from sync.policy import Access
from sync.protocol.settings import Settings
from sync.protocol.weighing import over_limit


class Delivered(msgspec.Struct, frozen=True):
    """How many documents are in the store now, and how many were refused.

    Which ones is for the phone alone: its receipts name the first at its next contact, and the others it offers itself then,
    and hears why. A carrier learns two numbers.
    """

    stored: int
    refused: int


async def deliver(sealed: bytes, context: Context) -> Delivered:
    """Takes a parcel in. When this returns, what counts as stored is committed. Raises CourierError."""
    parcel = await opened(sealed, context.keys, context.devices)
    outcomes: Counter[bool] = Counter()
    for name, texts in parcel.databases.items():
        outcomes.update(await _write(context, parcel.sender, name, texts))
    return Delivered(outcomes[True], outcomes[False])


async def _write(context: Context, sender: Identity, name: str, texts: Sequence[msgspec.Raw]) -> list[bool]:
    """Whether each text is stored as a document of a database."""
    documents = [document for document in map(_read, texts) if document is not None]
    try:
        await context.policy.authorize(sender, name, Access.WRITE)
        database = await context.catalog.open(name)
        verdicts = await context.policy.validate(sender, database, documents)
        allowed = [document for document, verdict in zip(documents, verdicts, strict=True) if verdict is None]
        written = await database.write(allowed, new_edits=False) if allowed else []
    except (Forbidden, IllegalName, NotFound):  # no database of this device's; a store that fails is no refusal
        return [False] * len(texts)
    stored = sum(outcome.error is None for outcome in written)
    return [True] * stored + [False] * (len(texts) - stored)


def _read(text: msgspec.Raw) -> Document | None:
    """A revision with its place in the tree, or None. `_local` ones belong to no tree."""
    try:
        document = parse(text)
    except SyncError:
        return None
    if over_limit(document, Settings()) is not None:  # no way it takes later would take it
        return None
    return document if document.rev and not document.id.startswith("_") else None
