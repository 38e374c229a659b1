"""Why a parcel as a whole is not taken. What of it is refused document by document is no error.

CourierError      error: one word for programs; reason: a sentence
├── Unreadable    "unreadable": no parcel, one for another server, one that was cut or changed, one of a newer version
└── Distrusted    "distrusted": not signed by a device this server knows and has not revoked
"""


class CourierError(Exception):
    """Anything for which a whole parcel is sent back."""

    error = "courier"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def rule(self) -> str:
        """By which the phone that carries the parcel says why: the error's own name."""
        return self.error


class Unreadable(CourierError):
    """Bytes this server can't open."""

    error = "unreadable"


class Distrusted(CourierError):
    """A parcel that was opened, but not from anybody we would take documents from."""

    error = "distrusted"
