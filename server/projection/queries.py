"""From the tables to totals. Every query takes a connection first, as `Tables.read` gives it."""

import datetime as dt
import sqlite3
from collections.abc import Sequence

import msgspec

from server.domain.documents import Chapter, InRegister, Prisoner, Theme
from server.domain.identifiers import REGISTER, chapter_database, chapter_of
from server.domain.totals import Declared, Evening, Pending, Tally
from server.projection import evenings

_decode = msgspec.json.Decoder(InRegister).decode

_SUMS = """
    SELECT COALESCE(SUM(held), 0) AS events, COALESCE(SUM(heads), 0) AS heads, COALESCE(SUM(letters), 0) AS letters,
           COALESCE(SUM(cards), 0) AS cards, COALESCE(SUM(handmade), 0) AS handmade, COALESCE(SUM(sent), 0) AS sent,
           COALESCE(SUM(closings), 0) AS closings, SUM(declared_heads) AS declared_heads,
           SUM(declared_letters) AS declared_letters, SUM(declared_cards) AS declared_cards,
           SUM(declared_handmade) AS declared_handmade, SUM(declared_recipients) AS declared_recipients,
           COALESCE(SUM(held AND NOT closings), 0) AS unclosed, COALESCE(SUM(unsent), 0) AS unsent,
           COALESCE(SUM(NOT known), 0) AS orphans
    FROM evening"""
_RECIPIENTS = "SELECT COUNT(DISTINCT prisoner) FROM recipient JOIN evening USING (database, event)"
_EVENINGS = """
    SELECT evening.*, letters + cards + handmade AS written,
           (SELECT COUNT(*) FROM recipient WHERE recipient.database = evening.database
                                             AND recipient.event = evening.event) AS recipients
    FROM evening"""
_HEARD = "SELECT MAX(at) FROM heard WHERE database = ?"
_HEARD_FROM = "SELECT device, at FROM heard WHERE database = ?"
_OF_TYPE = "SELECT id, body FROM document WHERE type = ? AND database = ? AND body IS NOT NULL ORDER BY id"
_OF_EVENT = "SELECT id, body FROM document WHERE database = ? AND event = ? AND body IS NOT NULL ORDER BY id"
_LEAVES = "SELECT id, leaves FROM document WHERE database = ? AND type != '' AND id IN (SELECT value FROM json_each(?))"

_CONFLICTS = "SELECT id, leaves FROM document WHERE database = ? AND conflict"


class Scope(msgspec.Struct, frozen=True):
    """Which events are meant: all of them, or those of a chapter, one event, days (both included), a theme."""

    chapter: str | None = None
    event: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    theme: str | None = None

    def where(self) -> tuple[str, list[str]]:
        """The condition on `evening` and its parameters. Events whose day is not known yet are in no range of days."""
        database = chapter_database(self.chapter) if self.chapter is not None else None
        first = self.first.isoformat() if self.first else None
        last = self.last.isoformat() if self.last else None
        conditions = {
            "evening.database = ?": database,
            "evening.event = ?": self.event,
            "day >= ?": first,
            "day <= ?": last,
            "theme = ?": self.theme,
        }
        given = {condition: value for condition, value in conditions.items() if value is not None}
        return (" WHERE " + " AND ".join(given) if given else ""), list(given.values())


def totals(connection: sqlite3.Connection, scope: Scope) -> Tally:
    """The tally of the events in a scope; equal to `domain.totals.tally` of their documents."""
    where, values = scope.where()
    row = connection.execute(_SUMS + where, values).fetchone()
    recipients: int = connection.execute(_RECIPIENTS + where, values).fetchone()[0]
    return Tally(
        events=row["events"],
        heads=row["heads"],
        letters=row["letters"],
        cards=row["cards"],
        handmade=row["handmade"],
        written=row["letters"] + row["cards"] + row["handmade"],
        recipients=recipients,
        sent=row["sent"],
        declared=Declared(
            closings=row["closings"],
            heads=row["declared_heads"],
            letters=row["declared_letters"],
            cards=row["declared_cards"],
            handmade=row["declared_handmade"],
            # Distinct recipients can't be added up, so only a single closing's number may be said.
            recipients=row["declared_recipients"] if row["closings"] == 1 else None,
        ),
        pending=Pending(events=row["unclosed"], letters=row["unsent"], orphans=row["orphans"]),
    )


def has_bounds(connection: sqlite3.Connection, scope: Scope) -> bool:
    """Whether a standing closing in the scope declares a lower bound ("more than a hundred") rather than a number."""
    where, values = scope.where()
    return bool(connection.execute(f"SELECT COALESCE(MAX(bounds), 0) FROM evening{where}", values).fetchone()[0])  # noqa: S608


class EveningRow(msgspec.Struct, frozen=True):
    """An event in a list. `declared_written` is what its closing declares, the tally standing in for parts it leaves out."""

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
    declared_written: int | None


def list_evenings(connection: sqlite3.Connection, scope: Scope) -> list[EveningRow]:
    """The events of a scope, the latest first; those only counts are known of come before."""
    where, values = scope.where()
    rows = connection.execute(f"{_EVENINGS}{where} ORDER BY starts IS NULL DESC, day DESC, starts DESC, event", values)
    return [_evening_row(row) for row in rows]


def _evening_row(row: sqlite3.Row) -> EveningRow:
    return EveningRow(
        event=row["event"],
        chapter=row["chapter"],
        title=row["title"],
        starts=dt.datetime.fromisoformat(row["starts"]) if row["starts"] else None,
        theme=row["theme"],
        status=row["status"],
        kind=row["kind"],
        sheets=row["sheets"],
        heads=row["heads"],
        written=row["written"],
        recipients=row["recipients"],
        sent=row["sent"],
        closed=bool(row["closings"]),
        contested=row["contested"],
        overruled=row["overruled"],
        declared_written=row["declared_written"],
    )


def evening(connection: sqlite3.Connection, database: str, event: str) -> Evening:
    """Everything known of one event, as documents."""
    return evenings.evening((row["id"], row["body"]) for row in connection.execute(_OF_EVENT, (database, event)))


def databases_of(connection: sqlite3.Connection, event: str) -> list[str]:
    """Where an event lives, and after that where no more than its id is known, as some device of another chapter named it."""
    rows = connection.execute("SELECT database FROM evening WHERE event = ? ORDER BY NOT known, database", (event,))
    return [str(row[0]) for row in rows]


def chapters(connection: sqlite3.Connection) -> dict[str, Chapter]:
    """The chapters of the register by their slugs."""
    rows = connection.execute(_OF_TYPE, ("chapter", REGISTER))
    decoded = {str(row["id"]).partition(":")[2]: _decode(row["body"]) for row in rows}
    return {slug: body for slug, body in decoded.items() if isinstance(body, Chapter)}


def themes(connection: sqlite3.Connection) -> dict[str, Theme]:
    """The themes of the register by their slugs."""
    rows = connection.execute(_OF_TYPE, ("theme", REGISTER))
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


def recipients(connection: sqlite3.Connection, database: str, event: str) -> list[tuple[str, int]]:
    """Whom was written to at an event, most letters first."""
    rows = connection.execute(
        "SELECT prisoner, written FROM recipient WHERE database = ? AND event = ? ORDER BY written DESC, prisoner",
        (database, event),
    )
    return [(row["prisoner"], row["written"]) for row in rows]


def heard(connection: sqlite3.Connection, database: str) -> dt.datetime | None:
    """When counts last arrived in a chapter while a server watched; None when that was never seen."""
    moment = connection.execute(_HEARD, (database,)).fetchone()[0]
    return dt.datetime.fromisoformat(moment) if moment else None


def heard_from(connection: sqlite3.Connection, database: str) -> dict[str, dt.datetime]:
    """The same for each device."""
    rows = connection.execute(_HEARD_FROM, (database,))
    return {row["device"]: dt.datetime.fromisoformat(row["at"]) for row in rows}


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
