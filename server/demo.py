"""The demo's documents, put into the databases. Whatever is there already stays as it is, so this may be done again."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from server.stores import open_or_create
from sync.databases.contract import Catalog
from sync.documents import Document


async def load(catalog: Catalog, databases: Mapping[str, Sequence[Mapping[str, Any]]]) -> int:
    """Writes the documents that are missing, by database; says how many those were. Raises the store's SyncError."""
    written = 0
    for name, documents in databases.items():
        database = await open_or_create(catalog, name)
        ids = [str(document["_id"]) for document in documents]
        there = {row.id for row in (await database.all_docs(ids)).rows if row.rev}
        missing = [_document(document) for document in documents if document["_id"] not in there]
        for outcome in await database.write(missing):
            if outcome.error is not None:
                raise outcome.error
            written += 1
    return written


def _document(members: Mapping[str, Any]) -> Document:
    body = {name: value for name, value in members.items() if not name.startswith("_")}
    return Document(id=str(members["_id"]), body=msgspec.json.encode(body))
