"""Enrolled devices: the database `devices`, of which enrolments are remembered and revocations looked for at every request.

    device:<ULID>      pseudonym, role, chapters, key     written once, when an invite is used
    invite:<ULID>      which device used it               created before the device: the second to try meets a conflict
    revocation:<ULID>  this device is refused from now on

Any number of processes and machines may share the database. Each looks for a revocation, and may rely on having found none
for LEASE seconds from the moment it began to look. Who revokes waits that long before saying that it is done. So a device is
refused from the first request after that, at every process, and a hundred phones do not cost a look for each of their requests.
"""

import datetime as dt
import time
from collections.abc import Collection
from dataclasses import dataclass, field

import anyio
import msgspec

from server.auth.errors import NotAllowed, NotEnrolled, UsedInvite
from server.auth.invites import Invitation
from server.domain.documents import Device, InDevices, Invite, Revocation
from server.domain.identifiers import DEVICES, is_ulid, new_ulid, parts
from server.domain.identity import Identity
from server.stores import open_or_create
from sync.databases.contract import START, Catalog, Change, Database
from sync.documents import Document
from sync.errors import Conflict, NotFound

LEASE = 1.0
_PAGE = 1000
_decode = msgspec.json.Decoder(InDevices).decode


class Enrolled(msgspec.Struct, frozen=True):
    """A device as coordinators see it: who it may be, since when, and until when."""

    id: str
    pseudonym: str
    role: str
    chapters: tuple[str, ...]
    enrolled: dt.datetime
    revoked: dt.datetime | None = None


@dataclass
class _Look:
    """One look at the store for all who asked before it began; `revoked` is None until it has answered."""

    devices: set[str] = field(default_factory=set)
    revoked: frozenset[str] | None = None


class Devices:
    """The devices of one store."""

    def __init__(self, database: Database, lease: float = LEASE) -> None:
        self._database = database
        self._lease = lease
        self._relied_on: dict[str, float] = {}  # until when, by the clock of this process; clocks are never compared
        self._devices: dict[str, Device] = {}
        self._revoked: dict[str, Revocation] = {}
        self._since = START
        self._reading = anyio.Lock()
        self._begun = 0
        self._finished = 0
        self._looking = anyio.Lock()
        self._next_look = _Look()

    @classmethod
    async def open(cls, catalog: Catalog, lease: float = LEASE) -> "Devices":
        """The devices kept in a store; their database is made when it is not there. All processes must have the same lease."""
        return cls(await open_or_create(catalog, DEVICES), lease)

    async def identify(self, device: str) -> Identity:
        """The identity of a device, as of now. Raises NotEnrolled when it is unknown or was revoked."""
        if device not in self._devices:  # what an enrolment says never changes: a known one needs no other look
            await self._learn(device)
        enrolled = self._devices.get(device)
        if enrolled is None:
            raise NotEnrolled("This device is not enrolled here.")
        if await self._is_revoked(device):
            raise NotEnrolled("This device has been revoked.")
        return Identity(device, enrolled.role, tuple(enrolled.chapters), enrolled.pseudonym)

    async def everyone(self) -> list[Enrolled]:
        """All devices there ever were, the newest first."""
        await self._catch_up()
        known = [self._describe(device) for device in self._devices]
        return sorted(known, key=lambda device: (device.enrolled, device.id), reverse=True)

    async def find(self, device: str) -> Enrolled | None:
        """One device, or None."""
        await self._catch_up()
        return self._describe(device) if device in self._devices else None

    async def key_of(self, device: str) -> str | None:
        """The public key by which a device signs what it sends by other hands; None for one that named none."""
        if device not in self._devices:
            await self._learn(device)
        enrolled = self._devices.get(device)
        return None if enrolled is None else enrolled.key

    async def enrol(self, invited: Invitation, pseudonym: str, key: str | None = None) -> Identity:
        """Lets a device in by an invitation. Raises UsedInvite when another one, here or on another machine, was faster."""
        device = new_ulid()
        now = dt.datetime.now(dt.UTC)
        mark = Invite(schema=1, device=device, used=now)
        if not await self._create(f"invite:{invited.id}", mark):
            raise UsedInvite
        enrolled = Device(
            schema=1,
            pseudonym=pseudonym,
            role=invited.role,
            chapters=list(invited.chapters),
            enrolled=now,
            invite=invited.id,
            key=key,
        )
        await self._create(f"device:{device}", enrolled)
        self._devices[device] = enrolled
        return Identity(device, enrolled.role, invited.chapters, pseudonym)

    async def revoke(self, device: str, by: Identity, *, forget: bool = False) -> None:
        """Refuses a device; when this returns, everywhere. Raises NotAllowed for a device that `by` has no say over.

        With `forget` the phone is told to wipe everything it holds when it next asks: it was lost, or taken.
        """
        await self._catch_up()
        enrolled = self._devices.get(device)
        if enrolled is None or not may_manage(by, enrolled.role, enrolled.chapters):
            raise NotAllowed("This device is not one of yours.")
        await self._create(
            f"revocation:{device}",
            Revocation(schema=1, device=device, revoked=dt.datetime.now(dt.UTC), by=by.device, forget=forget),
        )
        self._relied_on.pop(device, None)
        await anyio.sleep(self._lease)  # until nobody relies on an earlier look any more

    async def is_to_forget(self, device: str) -> bool:
        """Whether a device was revoked with the order to forget everything."""
        found = await self._find(f"revocation:{device}")
        body = None if found is None else _decode(found.body)
        return isinstance(body, Revocation) and body.forget

    async def _create(self, doc_id: str, body: InDevices) -> bool:
        """Writes a new document; False when there is one of that id."""
        [outcome] = await self._database.write([Document(id=doc_id, body=msgspec.json.encode(body))])
        if isinstance(outcome.error, Conflict):
            return False
        if outcome.error is not None:
            raise outcome.error
        return True

    async def _learn(self, device: str) -> None:
        found = await self._find(f"device:{device}")
        if found is not None:
            self._keep(found)

    async def _find(self, doc_id: str) -> Document | None:
        """A document that is there, or None."""
        # By its id and not from the feed: on a cluster this asks a quorum of the copies, the feed only one of them.
        try:
            return await self._database.get(doc_id)
        except NotFound as error:
            if error.reason not in ("missing", "deleted"):
                raise  # without the database nobody can be told from a revoked device
            return None

    async def _is_revoked(self, device: str) -> bool:
        """Those who ask while a look is under way share the next one; a look that fails answers nobody."""
        if time.monotonic() < self._relied_on.get(device, 0.0):
            return False
        look = self._next_look
        look.devices.add(device)
        async with self._looking:
            if look is self._next_look:
                self._next_look = _Look()
            if look.revoked is None:
                began = time.monotonic()
                look.revoked = await self._revoked_among(look.devices)
                self._relied_on.update(dict.fromkeys(look.devices - look.revoked, began + self._lease))
        return device in look.revoked

    async def _revoked_among(self, devices: set[str]) -> frozenset[str]:
        if len(devices) == 1:
            [device] = devices
            return frozenset() if await self._find(f"revocation:{device}") is None else frozenset(devices)
        page = await self._database.all_docs([f"revocation:{device}" for device in devices])
        return frozenset(row.id.partition(":")[2] for row in page.rows if row.rev and not row.deleted)

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
                self._take(change)
            self._since = page.last_seq
            if len(page.rows) < _PAGE:
                return

    def _take(self, change: Change) -> None:
        kind, _, ulid = change.id.partition(":")
        if change.deleted or change.document is None:
            # Only a revocation may be taken back; a device that was let in stays known, or it could not be revoked.
            if kind == "revocation":
                self._revoked.pop(ulid, None)
            return
        if is_ulid(ulid):
            self._keep(change.document)

    def _keep(self, document: Document) -> None:
        body = _decode(document.body)
        if isinstance(body, Device):
            self._devices[parts("device", document.id)[0]] = body
        elif isinstance(body, Revocation):
            self._revoked[parts("revocation", document.id)[0]] = body

    def _describe(self, device: str) -> Enrolled:
        known, revocation = self._devices[device], self._revoked.get(device)
        return Enrolled(
            device,
            known.pseudonym,
            known.role,
            tuple(known.chapters),
            known.enrolled,
            revocation.revoked if revocation else None,
        )


def may_manage(identity: Identity, role: str, chapters: Collection[str]) -> bool:
    """Whether an identity may invite or revoke such a device: national any, a coordinator the volunteers of its chapters."""
    if identity.role == "national":
        return True
    return identity.role == "coordinator" and role == "volunteer" and set(chapters) <= set(identity.chapters)
