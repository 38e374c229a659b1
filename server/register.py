"""The register as pages read it: every document decoded once, and again only when the database has changed.

Read from the database itself and not from the projection, so that a page shows what the form before it has just stored.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import TypeVar

import anyio
import anyio.to_thread
import msgspec

from server.domain.documents import AnyDocument, Document, Prisoner
from server.domain.doubles import survivors
from server.domain.errors import DomainError
from server.domain.identifiers import REGISTER
from server.domain.names import Pair, duplicates
from server.domain.reading import read
from server.stores import open_or_create
from sync.databases.contract import Catalog, Database, Range

_PAGE = 1000
D = TypeVar("D", bound=Document)


class Shelf:
    """The register at one moment: what can be read of it, by id."""

    def __init__(self, documents: Mapping[str, AnyDocument]) -> None:
        self.documents = documents

    def all(self, kind: type[D]) -> dict[str, D]:
        """The documents of one kind, by id."""
        return {name: body for name, body in self.documents.items() if isinstance(body, kind)}

    @cached_property
    def prisoners(self) -> dict[str, Prisoner]:
        """Everybody, those merged into another included. Who is all of a circle of merges is merged into nobody."""
        return self._entries | {
            name: msgspec.structs.replace(self._entries[name], merged_into=None) for name in self.in_circles
        }

    @cached_property
    def survivors(self) -> dict[str, str]:
        """Who those are in the end who were merged into another."""
        return survivors({name: one.merged_into for name, one in self._entries.items() if one.merged_into})

    @cached_property
    def in_circles(self) -> list[str]:
        """Those who are all of a circle of merges, while their documents say that they are somebody else."""
        return [name for name, one in self._entries.items() if one.merged_into and name not in self.survivors]

    @cached_property
    def _entries(self) -> dict[str, Prisoner]:
        return self.all(Prisoner)

    @cached_property
    def duplicates(self) -> list[Pair]:
        """Pairs of prisoners who may be one person. Finding them takes a while."""
        return duplicates(self.prisoners)


class Register:
    """The register of one store.

    `changing` is held by whoever first looks at everybody in it, to make one person of two or to write what a table says: what
    was seen is then still so when it is written.
    """

    def __init__(self, database: Database) -> None:
        self.changing = anyio.Lock()
        self._database = database
        self._read: tuple[str, Shelf] | None = None

    @classmethod
    async def open(cls, catalog: Catalog) -> "Register":
        """The register kept in a store; its database is made when it is not there."""
        return cls(await open_or_create(catalog, REGISTER))

    async def shelf(self) -> Shelf:
        """The register as it is now."""
        seq = (await self._database.info()).update_seq
        if self._read is None or self._read[0] != seq:
            self._read = (seq, Shelf(await self._documents()))
        return self._read[1]

    async def duplicates(self) -> list[Pair]:
        """Pairs of prisoners who may be one person, the most alike first."""
        shelf = await self.shelf()
        return await anyio.to_thread.run_sync(lambda: shelf.duplicates)

    async def _documents(self) -> dict[str, AnyDocument]:
        known: dict[str, AnyDocument] = {}
        span = Range(limit=_PAGE)
        while True:
            page = await self._database.all_docs(span, include_docs=True)
            for row in page.rows:
                if row.document is not None and (body := _body(row.document.body)) is not None:
                    known[row.id] = body
            if len(page.rows) < _PAGE:
                return known
            span = Range(start=page.rows[-1].id, skip=1, limit=_PAGE)


def _body(raw: bytes) -> AnyDocument | None:
    try:
        return read(raw, REGISTER)
    except DomainError:
        return None
