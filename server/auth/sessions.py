"""Browsers that are signed in: opened by an invite, a phone or a passkey; listed; ended.

How a phone signs a laptop in. Nobody types anything, and nothing is written for a browser that nobody vouches for:

    browser                               server                              phone (enrolled, unlocked)
      │ opens the page ──────────────────► a signed, short-lived cookie            │
      │ shows `…/app/sign-in#<id>` as QR ─────────────────────────────────────────►│ asks "this browser?", shows its code
      │                                    approval:<id> ◄──────── its own token ──┤
      │ asks again, with its cookie ─────► session:<id>, once                      │

Whoever photographs the code can't use it: the cookie stays in the browser that showed it.
"""

import datetime as dt

import msgspec
from itsdangerous import BadSignature, URLSafeTimedSerializer

from server.auth.devices import Devices, Enrolled, may_manage
from server.auth.errors import MalformedJoin, NotAllowed, NotEnrolled, StaleSignIn, UsedSignIn
from server.auth.tokens import SESSION_SECONDS, Tokens
from server.domain.documents import Approval, Entrance, Session
from server.domain.identifiers import is_ulid, new_ulid, number_of
from server.domain.identity import Identity
from server.settings import Secret

WAITING_SECONDS = 10 * 60
"""How long a browser may wait to be vouched for."""
_LIFE = dt.timedelta(seconds=SESSION_SECONDS)


class Opened(msgspec.Struct, frozen=True):
    """A session as it is listed; `expires` is when its cookie ends by itself."""

    id: str
    device: str
    pseudonym: str
    by: Entrance
    opened: dt.datetime
    expires: dt.datetime


class Sessions:
    """The sessions of one store."""

    def __init__(self, devices: Devices, tokens: Tokens, secret: Secret) -> None:
        self._devices = devices
        self._roll = devices.roll
        self._tokens = tokens
        self._waiting = URLSafeTimedSerializer(secret.reveal(), salt="otkrytka.waiting-browser")

    async def open(self, device: str, by: Entrance, name: str | None = None) -> str:
        """The cookie of a new session. Raises UsedSignIn when a session of that name was opened before."""
        name = name or new_ulid()
        session = Session(schema=1, device=device, opened=dt.datetime.now(dt.UTC), by=by)
        if not await self._roll.create(f"session:{name}", session):
            raise UsedSignIn
        return self._tokens.session(device, name)

    async def listed(self, identity: Identity) -> list[Opened]:
        """The sessions an identity may see and end that are neither ended nor over, the newest first."""
        now = dt.datetime.now(dt.UTC)
        names = {one.id: one.pseudonym for one in await self._devices.everyone() if _reaches(identity, one)}
        found = [
            Opened(name, one.device, names[one.device], one.by, one.opened, one.opened + _LIFE)
            for name, one in (await self._roll.all(Session)).items()
            if one.ended is None and one.device in names and now < one.opened + _LIFE
        ]
        return sorted(found, key=lambda one: (one.opened, one.id), reverse=True)

    async def end(self, name: str, identity: Identity) -> str:
        """Ends a session everywhere and answers whose it was. Raises NotAllowed for one the identity has no say over."""
        session = await self._roll.find(f"session:{name}")
        owner = await self._devices.find(session.device) if isinstance(session, Session) else None
        if not isinstance(session, Session) or owner is None or not _reaches(identity, owner):
            raise NotAllowed("This session is not one of yours.")
        if session.ended is None:
            ended = msgspec.structs.replace(session, ended=dt.datetime.now(dt.UTC))
            await self._roll.replace(f"session:{name}", ended)
            await self._roll.settle([f"session:{name}"])
        return session.device

    def wait(self) -> tuple[str, str]:
        """For a browser that wants to be vouched for: the id it shows, and the cookie it keeps."""
        name = new_ulid()
        return name, self._waiting.dumps(name)

    async def approve(self, name: str, identity: Identity) -> None:
        """A phone vouches for the browser that shows this id. Raises MalformedJoin, StaleSignIn, UsedSignIn."""
        if not is_ulid(name):
            raise MalformedJoin("browser", "not the id a sign-in page shows")
        now = dt.datetime.now(dt.UTC)
        age = now.timestamp() - (number_of(name) >> 80) / 1000
        if not -WAITING_SECONDS < age < WAITING_SECONDS:
            raise StaleSignIn
        approval = Approval(schema=1, device=str(identity.device), approved=now)
        if not await self._roll.create(f"approval:{name}", approval):
            raise UsedSignIn

    def waiting(self, cookie: str) -> str:
        """The id of the browser that keeps this cookie. Raises StaleSignIn."""
        try:
            return str(self._waiting.loads(cookie, max_age=WAITING_SECONDS))
        except BadSignature:
            raise StaleSignIn from None

    async def vouched(self, cookie: str) -> str | None:
        """The device that vouched for the browser that keeps this cookie, or None so far. Raises StaleSignIn."""
        approval = await self._roll.find(f"approval:{self.waiting(cookie)}")
        return approval.device if isinstance(approval, Approval) else None

    async def claim(self, cookie: str) -> str:
        """The cookie of the session a phone vouched for, once. Raises NotEnrolled, StaleSignIn, UsedSignIn."""
        device = await self.vouched(cookie)
        if device is None:
            raise NotEnrolled("No phone has vouched for this browser yet.")
        await self._devices.identify(device)
        return await self.open(device, "phone", self.waiting(cookie))


def _reaches(identity: Identity, owner: Enrolled) -> bool:
    return owner.id == identity.device or may_manage(identity, owner.role, owner.chapters)
