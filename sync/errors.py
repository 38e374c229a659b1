"""What can go wrong in the engine, in CouchDB's words.

    SyncError                     error, reason: the two members of CouchDB's JSON error bodies; rule, path: two of ours
    ├── BadRequest                "bad_request": a parameter or a body that can't be understood
    ├── InvalidDocument           "doc_validation": an unknown underscore member, a malformed _revisions, …
    ├── IllegalName               "illegal_database_name" / "illegal_docid"
    ├── Unauthorized              "unauthorized": no identity, or one that is no longer good
    ├── Forbidden                 "forbidden": an identity that may not do this, or a document a rule refuses
    ├── NotFound                  "not_found": reason "missing", "deleted" or "Database does not exist."
    ├── Conflict                  "conflict": the parent revision is not a leaf
    ├── AlreadyExists             "file_exists": the database is there already
    ├── PreconditionFailed        "missing_stub" and other 412s
    ├── TooLarge                  "document_too_large", "attachment_too_large", "too_large"
    ├── BadRange                  "requested_range_not_satisfiable"
    ├── BadContentType            "bad_content_type"
    ├── NotSupported              "not_implemented": JavaScript views, show, list, update functions
    ├── OutOfSpace                "insufficient_storage": the disk is full; reading goes on
    ├── Unavailable               "service_unavailable": a peer that did not answer, a store that is closing
    └── Corrupt                   "file_corruption": stored bytes that fail their check; names what is damaged

`sync/protocol/errors.py` is the one table from these to HTTP statuses, and `sync/databases/http/` reads the
same table backwards, so an error crosses the wire unchanged.
"""


class SyncError(Exception):
    """Base of the engine's errors: `error` is CouchDB's short name, `reason` a sentence for people.

    Where an injected rule refused something, `rule` is its name, by which a client can say why in its reader's language, and
    `path` where in the document the fault is; both are empty otherwise.
    """

    error = "internal_server_error"

    def __init__(self, reason: str, *, error: str | None = None, rule: str = "", path: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.rule = rule
        self.path = path
        if error is not None:
            self.error = error


class BadRequest(SyncError):
    """A parameter or body that can't be understood."""

    error = "bad_request"


class InvalidDocument(SyncError):
    """A document whose underscore members break CouchDB's rules."""

    error = "doc_validation"


class IllegalName(SyncError):
    """A database name or document id that CouchDB does not allow."""

    error = "illegal_database_name"


class Unauthorized(SyncError):
    """Nobody identified, or an identity that is no longer good."""

    error = "unauthorized"


class Forbidden(SyncError):
    """An identity that may not do this, or a document refused by an injected rule."""

    error = "forbidden"


class NotFound(SyncError):
    """A database, document, revision or attachment that is not here."""

    error = "not_found"


class Conflict(SyncError):
    """An edit whose parent revision is not a leaf of the document's tree."""

    error = "conflict"

    def __init__(self, reason: str = "Document update conflict.") -> None:
        super().__init__(reason)


class AlreadyExists(SyncError):
    """A database that is there already."""

    error = "file_exists"


class PreconditionFailed(SyncError):
    """A stub that names bytes this database does not hold, and other failed preconditions."""

    error = "missing_stub"


class TooLarge(SyncError):
    """A document, batch or attachment past its limit."""

    error = "document_too_large"


class BadRange(SyncError):
    """A byte range outside of the attachment."""

    error = "requested_range_not_satisfiable"


class BadContentType(SyncError):
    """A body of a type the endpoint does not take."""

    error = "bad_content_type"


class NotSupported(SyncError):
    """Something of CouchDB's that this engine refuses on purpose: no user code runs here."""

    error = "not_implemented"


class OutOfSpace(SyncError):
    """The disk is full. Nothing of the batch was stored; reading goes on."""

    error = "insufficient_storage"


class Unavailable(SyncError):
    """A peer that did not answer, or a store that is closing. Worth another try later."""

    error = "service_unavailable"


class Corrupt(SyncError):
    """Stored bytes that fail their check; the reason names the document or page."""

    error = "file_corruption"
