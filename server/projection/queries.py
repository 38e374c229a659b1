"""From the tables to events, chapters, themes and people. Every query takes a connection first, as `Tables.read` gives it.

Numbers over many events are in sums.py, who was written to lately in coverage.py.
"""

import datetime as dt
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec

from server.domain.documents import AnyDocument, Chapter, InChapter, InRegister, Prisoner, Report, Theme
from server.domain.doubles import survivors
from server.domain.identifiers import REGISTER, chapter_database, chapter_of
from server.domain.totals import Evening
from server.projection import amounts, evenings, sets
from server.projection.sums import Scope as Scope  # asked for together with what is here
from server.projection.sums import totals as totals

_decode = msgspec.json.Decoder(InRegister).decode
_decode_any = msgspec.json.Decoder(InChapter).decode

# Taken by their places: sqlite3 looks for a name among all the columns, and lists have hundreds of rows.
_LISTED = (
    "event, chapter, title, starts, theme, status, kind, sheets, heads, letters + cards + handmade, recipients, sent, "
    "closings, contested, overruled, published_written, declared_written, bounds_written"
)
_HEARD = "SELECT MAX(at) FROM heard WHERE database = ?"
_HEARD_FROM = "SELECT device, at FROM heard WHERE database = ?"
# Left to itself, SQLite goes through the whole register.
_OF_TYPE = """
    SELECT id, body FROM document INDEXED BY document_of_register
    WHERE type = ? AND database = 'register' AND body IS NOT NULL ORDER BY id"""
# Left to itself, SQLite may read a whole chapter for the sake of its order.
_OF_EVENT = """
    SELECT id, body FROM document INDEXED BY document_of_event
    WHERE database = ? AND event = ? AND body IS NOT NULL ORDER BY id"""
_WRITTEN_TO = "SELECT written_to FROM evening WHERE database = ? AND event = ?"
_NAMES = "SELECT number, id FROM prisoner WHERE number IN (SELECT value FROM json_each(?))"
_SPAN = "SELECT id, body FROM document WHERE database = ? AND id >= ? AND id < ? AND body IS NOT NULL ORDER BY id"
_LEAVES = "SELECT id, leaves FROM document WHERE database = ? AND type != '' AND id IN (SELECT value FROM json_each(?))"

_CONFLICTS = "SELECT id, leaves FROM document WHERE database = ? AND conflict"

Matter = Literal["disputed", "unclosed", "differing", "orphans"]
"""Why an event needs somebody's eye: values or closings compete, nobody closed it, its closing contradicts its tally, or only
its counts have arrived."""

_MATTERS: dict[Matter, str] = {
    "disputed": "(overruled OR contested)",
    "unclosed": "unclosed",
    "differing": "differing",
    "orphans": "orphans",
}


class EveningRow(msgspec.Struct, frozen=True):
    """An event in a list. It `starts` by the clocks at its own place.

    `declared_written` is what its closing declares, the tally standing in for parts it leaves out; with `at_least`
    that is a lower bound.
    """

    event: str
    chapter: str
    title: str | None
    starts: dt.datetime | None
    theme: str | None
    status: str | None
    kind: str | None
    sheets: int
    heads: int
    written: int
    recipients: int
    sent: int
    closed: bool
    contested: int
    overruled: int
    published_written: int
    declared_written: int | None
    at_least: bool

    @property
    def state(self) -> str:
        """The text that says how far it is: closed, called off or ahead with nothing counted, or numbers that may change."""
        if self.closed:
            return "status-closed"
        if self.sheets:
            return "tally-provisional"
        return {"cancelled": "status-cancelled", "planned": "status-planned"}.get(
            self.status or "", "tally-provisional"
        )


def list_evenings(
    connection: sqlite3.Connection, scope: Scope, only: Matter | None = None, most: int = -1, skip: int = 0
) -> list[EveningRow]:
    """The events of a scope, the latest first; those only counts are known of come before.

    With `only`, those that need somebody's eye for a reason (see `Matter`): found by an index of their own, however many others
    there are. `most` and `skip` page through a long list.
    """
    where, values = scope.where(_MATTERS[only] if only else None)
    order = "ORDER BY day DESC NULLS FIRST, starts DESC, event"  # as the indexes of `Matter`s have it
    chosen = f"SELECT number FROM evening{where} {order} LIMIT ? OFFSET ?"  # noqa: S608 - sorted without the rest of the rows
    statement = f"SELECT {_LISTED} FROM evening WHERE number IN ({chosen}) {order}"  # noqa: S608
    return [_evening_row(row) for row in connection.execute(statement, [*values, most, skip])]


def count_evenings(connection: sqlite3.Connection, scope: Scope, only: Matter | None = None) -> int:
    """How many events `list_evenings` would list without `most`."""
    where, values = scope.where(_MATTERS[only] if only else None)
    found: int = connection.execute(f"SELECT COUNT(*) FROM evening{where}", values).fetchone()[0]  # noqa: S608
    return found


def _evening_row(row: Iterable[Any]) -> EveningRow:
    """What a list says of a row of `_LISTED`."""
    event, chapter, title, starts, theme, status, kind, sheets, heads, written, to, sent, closings, *more = row
    contested, overruled, published_written, declared_written, bounds_written = more
    return EveningRow(
        event=event,
        chapter=chapter,
        title=title,
        starts=dt.datetime.fromisoformat(starts) if starts else None,
        theme=theme,
        status=status,
        kind=kind,
        sheets=sheets,
        heads=heads,
        written=written,
        recipients=sets.size(to),
        sent=sent,
        closed=closings > 0,
        contested=contested,
        overruled=overruled,
        published_written=published_written,
        declared_written=declared_written,
        at_least=bounds_written > 0,
    )


def evening(connection: sqlite3.Connection, database: str, event: str) -> Evening:
    """Everything known of one event, as documents."""
    return evenings.evening((row["id"], row["body"]) for row in connection.execute(_OF_EVENT, (database, event)))


def documents_of(connection: sqlite3.Connection, database: str, event: str) -> list[tuple[str, AnyDocument]]:
    """The documents of one event, by their ids."""
    rows = connection.execute(_OF_EVENT, (database, event))
    return [(str(row["id"]), _decode_any(row["body"])) for row in rows]


def databases_of(connection: sqlite3.Connection, event: str) -> list[str]:
    """Where an event lives, and after that where no more than its id is known, as some device of another chapter named it."""
    rows = connection.execute("SELECT database FROM evening WHERE event = ? ORDER BY orphans, database", (event,))
    return [str(row[0]) for row in rows]


def chapters(connection: sqlite3.Connection) -> dict[str, Chapter]:
    """The chapters of the register by their slugs."""
    rows = connection.execute(_OF_TYPE, ("chapter",))
    decoded = {str(row["id"]).partition(":")[2]: _decode(row["body"]) for row in rows}
    return {slug: body for slug, body in decoded.items() if isinstance(body, Chapter)}


def themes(connection: sqlite3.Connection) -> dict[str, Theme]:
    """The themes of the register by their slugs."""
    rows = connection.execute(_OF_TYPE, ("theme",))
    decoded = {str(row["id"]).partition(":")[2]: _decode(row["body"]) for row in rows}
    return {slug: body for slug, body in decoded.items() if isinstance(body, Theme)}


def prisoners(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Prisoner]:
    """Those of the named prisoners whom the register holds."""
    rows = connection.execute(
        "SELECT id, body FROM document WHERE database = ? AND id IN (SELECT value FROM json_each(?)) AND body IS NOT NULL",
        (REGISTER, msgspec.json.encode(ids).decode()),
    )
    decoded = {str(row["id"]): _decode(row["body"]) for row in rows}
    return {name: body for name, body in decoded.items() if isinstance(body, Prisoner)}


def aliases(connection: sqlite3.Connection) -> dict[str, str]:
    """Prisoners who were merged into another, and who they are."""
    rows = connection.execute("SELECT id, merged FROM prisoner WHERE merged IS NOT NULL")
    return survivors({row["id"]: row["merged"] for row in rows})


def recipients(connection: sqlite3.Connection, database: str, event: str) -> list[tuple[str, int]]:
    """Whom was written to at an event, most letters first."""
    row = connection.execute(_WRITTEN_TO, (database, event)).fetchone()
    to = amounts.unpack(row["written_to"]) if row else {}
    names = connection.execute(_NAMES, (msgspec.json.encode([*to]).decode(),))
    return sorted(((str(name), to[number]) for number, name in names), key=lambda one: (-one[1], one[0]))


def heard(connection: sqlite3.Connection, database: str) -> dt.datetime | None:
    """When counts last arrived in a chapter while a server watched; None when that was never seen."""
    moment = connection.execute(_HEARD, (database,)).fetchone()[0]
    return dt.datetime.fromisoformat(moment) if moment else None


def heard_from(connection: sqlite3.Connection, database: str) -> dict[str, dt.datetime]:
    """The same for each device."""
    rows = connection.execute(_HEARD_FROM, (database,))
    return {row["device"]: dt.datetime.fromisoformat(row["at"]) for row in rows}


def heard_last(connection: sqlite3.Connection) -> dict[str, dt.datetime]:
    """When counts last arrived in each chapter, by its slug; chapters where that was never seen are left out."""
    rows = connection.execute("SELECT database, MAX(at) AS at FROM heard GROUP BY database")
    return {slug: dt.datetime.fromisoformat(row["at"]) for row in rows if (slug := chapter_of(row["database"]))}


def heard_devices(connection: sqlite3.Connection) -> frozenset[str]:
    """The devices whose counts arrived while a server watched."""
    return frozenset(device for (device,) in connection.execute("SELECT DISTINCT device FROM heard"))


def oldest_unclosed(connection: sqlite3.Connection, scope: Scope) -> dt.date | None:
    """The day of the earliest event that was held and not closed."""
    where, values = scope.where("unclosed AND day IS NOT NULL")
    day = connection.execute(f"SELECT MIN(day) FROM evening{where}", values).fetchone()[0]  # noqa: S608
    return dt.date.fromisoformat(day) if day else None


def followed_chapters(connection: sqlite3.Connection) -> list[str]:
    """The slugs of the chapters whose databases are followed, in their order."""
    names = [chapter_of(row[0]) for row in connection.execute("SELECT database FROM source ORDER BY database")]
    return [slug for slug in names if slug is not None]


def leaves(connection: sqlite3.Connection, database: str, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The leaf revisions that are in the totals, for those of the documents that are known."""
    rows = connection.execute(_LEAVES, (database, msgspec.json.encode(ids).decode()))
    return {row["id"]: tuple(str(row["leaves"]).split()) for row in rows}


def conflicts(connection: sqlite3.Connection, database: str) -> dict[str, tuple[str, ...]]:
    """The documents whose live leaves await their merge, with all their leaves."""
    rows = connection.execute(_CONFLICTS, (database,))
    return {row["id"]: tuple(str(row["leaves"]).split()) for row in rows}


def reports(connection: sqlite3.Connection, visible: frozenset[str] | None) -> list[tuple[str, str, Report]]:
    """The reports of the chapters that are visible (None: all): id, chapter, report."""
    found = []
    for slug in followed_chapters(connection):
        if visible is None or slug in visible:
            span = (chapter_database(slug), "report:", "report;")
            rows = connection.execute(_SPAN, span)
            found += [(str(row["id"]), slug, msgspec.json.decode(row["body"], type=Report)) for row in rows]
    return found
