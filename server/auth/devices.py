"""Enrolled devices: let in once, refused from the next request when they are suspended, expired or revoked.

Everything is written in the roll (`roll.py`), so it holds at every process of a store.
"""

import datetime as dt
from collections.abc import Collection

import msgspec

from server.auth.errors import AlreadyRevoked, NotAllowed, NotEnrolled, UsedInvite
from server.auth.invites import Invitation
from server.auth.roll import LEASE, Bodies, Roll
from server.domain.documents import Device, Invite, Revocation, Session, Standing
from server.domain.identifiers import is_ulid, new_ulid
from server.domain.identity import Identity
from sync.databases.contract import Catalog


class Enrolled(msgspec.Struct, frozen=True):
    """A device as coordinators see it: who it may be, since when, until when, and whether it is let in at present."""

    id: str
    pseudonym: str
    role: str
    chapters: tuple[str, ...]
    enrolled: dt.datetime
    revoked: dt.datetime | None = None
    suspended: bool = False
    until: dt.datetime | None = None


class Devices:
    """The devices of one store."""

    def __init__(self, roll: Roll) -> None:
        self.roll = roll
        self._devices: dict[str, Device] = {}
        self._coordinators: tuple[str, frozenset[str]] = ("", frozenset())

    @classmethod
    async def open(cls, catalog: Catalog, lease: float = LEASE) -> "Devices":
        """The devices kept in a store; their database is made when it is not there. All processes must have the same lease."""
        return cls(await Roll.open(catalog, lease))

    async def identify(self, device: str, session: str | None = None) -> Identity:
        """The identity of a device, as of now, in a session of a browser when one is named.

        Raises NotEnrolled when it is unknown, was revoked, is suspended or has expired, or when the session was ended.
        """
        enrolled = await self._enrolled(device)
        if enrolled is None:
            raise NotEnrolled("This device is not enrolled here.")
        ids = [f"revocation:{device}", f"standing:{device}", *([f"session:{session}"] if session else [])]
        _admit(await self.roll.current(ids), device, session)
        return Identity(device, enrolled.role, tuple(enrolled.chapters), enrolled.pseudonym)

    async def everyone(self) -> list[Enrolled]:
        """All devices there ever were, the newest first."""
        devices, revocations = await self.roll.all(Device), await self.roll.all(Revocation)
        standings = await self.roll.all(Standing)
        known = [_describe(one, body, revocations.get(one), standings.get(one)) for one, body in devices.items()]
        return sorted(known, key=lambda device: (device.enrolled, device.id), reverse=True)

    async def coordinators(self) -> frozenset[str]:
        """The devices that are coordinators', or were; the same set until something about devices is written."""
        reached = await self.roll.reached()
        if reached != self._coordinators[0]:
            devices = await self.roll.all(Device)
            self._coordinators = reached, frozenset(one for one, body in devices.items() if body.role == "coordinator")
        return self._coordinators[1]

    async def pseudonyms(self) -> dict[str, str]:
        """What each device calls itself, by its id."""
        return {name: body.pseudonym for name, body in (await self.roll.all(Device)).items()}

    async def find(self, device: str) -> Enrolled | None:
        """One device, or None."""
        return next((one for one in await self.everyone() if one.id == device), None)

    async def enrolled(self, names: Collection[str]) -> frozenset[str]:
        """Those of some names that devices bear here, whether these are still let in or not."""
        found = await self.roll.current([f"device:{name}" for name in names if is_ulid(name)])
        return frozenset(doc_id.partition(":")[2] for doc_id in found)

    async def key_of(self, device: str) -> str | None:
        """The public key by which a device signs what it sends by other hands; None for one that named none."""
        enrolled = await self._enrolled(device)
        return None if enrolled is None else enrolled.key

    async def enrol(self, invited: Invitation, pseudonym: str, key: str | None = None) -> Identity:
        """Lets a device in by an invitation. Raises UsedInvite when another one, here or on another machine, was faster."""
        device = new_ulid()
        now = dt.datetime.now(dt.UTC)
        if not await self.roll.create(f"invite:{invited.id}", Invite(schema=1, device=device, used=now)):
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
        await self.roll.create(f"device:{device}", enrolled)
        self._devices[device] = enrolled
        return Identity(device, enrolled.role, invited.chapters, pseudonym)

    async def revoke(self, device: str, by: Identity, *, forget: bool = False) -> None:
        """Refuses a device; when this returns, everywhere.

        With `forget` the phone is told to wipe everything it holds when it next asks: it was lost, or taken. Raises NotAllowed
        for a device that `by` has no say over, AlreadyRevoked.
        """
        await self._managed(device, by)
        name = f"revocation:{device}"
        now = dt.datetime.now(dt.UTC)
        revocation = Revocation(schema=1, device=device, revoked=now, by=by.device, forget=forget)
        if not await self.roll.create(name, revocation):
            raise AlreadyRevoked
        await self.roll.settle([name])

    async def set_standing(self, device: str, by: Identity, *, suspended: bool, until: dt.datetime | None) -> None:
        """Suspends a device or lets it in again, until a moment or for ever; holds everywhere when this returns.

        Unlike a revocation it can be undone. Raises NotAllowed for a device that `by` has no say over, AlreadyRevoked.
        """
        await self._managed(device, by)
        if await self.roll.find(f"revocation:{device}") is not None:
            raise AlreadyRevoked
        name = f"standing:{device}"
        now = dt.datetime.now(dt.UTC)
        standing = Standing(schema=1, device=device, suspended=suspended, until=until, changed=now, by=by.device)
        await self.roll.replace(name, standing)
        await self.roll.settle([name])

    async def is_to_forget(self, device: str) -> bool:
        """Whether a device was revoked with the order to forget everything."""
        body = await self.roll.find(f"revocation:{device}")
        return isinstance(body, Revocation) and body.forget

    async def _enrolled(self, device: str) -> Device | None:
        """What an enrolment says never changes: a known one needs no other look."""
        if device not in self._devices:
            found = await self.roll.find(f"device:{device}")
            if isinstance(found, Device):
                self._devices[device] = found
        return self._devices.get(device)

    async def _managed(self, device: str, by: Identity) -> None:
        enrolled = await self._enrolled(device)
        if enrolled is None or not may_manage(by, enrolled.role, enrolled.chapters):
            raise NotAllowed("This device is not one of yours.")


def _admit(found: Bodies, device: str, session: str | None) -> None:
    """Raises NotEnrolled unless what was found lets the device in."""
    if f"revocation:{device}" in found:
        raise NotEnrolled("This device has been revoked.", "revoked")
    standing = found.get(f"standing:{device}")
    if isinstance(standing, Standing):
        if standing.suspended:
            raise NotEnrolled(
                "This device is suspended. Ask a coordinator; what it counts is kept until then.", "suspended"
            )
        if standing.until is not None and standing.until <= dt.datetime.now(dt.UTC):
            raise NotEnrolled("The time this device was let in for is over. Ask a coordinator to extend it.", "over")
    if session is not None:
        opened = found.get(f"session:{session}")
        if not isinstance(opened, Session) or opened.device != device or opened.ended is not None:
            raise NotEnrolled("The session has ended.")


def _describe(name: str, device: Device, revocation: Revocation | None, standing: Standing | None) -> Enrolled:
    return Enrolled(
        name,
        device.pseudonym,
        device.role,
        tuple(device.chapters),
        device.enrolled,
        revocation.revoked if revocation else None,
        standing.suspended if standing else False,
        standing.until if standing else None,
    )


def may_manage(identity: Identity, role: str, chapters: Collection[str]) -> bool:
    """Whether an identity may invite or revoke such a device: national any, a coordinator the volunteers of its chapters."""
    if identity.role == "national":
        return True
    return identity.role == "coordinator" and role == "volunteer" and set(chapters) <= set(identity.chapters)
