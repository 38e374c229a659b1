"""The roll: the database `devices`, as every process of a store reads it.

    device:<ULID>      pseudonym, role, chapters, key     written once, when an invite is used
    invite:<ULID>      which device used it               created before the device: the second to try meets a conflict
    revocation:<ULID>  this device is refused from now on
    standing:<ULID>    suspended? until when?             written again when that changes
    session:<ULID>     a browser that is signed in        written again when it is ended
    approval:<ULID>    a phone let a browser in           created: the second to try meets a conflict
    passkey:<id>       a public key of a device

Any number of processes and machines may share it. What changes is looked for at each request, and what a look found may be
relied on for LEASE seconds from the moment it began. Who shuts somebody out waits that long before saying that it is done. So a
device is refused from the first request after that, at every process, and a hundred phones do not cost a look each.
"""

import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

import anyio
import msgspec

from server.domain.documents import InDevices
from server.domain.identifiers import DEVICES
from server.stores import open_or_create
from sync.databases.contract import START, Catalog, Database
from sync.documents import Document
from sync.errors import Conflict, NotFound

LEASE = 1.0
_PAGE = 1000
_REMEMBERED = 8192
_decode = msgspec.json.Decoder(InDevices).decode
_T = TypeVar("_T")

Bodies = Mapping[str, InDevices]


@dataclass
class _Look:
    """One look at the store for all who asked before it began; `found` is None until it has answered."""

    ids: set[str] = field(default_factory=set)
    found: Bodies | None = None
    began: float = 0.0


class Roll:
    """The documents of one store's `devices`."""

    def __init__(self, database: Database, lease: float = LEASE) -> None:
        self._database = database
        self._lease = lease
        # Until when, by this process's clock (clocks are never compared), and what.
        self._relied_on: dict[str, tuple[float, InDevices | None]] = {}
        self._looking = anyio.Lock()
        self._next_look = _Look()
        self._known: dict[str, InDevices] = {}
        self._since = START
        self._reading = anyio.Lock()
        self._begun = 0
        self._finished = 0

    @classmethod
    async def open(cls, catalog: Catalog, lease: float = LEASE) -> "Roll":
        """The roll kept in a store; its database is made when it is not there. All processes must have the same lease."""
        return cls(await open_or_create(catalog, DEVICES), lease)

    async def find(self, doc_id: str) -> InDevices | None:
        """One document as it stands now, or None."""
        found = await self._get(doc_id)
        return None if found is None else _decode(found.body)

    async def create(self, doc_id: str, body: InDevices) -> bool:
        """Writes a new document; False when there is one of that id."""
        return await self._write(Document(id=doc_id, body=msgspec.json.encode(body)))

    async def replace(self, doc_id: str, body: InDevices) -> None:
        """Writes a document in place of what is there; of two who do so at once, the later one stands."""
        while True:
            found = await self._get(doc_id)
            rev = "" if found is None else found.rev
            if await self._write(Document(id=doc_id, rev=rev, body=msgspec.json.encode(body))):
                return

    async def delete(self, doc_id: str) -> None:
        """Deletes a document, if it is there."""
        while (found := await self._get(doc_id)) is not None:
            if await self._write(Document(id=doc_id, rev=found.rev, deleted=True)):
                return

    async def all(self, kind: type[_T]) -> dict[str, _T]:
        """All documents of a type, by what follows the colon of their ids."""
        await self._catch_up()
        return {doc_id.partition(":")[2]: body for doc_id, body in self._known.items() if isinstance(body, kind)}

    async def reached(self) -> str:
        """How far the documents have been read; the same until one is written, here or at another process."""
        await self._catch_up()
        return self._since

    async def current(self, ids: Collection[str]) -> Bodies:
        """Those of the documents that are there, as a look found them that began less than a lease ago.

        Those who ask while a look is under way share the next one; a look that fails answers nobody.
        """
        now = time.monotonic()
        relied = {doc_id: kept[1] for doc_id in ids if (kept := self._relied_on.get(doc_id)) and now < kept[0]}
        if len(relied) < len(ids):
            look = self._next_look
            look.ids.update(ids)
            relied = dict((await self._answered(look)).items())
        return {doc_id: body for doc_id in ids if (body := relied.get(doc_id)) is not None}

    async def settle(self, ids: Collection[str]) -> None:
        """Returns when nobody anywhere relies any more on what was found of these documents before this was called."""
        for doc_id in ids:
            self._relied_on.pop(doc_id, None)
        await anyio.sleep(self._lease)

    async def _answered(self, look: _Look) -> Bodies:
        async with self._looking:
            if look is self._next_look:
                self._next_look = _Look()
            if look.found is None:
                look.began = time.monotonic()
                look.found = await self._look(look.ids)
                self._rely_on(look)
        return look.found

    def _rely_on(self, look: _Look) -> None:
        if len(self._relied_on) > _REMEMBERED:
            self._relied_on = {doc_id: kept for doc_id, kept in self._relied_on.items() if look.began < kept[0]}
        until = look.began + self._lease
        self._relied_on.update({doc_id: (until, (look.found or {}).get(doc_id)) for doc_id in look.ids})

    async def _look(self, ids: Collection[str]) -> Bodies:
        # By ids and not from the feed: on a cluster this asks a quorum of the copies, the feed only one of them.
        page = await self._database.all_docs(sorted(ids), include_docs=True)
        return {row.id: _decode(row.document.body) for row in page.rows if row.document is not None and not row.deleted}

    async def _get(self, doc_id: str) -> Document | None:
        try:
            return await self._database.get(doc_id)
        except NotFound as error:
            if error.reason not in ("missing", "deleted"):
                raise  # without the database nobody can be told from somebody who is shut out
            return None

    async def _write(self, document: Document) -> bool:
        [outcome] = await self._database.write([document])
        if isinstance(outcome.error, Conflict):
            return False
        if outcome.error is not None:
            raise outcome.error
        return True

    async def _catch_up(self) -> None:
        begun_before = self._begun
        async with self._reading:
            if self._finished > begun_before:
                return  # a reading that began after this call has answered it
            self._begun += 1
            await self._read()
            self._finished = self._begun

    async def _read(self) -> None:
        while True:
            page = await self._database.changes(self._since, limit=_PAGE, include_docs=True)
            for change in page.rows:
                if change.document is not None and not change.deleted:
                    self._keep(change.document)
                elif not change.id.startswith("device:"):
                    # A device that was let in stays known, or it could not be revoked.
                    self._known.pop(change.id, None)
            self._since = page.last_seq
            if len(page.rows) < _PAGE:
                return

    def _keep(self, document: Document) -> None:
        with suppress(msgspec.ValidationError):  # of a newer version; whoever needs this very document asks `current`
            self._known[document.id] = _decode(document.body)
