"""What can go wrong at the door.

    AuthError              reason: a sentence for the person who is refused; error: one word for programs
    ├── MalformedJoin      "bad_request": an invite or field that can't be read; `field` names it
    ├── ForgedInvite       "forbidden": an invite this server did not sign
    ├── UsedInvite         "conflict": an invite that has let a device in already
    ├── ExpiredInvite      "gone": an invite past its time
    ├── NotEnrolled        "unauthorized": no token, a token that is none of ours, or a revoked device
    ├── NotAllowed         "forbidden": an enrolled device whose role does not reach this far
    ├── AlreadyRevoked     "conflict": a device that was revoked, which holds for good
    ├── UsedSignIn         "conflict": a browser's wish to be signed in that was granted before
    ├── StaleSignIn        "gone": one that waited too long
    ├── WrongPasskey       "forbidden": a passkey we don't know, or whose signature is wrong
    └── CrossSite          "forbidden": a request that another site made a browser send

`server/statuses.py` is the one table from these to HTTP statuses.
"""

from typing import Literal


class AuthError(Exception):
    """Anything the door refuses."""

    error = "forbidden"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MalformedJoin(AuthError):
    """Something that can't be read as an invite, or another field that is wrong."""

    error = "bad_request"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field


class ForgedInvite(AuthError):
    """An invite whose signature is not this server's."""

    def __init__(self) -> None:
        super().__init__("This invite was not signed by this server.")


class UsedInvite(AuthError):
    """An invite that has let a device in already."""

    error = "conflict"

    def __init__(self) -> None:
        super().__init__("This invite has been used already. Ask for a new one.")


class ExpiredInvite(AuthError):
    """An invite past its time."""

    error = "gone"

    def __init__(self) -> None:
        super().__init__("This invite has expired. Ask for a new one.")


Exclusion = Literal["unknown", "revoked", "suspended", "over"]
"""Why a device is not let in, for phones that say so in their reader's language."""


class NotEnrolled(AuthError):
    """Nobody we know, or nobody any more; for a device that a coordinator can let in again, `rule` says so."""

    error = "unauthorized"

    def __init__(self, reason: str, rule: Exclusion = "unknown") -> None:
        super().__init__(reason)
        self.rule = rule


class NotAllowed(AuthError):
    """Somebody we know, who may not do this."""


class AlreadyRevoked(AuthError):
    """A device that was revoked. That holds for good: its owner is invited anew."""

    error = "conflict"

    def __init__(self) -> None:
        super().__init__("This device has been revoked already, and that holds for good.")


class UsedSignIn(AuthError):
    """A sign-in that was granted before: it is good for one session."""

    error = "conflict"

    def __init__(self) -> None:
        super().__init__("This sign-in was used already. Open the sign-in page again.")


class StaleSignIn(AuthError):
    """A sign-in that waited too long, or that this server did not begin."""

    error = "gone"

    def __init__(self) -> None:
        super().__init__("This sign-in has expired. Open the sign-in page again.")


class WrongPasskey(AuthError):
    """A passkey that is not registered here, or an answer that it did not sign."""

    def __init__(self) -> None:
        super().__init__("This passkey is not known here, or its answer was not right.")


class CrossSite(AuthError):
    """A request that carries a session but does not come from our own pages."""

    def __init__(self) -> None:
        super().__init__("This request did not come from a page of this server.")
