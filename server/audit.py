"""The log of administrative acts: who did what to what, and when. Acts are only ever added to it.

    act:<ULID>   in the database `audit`, which nobody but the server enters: a document of one revision

The log is a database like the others, so backups hold it, and several servers on one store write one log.
"""

import datetime as dt
import sys
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

import anyio
import msgspec

from server.domain.identifiers import AUDIT, new_ulid
from server.domain.identity import Identity
from server.stores import open_or_create
from sync.databases.contract import START, Catalog, Database
from sync.documents import Document

_PAGE = 1000
_LONGEST = 500


DEEDS = frozenset(
    (
        "event-made", "event-edited", "event-cancelled", "event-closed", "letters-sent",
        "conflict-settled", "closing-chosen", "refusal-seen", "report-dismissed",
        "prisoner-made", "prisoner-edited", "prisoner-imported", "prisoner-import-left", "prisoner-merged", "prisoner-parted",
        "placement-made", "placement-edited", "address-confirmed",
        "facility-made", "facility-edited", "figure-made", "figure-edited", "rules-made", "rules-edited",
        "theme-made", "theme-edited", "chapter-made", "chapter-edited",
        "invite-made", "device-revoked", "device-forgotten", "device-suspended", "device-resumed", "device-extended",
        "session-vouched", "session-ended", "passkey-added", "passkey-removed",
    )
)  # fmt: skip
"""The acts there are. Each has a text, `act-<name>`, by which pages call it."""


class Change(msgspec.Struct, frozen=True):
    """A field that an act changed, as texts: what stood there, and what stands there now."""

    field: str
    before: str
    after: str


class Act(msgspec.Struct, frozen=True, tag_field="type", tag="act"):
    """One act. `by` is the device (None: the operator), `act` one of DEEDS, `subject` an id."""

    by: str | None
    pseudonym: str
    act: str
    subject: str
    at: dt.datetime
    changes: list[Change] = []


class _Known(NamedTuple):
    """By which acts are found: all that is held of them, so that what they changed takes no memory."""

    by: str | None
    subject: str


_decode = msgspec.json.Decoder(Act).decode


class Audit:
    """The log of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, _Known] = {}  # by id: a cluster's feed may tell of one again
        self._since = START
        self._reading = anyio.Lock()

    @classmethod
    async def open(cls, catalog: Catalog) -> "Audit":
        """The log kept in a store; its database is made when it is not there."""
        return cls(await open_or_create(catalog, AUDIT))

    async def record(self, identity: Identity, act: str, subject: str, changes: Sequence[Change] = ()) -> None:
        """Adds an act, dated to the minute. Raises the store's SyncError: an act nobody could note must not look done."""
        await self.record_all(identity, act, [(subject, changes)])

    async def record_all(self, identity: Identity, act: str, subjects: Sequence[tuple[str, Sequence[Change]]]) -> None:
        """Adds the same act on many subjects, in one commit."""
        if act not in DEEDS:
            raise ValueError(f"{act} is no act that pages could name")
        now = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)
        for outcome in await self._database.write([_act(identity, act, *one, now) for one in subjects]):
            if outcome.error is not None:
                raise outcome.error

    async def acts(
        self, subject: str | None = None, *, by: str | None = None, skip: int = 0, most: int | None = None
    ) -> list[Act]:
        """All acts, or those on one subject or by one device; the latest first, no more than `most` after the first `skip`."""
        async with self._reading:
            await self._read()
        asked = (
            act_id
            for act_id, known in reversed(self._known.items())
            if (subject is None or known.subject == subject) and (by is None or known.by == by)
        )
        ids = list(islice(asked, skip, None if most is None else skip + most))
        return [act for first in range(0, len(ids), _PAGE) for act in await self._bodies(ids[first : first + _PAGE])]

    async def _bodies(self, ids: Sequence[str]) -> list[Act]:
        rows = (await self._database.all_docs(ids, include_docs=True)).rows
        return [_decode(row.document.body) for row in rows if row.document is not None]

    async def _read(self) -> None:
        while True:
            page = await self._database.changes(self._since, limit=_PAGE, include_docs=True)
            self._known |= {
                change.id: _known(_decode(change.document.body))
                for change in page.rows
                if change.id.startswith("act:") and change.document is not None and not change.deleted
            }
            self._since = page.last_seq
            if len(page.rows) < _PAGE:
                return


def _known(act: Act) -> _Known:
    return _Known(sys.intern(act.by) if act.by else None, sys.intern(act.subject))


def _act(identity: Identity, act: str, subject: str, changes: Sequence[Change], now: dt.datetime) -> Document:
    short = [Change(one.field, one.before[:_LONGEST], one.after[:_LONGEST]) for one in changes]
    body = Act(identity.device, identity.pseudonym, act, subject, now, short)
    return Document(id=f"act:{new_ulid(int(now.timestamp()) * 1000)}", body=msgspec.json.encode(body))
