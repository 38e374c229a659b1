"""Settles conflicting revisions by the domain's rules, so that they end in one revision every device agrees on.

The merged body goes on the winning revision and the other leaves are deleted. Every server that does this to the same leaves
writes the same revisions. When somebody was faster the write is refused, and the feed brings the document here again.
"""

import logging

import msgspec

from server.domain import merging
from server.domain.errors import DomainError
from server.domain.identity import SERVER
from server.domain.validation import validate_bytes
from sync.databases.contract import Database
from sync.documents import Document, generation
from sync.errors import NotFound

logger = logging.getLogger(__name__)


async def settle(database: Database, doc_id: str) -> bool:
    """Merge the live leaves of a document and write the outcome; False where there is nothing that may be merged."""
    leaves = [
        leaf for leaf in await database.open_revs(doc_id, None) if isinstance(leaf, Document) and not leaf.deleted
    ]
    ancestor = await _ancestor(database, leaves) if len(leaves) > 1 else None
    try:
        bodies = [merging.Leaf(leaf.rev, msgspec.json.decode(leaf.body)) for leaf in leaves]
        merged = merging.merge(bodies, msgspec.json.decode(ancestor.body) if ancestor else None)
        if merged is None:
            return False
        body = msgspec.json.encode(merged.body)
        validate_bytes(doc_id, body, None, SERVER, database.name)
    except (DomainError, msgspec.DecodeError, UnicodeDecodeError) as error:
        # A leaf of another schema may merge into something we can't judge; it stays a conflict, which loses nothing.
        logger.warning("the conflict of a %s was left open: %s", doc_id.partition(":")[0], type(error).__name__)
        return False
    outcomes = await database.write([Document(id=doc_id, rev=merged.parent, body=body)])
    if outcomes[0].error is not None:
        return False
    await database.write([Document(id=doc_id, rev=rev, deleted=True) for rev in merged.obsolete])
    return True


async def _ancestor(database: Database, leaves: list[Document]) -> Document | None:
    """The newest revision all leaves descend from, while its body is still kept."""
    lines = [_line(leaf) for leaf in leaves]
    common = next((rev for rev in lines[0] if all(rev in line for line in lines[1:])), None)
    if common is None:
        return None
    try:
        return await database.get(leaves[0].id, common)
    except NotFound:
        return None


def _line(leaf: Document) -> list[str]:
    """A leaf's revisions, itself first."""
    newest = generation(leaf.rev)
    return [f"{newest - age}-{ident}" for age, ident in enumerate(leaf.ancestry)]
