"""The log of administrative acts: who did what to what, and when. Acts are only ever added to it.

    act:<ULID>   in the database `audit`, which nobody but the server enters: a document of one revision

The log is a database like the others, so backups hold it, and several servers on one store write one log.
"""

import datetime as dt
from collections.abc import Sequence

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
        "prisoner-made", "prisoner-edited", "prisoner-imported", "prisoner-merged", "prisoner-parted",
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


class Audit:
    """The log of one store."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._acts: dict[str, Act] = {}  # by id: a cluster's feed may tell of one again
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

    async def acts(self, subject: str | None = None) -> list[Act]:
        """All acts, or those on one subject; the latest first."""
        async with self._reading:
            await self._read()
        return [act for act in reversed(self._acts.values()) if subject is None or act.subject == subject]

    async def _read(self) -> None:
        while True:
            page = await self._database.changes(self._since, limit=_PAGE, include_docs=True)
            self._acts |= {
                change.id: msgspec.json.decode(change.document.body, type=Act)
                for change in page.rows
                if change.id.startswith("act:") and change.document is not None and not change.deleted
            }
            self._since = page.last_seq
            if len(page.rows) < _PAGE:
                return


def _act(identity: Identity, act: str, subject: str, changes: Sequence[Change], now: dt.datetime) -> Document:
    short = [Change(one.field, one.before[:_LONGEST], one.after[:_LONGEST]) for one in changes]
    body = Act(identity.device, identity.pseudonym, act, subject, now, short)
    return Document(id=f"act:{new_ulid(int(now.timestamp()) * 1000)}", body=msgspec.json.encode(body))
