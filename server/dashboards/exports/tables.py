"""The rows of the pages, in the language of whoever reads them.

A number stands in its cell as a number and nothing else. Where it may be a lower bound, the column behind it says so in words.
"""

import datetime as dt
import sqlite3
from collections.abc import Mapping, Sequence

from msgspec import Struct, structs

from server.domain.counting import count
from server.domain.documents import Localized, Sheet
from server.domain.identifiers import paper_number
from server.domain.totals import Tally
from server.language import Language
from server.projection import queries, sums
from server.projection.queries import EveningRow
from server.projection.sums import Scope

Value = str | int | dt.datetime | None
"""What stands in a cell; a moment is one of a wall clock, without a zone."""

_TALLIED = ("events", "written", "letters", "cards", "handmade", "recipients", "heads", "sent")


class Table(Struct, frozen=True):
    """A title, the columns' names, and rows of as many values."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]


def country(connection: sqlite3.Connection, scope: Scope, visible: frozenset[str] | None, language: Language) -> Table:
    """A row for each chapter; `visible` are those to list, None for all."""
    named = queries.chapters(connection)
    slugs = sorted(named.keys() | set(queries.followed_chapters(connection)))
    known = sums.by_chapter(connection, scope)
    names = {slug: language.name(named[slug].name if slug in named else Localized(ru=slug, en=slug)) for slug in slugs}
    return Table(
        title=language.text("country-title"),
        columns=[language.text("figure-chapter"), *(language.text(f"figure-{name}") for name in _TALLIED)],
        rows=[
            [names[slug], *_tallied(known[slug].tally if slug in known else None)]
            for slug in slugs
            if visible is None or slug in visible
        ],
    )


def chapter(connection: sqlite3.Connection, slug: str, scope: Scope, language: Language) -> Table:
    """A row for each event of a chapter, the latest first."""
    named = queries.chapters(connection)
    columns = ("event", "day", "state", "written", "recipients", "heads", "sent", "declared")
    evenings = queries.list_evenings(connection, structs.replace(scope, chapter=slug))
    return Table(
        title=language.name(named[slug].name) if slug in named else slug,
        columns=[*(language.text(f"figure-{name}") for name in columns), language.text("figure-declared-as")],
        rows=[_evening(row, language) for row in evenings],
    )


def event(
    connection: sqlite3.Connection, database: str, event_id: str, pseudonyms: Mapping[str, str], language: Language
) -> Table:
    """A row for each sheet of an event."""
    known, aliases = queries.evening(connection, database, event_id), queries.aliases(connection)
    columns = ("device", "heads", "written", "recipients")
    return Table(
        title=known.event.title if known.event else language.text("event-unknown"),
        columns=[language.text(f"figure-{name}") for name in columns],
        rows=[
            [
                _device(sheet, pseudonyms, language),
                (counted := count([sheet], aliases)).heads,
                counted.written,
                len(counted.recipients),
            ]
            for sheet in known.sheets
        ],
    )


def _device(sheet: Sheet, pseudonyms: Mapping[str, str], language: Language) -> str:
    who = pseudonyms.get(sheet.writer) or language.text("device-unknown", tail=sheet.writer[-4:])
    if sheet.paper is None:
        return who
    paper = language.text("sheets-paper", number=paper_number(sheet.device))
    return f"{paper} {language.text('sheets-typed', who=who)}"


def _tallied(tally: Tally | None) -> list[Value]:
    return [getattr(tally, name) if tally else 0 for name in _TALLIED]


def _evening(row: EveningRow, language: Language) -> list[Value]:
    return [
        row.title or language.text("event-unknown"),
        row.starts.replace(tzinfo=None) if row.starts else None,
        language.text(row.state),
        row.written,
        row.recipients,
        row.heads,
        row.sent,
        row.declared_written,
        None
        if row.declared_written is None
        else language.text("declared-bounds" if row.at_least else "declared-number"),
    ]
