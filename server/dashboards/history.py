"""What happened to an evening or in an entry of the register, when, and by whom: told by the documents and by the log of acts.

Documents carry the times of whoever wrote them, and go to every server; the log knows who changed a field from these pages.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from server.audit import Act
from server.domain.days import local
from server.domain.documents import AnyDocument, Closing, Dispatch, Event, Prisoner
from server.domain.identifiers import moment_of


class Happened(msgspec.Struct, frozen=True):
    """One line of a history. `by` is a device; `fields` are those that changed; `n` a number that belongs to it."""

    at: dt.datetime
    what: str
    by: str | None = None
    fields: tuple[str, ...] = ()
    n: int = 0


def history(documents: Iterable[tuple[str, AnyDocument]], acts: Sequence[Act]) -> list[Happened]:
    """The history of an evening, the latest first."""
    lines = [
        Happened(act.at, act.act, act.by, tuple(change.field for change in act.changes))
        for act in acts
        if act.act != "event-made"
    ]
    for doc_id, body in documents:
        made = moment_of(doc_id.rpartition(":")[2])
        match body:
            case Event():
                lines.append(Happened(made, "event-made", body.device))
                lines.extend(_edits(body, acts))
            case Closing():
                lines.append(Happened(made, "event-closed", body.device))
            case Dispatch():
                lines.append(Happened(made, "letters-sent", body.device, n=body.count))
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _edits(event: Event, acts: Sequence[Act]) -> Iterable[Happened]:
    """The last change of each field that the log does not tell of, those of one moment together."""
    logged = {(act.at, change.field) for act in acts for change in act.changes}
    moments = _by_minute(event.edited, lambda minute, name: (minute, name) not in logged)
    return [Happened(minute, "event-edited", fields=tuple(names)) for minute, names in moments.items()]


class Told(msgspec.Struct, frozen=True):
    """One line of the history of an entry: an act of the log, or else fields that were changed by other ways than our pages."""

    at: dt.datetime
    act: Act | None = None
    fields: tuple[str, ...] = ()


def entry_history(prisoner: Prisoner, acts: Sequence[Act]) -> list[Told]:
    """The history of an entry of the register, the latest first. What came by replication is told by `edited` alone."""
    logged = {act.at - late for act in acts for late in (dt.timedelta(), dt.timedelta(minutes=1))}
    moments = _by_minute(prisoner.edited, lambda minute, _: minute not in logged)
    lines = [*(Told(act.at, act) for act in acts), *(Told(at, fields=tuple(names)) for at, names in moments.items())]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _by_minute(
    edited: Mapping[str, dt.datetime], is_news: Callable[[dt.datetime, str], bool]
) -> dict[dt.datetime, list[str]]:
    """The fields that were last changed in one minute, for those that are news."""
    moments: dict[dt.datetime, list[str]] = {}
    for name, moment in sorted(edited.items()):
        minute = local(moment, "UTC").replace(second=0, microsecond=0)
        if is_news(minute, name):
            moments.setdefault(minute, []).append(name)
    return moments
