"""What may be set about the HTTP API; everything has a default that is safe on a public address."""

from importlib.metadata import version

import msgspec

from sync.errors import BadRequest

# What CouchDB release the API behaves as: clients read it to choose what they may ask.
COUCHDB_VERSION = "3.4.3"


class Cors(msgspec.Struct, frozen=True, kw_only=True):
    """Which pages of other origins a browser lets talk to us. `origins` are explicit ("https://app.example")."""

    origins: frozenset[str]
    credentials: bool = True
    max_age: int = 600  # seconds a browser may remember a preflight


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Limits and manners of the HTTP API. Sizes in bytes, times in milliseconds.

    `max_request_size` bounds a JSON body, which is held in memory, and `max_question_size` one that brings no documents:
    what is asked in it becomes objects, which take many times its bytes. Attachments and multipart bodies are streamed
    and bounded by `max_attachment_size` each. `uuid` identifies the server in the welcome document; replicators of
    CouchDB put it into nothing, so it may be empty. `compress_from` is the size from which a JSON answer is gzipped
    for a client that accepts it; None never compresses.
    """

    vendor_version: str = version("otkrytka")
    uuid: str = ""
    max_document_size: int = 8_000_000
    max_request_size: int = 64 * 1024 * 1024
    max_question_size: int = 8 * 1024 * 1024
    max_batch: int = 100_000
    max_attachment_size: int = 1024 * 1024 * 1024
    max_depth: int = 500
    max_uuids: int = 1000
    max_purged_documents: int = 100
    timeout: int = 60_000
    compress_from: int | None = 1024
    cors: Cors | None = None

    def __post_init__(self) -> None:
        """Raises BadRequest naming the first limit that is not positive."""
        for name in (
            "max_document_size",
            "max_request_size",
            "max_question_size",
            "max_batch",
            "max_attachment_size",
            "max_depth",
            "timeout",
        ):
            if getattr(self, name) < 1:
                raise BadRequest(f"Setting {name} must be a positive integer")
