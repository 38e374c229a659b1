"""The table of errors is read forwards by the server and backwards by its clients."""

import msgspec
import pytest

from sync.errors import BadRequest, Conflict, IllegalName, NotFound, OutOfSpace, SyncError, TooLarge, Unavailable
from sync.protocol.errors import STATUSES, MethodNotAllowed, Told, from_wire, status, told


@pytest.mark.parametrize("kind", [kind for kind in STATUSES if kind is not MethodNotAllowed])
def test_an_error_crosses_the_wire_unchanged(kind: type[SyncError]) -> None:
    """Class, name and reason are the same on the other side, and so is the rule that refused."""
    sent = kind("why")
    sent.rule, sent.path = "others-sheet", "device"
    received = from_wire(status(sent), msgspec.convert(told(sent), Told))
    assert (type(received), received.error, received.reason) == (kind, sent.error, "why")
    assert (received.rule, received.path) == ("others-sheet", "device")


def test_nothing_is_said_of_rules_where_none_refused() -> None:
    """CouchDB's two members, and no others."""
    assert told(Conflict()) == {"error": "conflict", "reason": "Document update conflict."}


def test_every_error_has_a_status() -> None:
    """A new error that the store or the API may raise needs a line in the table; the replicator's own never cross the wire."""
    crossing = {kind for kind in SyncError.__subclasses__() if not kind.__module__.startswith("sync.replication")}
    assert crossing == set(STATUSES)


@pytest.mark.parametrize(
    ("code", "error", "kind"),
    [
        (400, "query_parse_error", BadRequest),
        (400, "illegal_docid", IllegalName),
        (413, "attachment_too_large", TooLarge),
        (507, "insufficent_storage", OutOfSpace),
        (503, "service unavailable", Unavailable),
        (500, "case_clause", Unavailable),
        (404, "", NotFound),
        (418, "teapot", BadRequest),
        (0, "conflict", Conflict),
    ],
)
def test_names_that_only_couchdb_uses(code: int, error: str, kind: type[SyncError]) -> None:
    """Its special names, its misspellings and its faults; rows of `_bulk_docs` have no status."""
    assert type(from_wire(code, Told(error, "why"))) is kind
