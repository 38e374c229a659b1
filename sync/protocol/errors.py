"""The one table between the engine's errors and HTTP (CouchDB API, "HTTP Status Codes").

The server reads it forwards; the HTTP backend (`sync/databases/http/`) reads it backwards, so that an error crosses
the wire unchanged.
"""

import msgspec

from sync.errors import (
    AlreadyExists,
    BadContentType,
    BadRange,
    BadRequest,
    Conflict,
    Corrupt,
    Forbidden,
    IllegalName,
    InvalidDocument,
    NotFound,
    NotSupported,
    OutOfSpace,
    PreconditionFailed,
    SyncError,
    TooLarge,
    Unauthorized,
    Unavailable,
)


class MethodNotAllowed(SyncError):
    """The path exists, the method does not; `allowed` names those that do, as the `Allow` header lists them."""

    error = "method_not_allowed"

    def __init__(self, allowed: str) -> None:
        super().__init__(f"Only {allowed} allowed")
        self.allowed = allowed


# Forwards: the status of an error is that of its class. Backwards: the class is found by the error's name, and where
# CouchDB gives a name of its own to a special case, by the status.
STATUSES: dict[type[SyncError], int] = {
    BadRequest: 400,
    InvalidDocument: 400,
    IllegalName: 400,
    Unauthorized: 401,
    Forbidden: 403,
    NotFound: 404,
    MethodNotAllowed: 405,
    Conflict: 409,
    AlreadyExists: 412,
    PreconditionFailed: 412,
    TooLarge: 413,
    BadContentType: 415,
    BadRange: 416,
    Corrupt: 500,
    NotSupported: 501,
    Unavailable: 503,
    OutOfSpace: 507,
}

# Names that differ from their class's own, as CouchDB writes them.
_NAMES: dict[str, type[SyncError]] = {
    **{kind.error: kind for kind in STATUSES if kind is not MethodNotAllowed},
    "illegal_docid": IllegalName,
    "query_parse_error": BadRequest,
    "attachment_too_large": TooLarge,
    "too_large": TooLarge,
    "insufficent_storage": OutOfSpace,  # CouchDB's own spelling
    "service unavailable": Unavailable,
}

_BY_STATUS: dict[int, type[SyncError]] = {
    **{status: kind for kind, status in reversed(STATUSES.items()) if kind is not MethodNotAllowed},
    408: Unavailable,
    429: Unavailable,
    500: Unavailable,
    502: Unavailable,
    504: Unavailable,
}


def status(error: SyncError) -> int:
    """The HTTP status of an error; 500 for one that has no line of its own."""
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)


class Told(msgspec.Struct):
    """An error as a CouchDB peer tells it. `rule` and `path` only our own server knows."""

    error: str = ""
    reason: str | None = ""
    rule: str = ""
    path: str = ""


def told(error: SyncError) -> dict[str, str]:
    """The members of an error's JSON body or row; those of ours only where they say something."""
    ours = {"rule": error.rule, "path": error.path}
    return {"error": error.error, "reason": error.reason, **{name: value for name, value in ours.items() if value}}


def from_wire(status: int, said: Told) -> SyncError:
    """The error a CouchDB peer meant by this answer; also for rows of `_bulk_docs`, whose status is 0."""
    error = said.error
    kind = _NAMES.get(error) or _BY_STATUS.get(status) or (BadRequest if 400 <= status < 500 else Unavailable)
    raised = kind(said.reason or "")
    raised.error = error or kind.error
    raised.rule, raised.path = said.rule, said.path
    return raised
