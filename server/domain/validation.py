"""Who may read and write what: the one place of these rules, injected into the engine.

    database          read                            write
    register          every enrolled device           national (coverage: the server)
    chapter-<slug>    its devices, its hub, national  volunteer: own sheets, sheets of paper, events and reports it made
                                                          itself; deletes nothing
                                                      coordinator: own sheets, sheets of paper, and all else of its chapter;
                                                          deletes events, dispatches, replies and reports
                                                      hub: everything of its chapters, as it was written
    devices, audit    the server                      the server
    any other name    national                        national, which also creates and deletes it: for tools and trials

Nobody rewrites a closing. The server itself is bound by shapes alone: it merges, and takes over what its upstream accepted.

What is deliberately not a rule: that counters only grow. Replication brings old revisions late and clones side by side, so a
lower number is no proof of a fault; the merge by the larger number protects the count instead (see `counting`).
"""

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import msgspec

from server.domain import identifiers, reading
from server.domain.documents import AnyDocument, Closing, Coverage, Dispatch, Event, Prisoner, Reply, Report, Sheet
from server.domain.errors import Forbidden, Invalid
from server.domain.identity import Access, Identity

Body = Mapping[str, Any]

_COUNTING = ("volunteer", "coordinator")
_OF_EVENT = (Sheet, Closing, Dispatch)
_DELETED_BY_COORDINATORS = frozenset({"event", "dispatch", "reply", "report"})


def authorize(database: str, identity: Identity, access: Access) -> None:
    """Let an identity into a database, or raise `Forbidden`.

    `write` opens the door only; every document is then put to `validate`. A replication checkpoint (`_local/…`) tells nobody
    anything, so the engine is to ask for no more than `read` before it stores one.
    """
    if identity.role == "server" or (identity.role == "national" and identifiers.is_free(database)):
        return
    if access == "admin":
        raise Forbidden("This is done on the server itself, not from outside", "outside")
    if database == identifiers.REGISTER:
        if access == "write" and identity.role != "national":
            raise Forbidden("Only the national coordinators write in the register", "register")
        return
    chapter = identifiers.chapter_of(database)
    if chapter is None:
        raise Forbidden(f"The database “{database[:80]}” is not open to anybody", "closed")
    if identity.role == "national":
        if access == "write":
            raise Forbidden("A chapter's database is written by the chapter; national coordinators read it", "chapters")
        return
    if chapter not in identity.chapters:
        raise Forbidden(f"This device does not belong to the chapter “{chapter}”", "stranger")


def first_open(databases: Iterable[str], identity: Identity, access: Access) -> str | None:
    """Choose the first of some databases that an identity may enter; None when there are none. Raises `Forbidden`.

    Anybody can name the event of another chapter in its own, and must not hide it or see it by that.
    """
    refused: Forbidden | None = None
    for database in databases:
        try:
            authorize(database, identity, access)
        except Forbidden as error:
            refused = refused or error
        else:
            return database
    if refused is not None:
        raise refused
    return None


def asks_for_stored(identifier: str, identity: Identity) -> bool:
    """Whether what is stored under an id decides if this identity may write it; every other document is judged by itself."""
    kind = identifier.partition(":")[0]
    return kind in ("event", "closing", "report") or names_other_device(identifier, identity)


def names_other_device(identifier: str, identity: Identity) -> bool:
    """Whether an id is that of a sheet which this device doesn't count on: it writes there only what stood on paper."""
    return (
        identity.role in _COUNTING
        and identifier.startswith("sheet:")
        and not identifier.endswith(f":{identity.device}")
    )


def validate(
    document: Body, stored: Body | None, identity: Identity, database: str, *, of_device: bool = False
) -> None:
    """Accept a document that is about to be written, or raise `Forbidden` or `Invalid`.

    `document` comes with its envelope (`_id`, perhaps `_deleted`); `stored` is the revision that wins at present;
    `of_device` says of a sheet that an enrolled device bears the name in its id.
    """
    identifier = document.get("_id")
    if not isinstance(identifier, str):
        raise Invalid("_id", "Expected `str`", "id")
    if document.get("_deleted"):
        validate_deletion(identifier, identity, database)
    else:
        _check(identifier, document, stored, identity, database, of_device=of_device)


def validate_bytes(
    identifier: str, body: bytes, stored: bytes | None, identity: Identity, database: str, *, of_device: bool = False
) -> None:
    """Do the same for bodies as JSON text, without the detour over dictionaries. Deletions go to `validate_deletion`."""
    _check(identifier, body, stored, identity, database, of_device=of_device)


def validate_deletion(identifier: str, identity: Identity, database: str) -> None:
    """Accept that a document is deleted, or raise `Forbidden` or `Invalid`. What was counted or declared is never deleted."""
    authorize(database, identity, "write")
    if identifiers.is_free(database):
        return
    kind = identifiers.type_of(identifier)
    if identity.role in ("server", "hub"):
        return
    if identity.role == "national":
        if kind == "coverage":
            raise Forbidden("The coverage document is kept by the server", "coverage")
        return
    if identity.role == "volunteer":
        raise Forbidden(
            "A volunteer deletes nothing: a wrong count is taken back, an event is cancelled", "volunteer-deletes"
        )
    if kind not in _DELETED_BY_COORDINATORS:
        raise Forbidden(
            f"A {kind} is never deleted: a wrong count is taken back, a closing replaced by another", "counted"
        )


def validate_attachments(database: str) -> None:
    """Accept that a document carries files, or raise `Forbidden`: one would travel to every phone of a chapter."""
    if not identifiers.is_free(database):
        raise Forbidden("Documents of this database carry no attachments", "attachments")


def _check(
    identifier: str,
    raw: Body | bytes,
    stored: Body | bytes | None,
    identity: Identity,
    database: str,
    *,
    of_device: bool,
) -> None:
    authorize(database, identity, "write")
    if identifiers.is_free(database):
        return
    document = reading.read(raw, database)
    _check_names(identifier, document, database)
    match document:
        case Sheet():
            _check_sheet(document, stored, identity, of_device=of_device)
        case Event():
            _check_event(document, stored, identity)
        case Report() if identity.role == "volunteer":
            _check_report(document, stored, identity)
        case Closing():
            _check_closing(identifier, document, raw, stored, identity)
        case Dispatch() | Reply() if identity.role == "volunteer":
            _leave_to_coordinators(document)
        case Coverage() if identity.role != "server":
            raise Forbidden("The coverage document is kept by the server", "coverage")
        case Prisoner() if document.merged_into == identifier:
            raise Invalid("merged_into", "Expected another prisoner", "prisoner")


def _check_names(identifier: str, document: AnyDocument, database: str) -> None:
    """An id, the fields it is made of, and the database must tell the same story."""
    kind = str(type(document).__struct_config__.tag)
    names = identifiers.parts(kind, identifier)
    if isinstance(document, _OF_EVENT) and document.event != identifiers.event_id(names[0]):
        raise Invalid("event", "Not the event named by the document's id", "named")
    if isinstance(document, Sheet) and document.device != names[1]:
        raise Invalid("device", "Not the device named by the document's id", "named")
    if isinstance(document, reading.OF_CHAPTER) and document.chapter != identifiers.chapter_of(database):
        raise Invalid("chapter", f"Does not belong in the database {database}", "named")


def _check_sheet(sheet: Sheet, stored: Body | bytes | None, identity: Identity, *, of_device: bool) -> None:
    if identity.role in _COUNTING and sheet.device != identity.device:
        _check_paper(sheet, stored, of_device=of_device)
    for index, line in enumerate(sheet.letters):
        if line.to is not None and not identifiers.is_prisoner(line.to):
            raise Invalid(f"letters[{index}].to", "Expected the id of a prisoner or null", "prisoner")


def _check_paper(sheet: Sheet, stored: Body | bytes | None, *, of_device: bool) -> None:
    """Let anybody type in a sheet of paper, and nobody call the sheet of a device paper, not even one it has yet to begin.

    Who typed it in says `paper.by`. The name is not held against the writer: a phone that joins two copies keeps what the
    other one wrote.
    """
    if sheet.paper is None:
        raise Forbidden("A sheet is written only by the device that counts on it", "others-sheet")
    if of_device or (stored is not None and _fields(stored).get("paper") is None):
        raise Forbidden("The sheet of a device does not become a sheet of paper", "not-paper")


def _check_event(event: Event, stored: Body | bytes | None, identity: Identity) -> None:
    if identity.role != "volunteer":
        return
    if event.device is not None and event.device != identity.device:
        raise Forbidden("A volunteer makes events in its own name only", "event-name")
    known = {} if stored is None else _fields(stored)
    if stored is not None and known.get("device") != identity.device:
        raise Forbidden("A volunteer changes only events it made itself", "others-event")
    if event.listed and not known.get("listed"):
        raise Forbidden("A coordinator of the chapter decides that an event is listed in public", "listing")


def _check_report(report: Report, stored: Body | bytes | None, identity: Identity) -> None:
    if report.device != identity.device:
        raise Forbidden("A volunteer reports in its own name only", "report-name")
    if stored is not None and _fields(stored).get("device") != identity.device:
        raise Forbidden("A volunteer changes only reports it made itself", "others-report")


def _check_closing(
    identifier: str, closing: Closing, raw: Body | bytes, stored: Body | bytes | None, identity: Identity
) -> None:
    if identity.role == "volunteer":
        _leave_to_coordinators(closing)
    others = f"closing:{identifiers.parts('closing', identifier)[0]}:"
    for field, named in (("replaces", closing.replaces), *(("settles", name) for name in closing.settles)):
        if named is not None and (named == identifier or not named.startswith(others)):
            raise Invalid(field, "Expected another closing of the same event", "other-closing")
    for index, table in enumerate(closing.same_table):
        if any(identifiers.event_id(identifiers.parts("sheet", sheet)[0]) != closing.event for sheet in table.sheets):
            raise Invalid(f"same_table[{index}].sheets", "Expected sheets of the same event", "same-event")
    if stored is not None and identity.role != "server" and _fields(raw) != _fields(stored):
        raise Forbidden("A closing is never changed: write another one that replaces it", "final")


def _leave_to_coordinators(document: AnyDocument) -> NoReturn:
    raise Forbidden(f"A {type(document).__name__.lower()} is written by a coordinator of the chapter", "coordinators")


def _fields(body: Body | bytes) -> dict[str, Any]:
    """Take a body's own fields out of its envelope."""
    fields: Body = msgspec.json.decode(body) if isinstance(body, bytes) else body
    return {name: value for name, value in fields.items() if not name.startswith("_")}
