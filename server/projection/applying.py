"""How changed documents become rows, within a transaction: the documents, then the events they belong to.

documents ─► document ─► evening ─► (days gone stale) ─► rollups.py
register  ─► document, prisoner
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import msgspec

from server.domain import counting
from server.domain.coverage import is_listed
from server.domain.documents import AnyDocument, Prisoner
from server.domain.doubles import survivors
from server.domain.identifiers import REGISTER
from server.domain.totals import Evening
from server.projection import amounts, evenings, rollups, sets
from server.projection.reading import Kept

_PUT_DOCUMENTS = "INSERT OR REPLACE INTO document (database, id, type, event, leaves, round, conflict, body) VALUES "
_EVENTS_OF = """
    SELECT DISTINCT event FROM document
    WHERE database = ? AND id IN (SELECT value FROM json_each(?)) AND event IS NOT NULL"""
_UNSEEN = "SELECT DISTINCT event FROM document WHERE database = ? AND round < ? AND event IS NOT NULL"
_DROP_UNSEEN = "DELETE FROM document WHERE database = ? AND round < ?"
# Left to itself, SQLite may read a whole chapter for the sake of its order.
_OF_EVENT = """
    SELECT id, body FROM document INDEXED BY document_of_event
    WHERE database = ? AND event = ? AND body IS NOT NULL ORDER BY id"""

_EVENINGS = """
    SELECT event, number, COALESCE(day, ''), COALESCE(theme, '') FROM evening
    WHERE database = ? AND event IN (SELECT value FROM json_each(?))"""
_PUT_EVENINGS = "INSERT OR REPLACE INTO evening ({}) VALUES "
_MOST_VALUES = 999
"""As many as any SQLite takes in one statement."""
_DROP_EVENING = "DELETE FROM evening WHERE number = ?"
_HOW_MANY = "SELECT COUNT(*) FROM document INDEXED BY document_of_event WHERE database = ? AND event = ?"

_NUMBERS = "SELECT id, number FROM prisoner"
_NUMBER = "INSERT INTO prisoner (id, number) VALUES (?, ?)"
_LIST = "UPDATE prisoner SET listed = ? WHERE number = ?"
_UNLIST_UNSEEN = """
    UPDATE prisoner SET listed = 0 WHERE listed AND id NOT IN
    (SELECT id FROM document WHERE database = 'register' AND type = 'prisoner')"""

_MERGED = "SELECT id, merged FROM prisoner WHERE merged IS NOT NULL"
_MERGE = "UPDATE prisoner SET merged = ? WHERE id = ?"
_MERGED_UNSEEN = """
    SELECT id FROM prisoner WHERE merged IS NOT NULL AND id NOT IN
    (SELECT id FROM document WHERE database = 'register' AND type = 'prisoner')"""
_WRITTEN_TO = "SELECT database, event FROM evening WHERE meet(recipients, ?)"

_PRISONER = "prisoner:"

FIRST_ROUND = 1
"""The number of the first reading of a database, before which the tables hold nothing of it."""


class Numbers:
    """The bits of the prisoners, as the table `prisoner` holds them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[str, int] = dict(connection.execute(_NUMBERS))
        self._merged: dict[str, str] = dict(connection.execute(_MERGED))
        self.aliases = survivors(self._merged)

    def of(self, prisoner: str) -> int:
        """Somebody's bit; a new one where they have none yet."""
        number = self._known.get(prisoner)
        if number is None:
            number = self._known[prisoner] = len(self._known)
            self._connection.execute(_NUMBER, (prisoner, number))
        return number

    def of_each(self, people: Mapping[str, int]) -> dict[int, int]:
        """Amounts by people's bits instead of their ids."""
        known = self._known
        try:
            return {known[prisoner]: amount for prisoner, amount in people.items()}
        except KeyError:  # somebody new, which is rare: asking for each name whether it is known would cost more
            return {self.of(prisoner): amount for prisoner, amount in people.items()}

    def merge(self, said: Mapping[str, str | None]) -> set[str]:
        """Makes people aliases of others, or themselves again. Names those as whom were known who are somebody else now."""
        changed = {name: into for name, into in said.items() if into != self._merged.get(name)}
        for name, into in changed.items():
            self.of(name)
            self._connection.execute(_MERGE, (into, name))
        self._merged = {name: into for name, into in (self._merged | changed).items() if into is not None}
        before, self.aliases = self.aliases, survivors(self._merged)
        met = before.keys() | self.aliases.keys()
        return {before.get(name, name) for name in met if before.get(name) != self.aliases.get(name)}


def put_documents(
    connection: sqlite3.Connection, database: str, round_: int, documents: Sequence[Kept], *, first: bool
) -> set[str]:
    """Replaces documents and names the events that are to be counted again: those they belong to, and did before.

    Before the `first` page of a database nothing of it is there.
    """
    touched = {kept.event for kept in documents if kept.event}
    if not first:
        ids = msgspec.json.encode([kept.id for kept in documents]).decode()
        touched.update(event for (event,) in connection.execute(_EVENTS_OF, (database, ids)))
    _insert(
        connection,
        _PUT_DOCUMENTS,
        [
            (database, kept.id, kept.type, kept.event, " ".join(kept.leaves), round_, int(kept.conflict), kept.body)
            for kept in documents
        ],
    )
    return touched


def _insert(connection: sqlite3.Connection, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Inserts many rows at a time: going into SQLite for each costs as much as what it does there."""
    if not rows:
        return
    width = len(rows[0])
    each = _MOST_VALUES // width
    places = f"({', '.join('?' * width)})"
    for start in range(0, len(rows), each):
        some = rows[start : start + each]
        connection.execute(statement + ", ".join([places] * len(some)), [*chain.from_iterable(some)])


def drop_unseen(connection: sqlite3.Connection, database: str, round_: int) -> set[str]:
    """At the end of a round: forgets what it did not meet, because it is no longer there, and names the events."""
    touched = set[str]()
    if round_ > FIRST_ROUND:  # before the first nothing was there, and looking would read every document
        touched.update(event for (event,) in connection.execute(_UNSEEN, (database, round_)))
        connection.execute(_DROP_UNSEEN, (database, round_))
    if database == REGISTER:
        connection.execute(_UNLIST_UNSEEN)
    return touched


def list_prisoners(connection: sqlite3.Connection, numbers: Numbers, documents: Sequence[Kept]) -> None:
    """Takes over from documents of the register who waits for letters."""
    people = [kept for kept in documents if kept.id.startswith(_PRISONER)]
    listed = [(isinstance(kept.content, Prisoner) and is_listed(kept.content), numbers.of(kept.id)) for kept in people]
    connection.executemany(_LIST, listed)


def merge_prisoners(connection: sqlite3.Connection, numbers: Numbers, documents: Sequence[Kept]) -> None:
    """Takes over who is whose alias, and counts again the events at which any of them was written to.

    Whose document is gone, as after a restore from before it was written, is nobody's alias any more.
    """
    told = {kept.id: kept.content for kept in documents if kept.id.startswith(_PRISONER)}
    said = {name: body.merged_into if isinstance(body, Prisoner) else None for name, body in told.items()}
    gone = [name for (name,) in connection.execute(_MERGED_UNSEEN)]
    them = sets.pack(numbers.of(one) for one in numbers.merge(dict.fromkeys(gone) | said))
    if not them:
        return
    for database, event in connection.execute(_WRITTEN_TO, (them,)).fetchall():
        count_again(connection, numbers, database, [event])


def count_again(
    connection: sqlite3.Connection, numbers: Numbers, database: str, events: Iterable[str], fresh: Sequence[Kept] = ()
) -> None:
    """Counts events anew from their documents, and marks their days as stale. `fresh` are documents that were just put."""
    read: dict[str, list[tuple[str, AnyDocument]]] = {}
    for kept in fresh:
        if kept.event and kept.content is not None:
            read.setdefault(kept.event, []).append((kept.id, kept.content))
    events = list(events)
    found = connection.execute(_EVENINGS, (database, msgspec.json.encode(events).decode()))
    before = {event: (number, day, theme) for event, number, day, theme in found}
    stale = {(database, day, theme) for _, day, theme in before.values()}
    rows: list[dict[str, object]] = []
    for event in events:
        number = before[event][0] if event in before else None
        known = _known(connection, database, event, number, read.get(event, []))
        if known is not None:
            rows.append(row := _row(numbers, database, event, number, known))
            stale.add((database, str(row["day"] or ""), str(row["theme"] or "")))
        elif number is not None:
            connection.execute(_DROP_EVENING, (number,))
    if rows:
        _insert(connection, _PUT_EVENINGS.format(", ".join(rows[0])), [tuple(row.values()) for row in rows])
    rollups.mark_stale(connection, stale)


def _known(
    connection: sqlite3.Connection,
    database: str,
    event: str,
    number: int | None,
    read: Sequence[tuple[str, AnyDocument]],
) -> Evening | None:
    """All documents of an event; None where there is none. Those already read are not read again where they are all.

    An event without a number has none but these: whatever is put is counted in the same transaction.
    """
    if number is None or connection.execute(_HOW_MANY, (database, event)).fetchone()[0] == len(read):
        return evenings.gather(read) if read else None
    return evenings.evening(connection.execute(_OF_EVENT, (database, event)))


def _row(numbers: Numbers, database: str, event: str, number: int | None, known: Evening) -> dict[str, object]:
    """An event's row of the table `evening`, by column."""
    counted, written_to = counting.count_to_each(known.sheets, numbers.aliases)
    to = numbers.of_each(written_to)
    row = evenings.row(database, event, known, counted)
    return {"number": number, **row, "recipients": sets.pack(to), "written_to": amounts.pack(to)}
