"""One changed document, as a feed shows it, turned into what the tables keep."""

from collections.abc import Sequence

import msgspec

from server.domain import merging
from server.domain import reading as shapes
from server.domain.documents import AnyDocument, Closing, Dispatch, Event, Reply, Sheet
from server.domain.errors import DomainError
from sync.documents import Document

_OF_EVENT = (Sheet, Closing, Dispatch, Reply)


class Seen(msgspec.Struct, frozen=True, gc=False):
    """A document at one moment: every leaf revision, and the live leaves with their bodies, the winner first."""

    id: str
    leaves: tuple[str, ...]
    live: tuple[Document, ...] = ()


class Kept(msgspec.Struct, frozen=True, gc=False):
    """The same for the tables: one body in which all live leaves are merged, None where there is nothing to read.

    `type` is "deleted" for a document that was, and "" for one nobody here can read. `device` is the writer of a sheet.
    `conflict` says that there are several leaves, of a kind that is merged (closings never are). `content` is what the body
    says.
    """

    id: str
    leaves: tuple[str, ...]
    type: str = ""
    event: str | None = None
    body: bytes | None = None
    device: str | None = None
    conflict: bool = False
    content: AnyDocument | None = None


def keep(seen: Seen, database: str) -> Kept:
    """Read and merge a document. Whatever can't be read is kept without a body: known, and not counted."""
    readable = [(leaf, body) for leaf in seen.live if (body := _read(leaf, database)) is not None]
    if not readable:
        return Kept(seen.id, seen.leaves, type="" if seen.live else "deleted")
    body = _merged(readable, database)
    return Kept(
        seen.id,
        seen.leaves,
        type=str(type(body).__struct_config__.tag),
        event=_event_of(seen.id, body),
        body=readable[0][0].body if len(readable) == 1 else msgspec.json.encode(body),
        device=body.writer if isinstance(body, Sheet) else None,
        conflict=len(seen.live) > 1 and not isinstance(body, Closing),
        content=body,
    )


def _read(leaf: Document, database: str) -> AnyDocument | None:
    try:
        return shapes.read(leaf.body, database)
    except DomainError:
        return None


def _merged(readable: Sequence[tuple[Document, AnyDocument]], database: str) -> AnyDocument:
    """What the document will be once its conflict is settled; the settling itself is written by `merges.py`.

    The winner stands alone where the merge would be no document of ours, such as a sheet of more lines than one may have.
    """
    winner = readable[0][1]
    if len(readable) == 1:
        return winner
    try:
        leaves = [merging.Leaf(leaf.rev, msgspec.json.decode(leaf.body)) for leaf, _ in readable]
        merged = merging.merge(leaves)
        return winner if merged is None else shapes.read(merged.body, database)
    except (DomainError, msgspec.DecodeError, UnicodeDecodeError):
        return winner


def _event_of(doc_id: str, body: AnyDocument) -> str | None:
    if isinstance(body, Event):
        return doc_id
    return body.event if isinstance(body, _OF_EVENT) else None
