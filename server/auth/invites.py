"""Invites: a signed text that lets one device in, with a role, for a while.

    payload  {"i": "<ULID>", "r": "volunteer", "c": ["moscow"], "e": <seconds since 1970>}
    invite   <base64 of the payload>.<HMAC>            (itsdangerous)
    link     <public url>/join#<invite>                the fragment is never sent, so no log and no link preview holds it

Nothing is stored when an invite is made, so any process that shares the secret can make one. That it lets in only one device
is recorded when it is used (`devices.py`).
"""

import datetime as dt
from collections.abc import Collection
from typing import get_args

import msgspec
from itsdangerous import BadSignature, URLSafeSerializer

from server.auth.errors import ExpiredInvite, ForgedInvite, MalformedJoin
from server.domain.documents import Role
from server.domain.identifiers import is_ulid, new_ulid
from server.settings import Secret

ROLES: tuple[Role, ...] = get_args(Role)
DEFAULT_HOURS = 72
LONGEST_HOURS = 24 * 31
_LONGEST_TEXT = 4096


class Invitation(msgspec.Struct, frozen=True):
    """What an invite says: it may be used once, before `expires`, by a device that gets `role` in `chapters`."""

    id: str
    role: Role
    chapters: tuple[str, ...]
    expires: dt.datetime


class _Payload(msgspec.Struct, frozen=True):
    i: str
    r: Role
    c: tuple[str, ...]
    e: int


def invitation(role: str, chapters: Collection[str], hours: float, existing: Collection[str]) -> Invitation:
    """A new invitation; `existing` are the chapters there are. Raises MalformedJoin for what can't be, naming the field."""
    if role not in ROLES:
        raise MalformedJoin("role", f"“{role[:40]}” is no role; the roles are {', '.join(ROLES)}.")
    if not 0 < hours <= LONGEST_HOURS:
        raise MalformedJoin("hours", f"an invite lasts more than 0 and at most {LONGEST_HOURS} hours.")
    unknown = [slug for slug in chapters if slug not in existing]
    if unknown:
        known = ", ".join(sorted(existing)) or "none yet; `otkrytka chapter add` makes one"
        raise MalformedJoin("chapter", f"there is no chapter “{unknown[0][:60]}” (there are: {known}).")
    if role == "national" and chapters:
        raise MalformedJoin("chapter", "a national invite is for all chapters; name none.")
    if role != "national" and not chapters:
        raise MalformedJoin("chapter", f"an invite for a {role} names at least one chapter.")
    expires = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(hours=hours)
    return Invitation(new_ulid(), ROLES[ROLES.index(role)], tuple(dict.fromkeys(chapters)), expires)


def again(invited: Invitation) -> Invitation:
    """Another one like it: each lets one device in."""
    return msgspec.structs.replace(invited, id=new_ulid())


class Invites:
    """Signs invitations and reads them back."""

    def __init__(self, secret: Secret) -> None:
        self._serializer = URLSafeSerializer(secret.reveal(), salt="otkrytka.invite")

    def sign(self, invited: Invitation) -> str:
        """The text that travels in a link or a QR code."""
        payload = {
            "i": invited.id,
            "r": invited.role,
            "c": list(invited.chapters),
            "e": int(invited.expires.timestamp()),
        }
        return self._serializer.dumps(payload)

    def read(self, text: str) -> Invitation:
        """The invitation in a text, used or not. Raises MalformedJoin, ForgedInvite or ExpiredInvite."""
        # A payload of many chapters is compressed, which itsdangerous marks by a dot before it.
        if text.removeprefix(".").count(".") != 1 or len(text) > _LONGEST_TEXT or not text.isascii():
            raise MalformedJoin("invite", "this is not an invite; copy the whole link.")
        try:
            payload = msgspec.convert(self._serializer.loads(text), _Payload)
        except BadSignature:
            raise ForgedInvite from None
        except msgspec.ValidationError:
            raise MalformedJoin("invite", "this invite was made by another version of the server.") from None
        invited = Invitation(payload.i, payload.r, payload.c, dt.datetime.fromtimestamp(payload.e, dt.UTC))
        if not is_ulid(invited.id):
            raise MalformedJoin("invite", "this invite has no valid id.")
        if invited.expires <= dt.datetime.now(dt.UTC):
            raise ExpiredInvite
        return invited


def join_link(base: str, invite: str) -> str:
    """Where a phone enrols with an invite."""
    return f"{base}/join#{invite}"


def sign_in_link(base: str, invite: str) -> str:
    """Where a coordinator's browser signs in with an invite."""
    return f"{base}/dashboard/sign-in#{invite}"
