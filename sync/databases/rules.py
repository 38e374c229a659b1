"""Rules that the backends share and that are no matter of the revision tree."""

import re

import msgspec

from sync.documents import UNREADABLE, Attachment, Document
from sync.errors import BadRequest, Conflict, NotFound

_MOST_REVISIONS = 10**15  # more than a branch can have, and no more than every store can hold
_LOCAL_REV = re.compile(r"0-[0-9]{1,15}")


def check_object(raw: bytes, what: str) -> None:
    """Raises BadRequest unless `raw` is a JSON object."""
    try:
        msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except UNREADABLE:
        raise BadRequest(f"{what} must be a JSON object") from None


def check_limit(limit: int) -> None:
    """Raises BadRequest unless `limit` can be a revs_limit."""
    if not 1 <= limit <= _MOST_REVISIONS:
        raise BadRequest("`revs_limit` must be a positive integer")


def next_local_rev(stored: str | None, given: str) -> str:
    """The revision a local document gets. Raises Conflict when one is stored and `given` is not it."""
    if stored is not None and given != stored:
        raise Conflict
    if given and _LOCAL_REV.fullmatch(given) is None:
        raise BadRequest("Invalid rev format")
    return f"0-{int(given.partition('-')[2] or 0) + 1}"


def entry_of(document: Document, name: str) -> Attachment:
    """Raises NotFound where the revision has no attachment of that name."""
    if not document.attachments or name not in document.attachments:
        raise NotFound("Document is missing attachment")
    return document.attachments[name]
