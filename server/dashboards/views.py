"""What the pages show, gathered from the projection in one reading."""

import datetime as dt
import sqlite3
from collections.abc import Mapping, Sequence

import msgspec

from server.dashboards.country import Grain, course
from server.domain import merging, totals
from server.domain.counting import count
from server.domain.documents import Chapter, Closing, Declarable, Dispatch, Event, Localized, Overruled, Sheet, Theme
from server.domain.errors import Invalid
from server.domain.identifiers import chapter_database, paper_number
from server.domain.totals import Published, Tally
from server.hub.silence import is_silent, last_heard
from server.projection import queries, sums
from server.projection.bounds import bounds
from server.projection.queries import EveningRow, Scope
from server.projection.sums import Step

Since = Mapping[str, dt.datetime]
"""For each chapter with a hub of its own, when that was last heard from."""


class ChapterRow(msgspec.Struct, frozen=True):
    """A chapter in the list: its totals, when it was last heard from, and whether that is longer ago than it should be.

    `bounds` are the declared numbers that contain a lower bound.
    """

    slug: str
    name: Localized
    zone: str | None
    tally: Tally
    bounds: Sequence[Declarable]
    heard: dt.datetime | None
    silent: bool


class ChapterPage(msgspec.Struct, frozen=True):
    """One chapter, its events, and their course over time."""

    row: ChapterRow
    events: Sequence[EveningRow]
    grain: Grain
    course: Sequence[Step]
    themes: dict[str, Theme]


class SheetRow(msgspec.Struct, frozen=True):
    """What one device counted at an event, or what stands on a sheet of paper: then `paper` is the number printed on it.

    `id` tells it from the others; `device` is the one that wrote it, and the page fills in its pseudonym.
    """

    id: str
    device: str
    paper: str | None
    heads: int
    written: int
    heard: dt.datetime | None


class Recipient(msgspec.Struct, frozen=True):
    """Somebody letters were written to; `name` is None while the register does not hold them."""

    id: str
    name: Localized | None
    written: int


class EventPage(msgspec.Struct, frozen=True):
    """Everything about one event. `event` is None while only its counts have arrived."""

    id: str
    chapter: ChapterRow
    event: Event | None
    theme: Theme | None
    tally: Tally
    published: Published
    sheets: Sequence[SheetRow]
    recipients: Sequence[Recipient]
    dispatches: Sequence[Dispatch]
    row: EveningRow


def chapter(connection: sqlite3.Connection, slug: str, scope: Scope, since: Since, today: dt.date) -> ChapterPage:
    """One chapter in a scope."""
    mine = msgspec.structs.replace(scope, chapter=slug)
    return ChapterPage(
        _row(connection, slug, queries.chapters(connection), scope, since),
        queries.list_evenings(connection, mine),
        *course(connection, mine, today),
        queries.themes(connection),
    )


def event(connection: sqlite3.Connection, slug: str, event_id: str, since: Since) -> EventPage:
    """One event of a chapter; it must be known."""
    database = chapter_database(slug)
    known = queries.evening(connection, database, event_id)
    scope = Scope(chapter=slug, event=event_id)
    heard = queries.heard_from(connection, database)
    written = queries.recipients(connection, database, event_id)
    people = queries.prisoners(connection, [prisoner for prisoner, _ in written])
    theme = known.event.theme if known.event else None
    return EventPage(
        id=event_id,
        chapter=_row(connection, slug, queries.chapters(connection), Scope(), since),
        event=known.event,
        theme=queries.themes(connection).get(theme) if theme else None,
        tally=queries.totals(connection, scope),
        published=totals.publish(known, queries.aliases(connection)),
        sheets=[_sheet(sheet, heard) for sheet in known.sheets],
        recipients=[
            Recipient(prisoner, people[prisoner].name if prisoner in people else None, amount)
            for prisoner, amount in written
        ],
        dispatches=sorted(known.dispatches, key=lambda dispatch: dispatch.on),
        row=queries.list_evenings(connection, scope)[0],
    )


def _sheet(sheet: Sheet, heard: Mapping[str, dt.datetime]) -> SheetRow:
    paper, counted = paper_number(sheet.device) if sheet.paper else None, count([sheet])
    return SheetRow(sheet.device, sheet.writer, paper, counted.heads, counted.written, heard.get(sheet.writer))


class Lost(msgspec.Struct, frozen=True):
    """A value that lost against a concurrent edit, and the one that holds; `key` names it in a form.

    It `returns` if it is chosen, but not where no merge wrote it: then it can only be dismissed.
    """

    key: str
    field: str
    holds: str
    lost: str
    returns: bool


class Settled(msgspec.Struct, frozen=True):
    """An event with something in the queue: values that lost, and closings that compete, the standing one first."""

    row: EveningRow
    chapter: Localized
    lost: Sequence[Lost]
    closings: Sequence[tuple[str, Closing]]


def conflicts(connection: sqlite3.Connection, visible: frozenset[str] | None) -> list[Settled]:
    """The queue of the chapters that are visible (None: all)."""
    named = queries.chapters(connection)
    rows = queries.list_evenings(connection, Scope(), "disputed")
    return [_settled(connection, row, named) for row in rows if visible is None or row.chapter in visible]


def key_of(one: Overruled) -> str:
    """What a form calls a losing value."""
    return f"{one.field} {one.rev}"


def rivals(closings: Mapping[str, Closing]) -> tuple[str, ...]:
    """The closings that compete, the standing one first; none where nothing is contested."""
    contested, standing = totals.contested(closings), totals.standing(closings)
    return (standing, *contested) if contested and standing else ()


def _settled(connection: sqlite3.Connection, row: EveningRow, named: dict[str, Chapter]) -> Settled:
    known = queries.evening(connection, chapter_database(row.chapter), row.event)
    fields = msgspec.to_builtins(known.event) if known.event else {}
    lost = [_lost(one, fields.get(one.field)) for one in (known.event.overruled if known.event else [])]
    closings = [(name, known.closings[name]) for name in rivals(known.closings)]
    return Settled(row, _name(row.chapter, named), lost, closings)


def _lost(one: Overruled, holds: object) -> Lost:
    try:
        lost, returns = merging.lost_value(one), True
    except Invalid:
        lost, returns = one.value, False
    return Lost(key_of(one), one.field, _shown(holds), _shown(lost), returns)


def _shown(value: object) -> str:
    """A value as people read it: a text without quotes, nothing as a dash, anything else as JSON."""
    if value is None:
        return "—"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _name(slug: str, named: dict[str, Chapter]) -> Localized:
    return named[slug].name if slug in named else Localized(ru=slug, en=slug)


def _row(
    connection: sqlite3.Connection, slug: str, named: dict[str, Chapter], scope: Scope, since: Since
) -> ChapterRow:
    about = named.get(slug)
    mine = sums.sum_of(connection, msgspec.structs.replace(scope, chapter=slug))
    heard = last_heard(queries.heard(connection, chapter_database(slug)), since.get(slug))
    return ChapterRow(
        slug=slug,
        name=_name(slug, named),
        zone=about.zone if about else None,
        tally=mine.tally,
        bounds=bounds(connection, msgspec.structs.replace(scope, chapter=slug)) if mine.bounds else (),
        heard=heard,
        silent=is_silent(heard, about),
    )
