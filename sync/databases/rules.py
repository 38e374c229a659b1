"""Rules that every backend which stores things itself shares and that are no matter of the revision tree."""

import msgspec

from sync.documents import Attachment, Document
from sync.errors import BadRequest, Conflict, NotFound


def check_object(raw: bytes, what: str) -> None:
    """Raises BadRequest unless `raw` is a JSON object."""
    try:
        msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except msgspec.DecodeError:
        raise BadRequest(f"{what} must be a JSON object") from None


def check_limit(limit: int) -> None:
    """Raises BadRequest unless `limit` can be a revs_limit."""
    if limit < 1:
        raise BadRequest("`revs_limit` must be a positive integer")


def next_local_rev(stored: str | None, given: str) -> str:
    """The revision a local document gets. Raises Conflict when one is stored and `given` is not it."""
    if stored is not None and given != stored:
        raise Conflict
    zero, _, number = given.partition("-")
    if given and not (zero == "0" and number.isdecimal()):
        raise BadRequest("Invalid rev format")
    return f"0-{int(number or 0) + 1}"


def entry_of(document: Document, name: str) -> Attachment:
    """Raises NotFound where the revision has no attachment of that name."""
    if not document.attachments or name not in document.attachments:
        raise NotFound("Document is missing attachment")
    return document.attachments[name]
