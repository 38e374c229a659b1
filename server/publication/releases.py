"""What was said in public of each chapter.

    release:<slug>    a `Release`         release:-    what was said of the country as a whole

They are documents, not `_local` ones, so that backups hold them and a restore carries them over from before: a server that
forgot what it said would say it differently. Their ids are no device's, so nobody takes them for one.
"""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from server.domain.identifiers import DEVICES
from server.domain.suppression import Block
from server.stores import open_or_create
from sync.databases.contract import Catalog, Database, Range
from sync.documents import Document
from sync.errors import Conflict

COUNTRY = "-"
"""Where a chapter's name stands: no chapter can be called so."""
_PREFIX = "release:"
_END = "release;"


class Release(Struct, frozen=True, tag_field="type", tag="release", kw_only=True):
    """What is said of a chapter: the blocks of each figure (see `domain/suppression.py`). Of the country: `recipients`."""

    schema: int = 1
    heads: tuple[Block, ...] = ()
    written: tuple[Block, ...] = ()
    recipients: int | None = None


Releases = Mapping[str, Release]
"""By chapters' slugs, and COUNTRY."""


class Stored(Struct, frozen=True):
    """A release and the revision it stands in."""

    release: Release
    rev: str = ""


NOTHING = Stored(Release())


class ReleaseStore:
    """The releases kept in a store."""

    def __init__(self, devices: Database) -> None:
        self._devices = devices

    @classmethod
    async def open(cls, catalog: Catalog) -> "ReleaseStore":
        """Those kept in this store."""
        return cls(await open_or_create(catalog, DEVICES))

    async def all(self) -> dict[str, Stored]:
        """Everything that was said, by place."""
        page = await self._devices.all_docs(Range(start=_PREFIX, end=_END, inclusive_end=False), include_docs=True)
        found = [row.document for row in page.rows if row.document is not None]
        return {one.id.removeprefix(_PREFIX): Stored(_decode(one.body), one.rev) for one in found}

    async def put(self, place: str, release: Release, rev: str) -> bool:
        """Keeps a release instead of the revision `rev`; False when another server was faster."""
        document = Document(id=_PREFIX + place, rev=rev, body=msgspec.json.encode(release))
        [outcome] = await self._devices.write([document])
        if isinstance(outcome.error, Conflict):
            return False
        if outcome.error is not None:
            raise outcome.error
        return True


_decode = msgspec.json.Decoder(Release).decode
