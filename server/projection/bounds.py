"""Which declared numbers are lower bounds ("more than a hundred") where events are added up."""

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

from server.domain import totals
from server.domain.documents import Closing, Declarable
from server.projection.sums import Scope

# Left to itself, SQLite reads all evenings of the days to find the few with a bound, or all documents to find those evenings.
_CLOSINGS = """
    SELECT evening.number, document.id, document.body
    FROM evening{} CROSS JOIN document INDEXED BY document_of_event
    ON document.database = evening.database AND document.event = evening.event{}
    AND document.type = 'closing' AND document.body IS NOT NULL ORDER BY evening.number"""
_WITH_A_BOUND = " INDEXED BY evening_of_bounds"
_CHOSEN = " WHERE evening.number IN (SELECT value FROM json_each(?))"

_decode = msgspec.json.Decoder(Closing).decode


def bounds(connection: sqlite3.Connection, scope: Scope) -> tuple[Declarable, ...]:
    """The declared numbers of a scope whose sum contains a lower bound. Reads the closings that declare one, and no others."""
    return totals.bounds(closing for _, closing in _standing(connection, *scope.where("bounds"), _WITH_A_BOUND))


def bounds_of_each(connection: sqlite3.Connection, evenings: Sequence[int]) -> dict[int, tuple[Declarable, ...]]:
    """The declared numbers of some evenings, by their numbers, that are lower bounds."""
    given = _standing(connection, _CHOSEN, [msgspec.json.encode(evenings).decode()])
    return {number: totals.bounds([closing]) for number, closing in given}


def _standing(
    connection: sqlite3.Connection, where: str, values: Sequence[str], index: str = ""
) -> Iterator[tuple[int, Closing]]:
    found = connection.execute(_CLOSINGS.format(index, where), values)
    for number, rows in groupby(found, key=lambda row: row["number"]):
        closings = {str(row["id"]): _decode(row["body"]) for row in rows}
        if name := totals.standing(closings):
            yield int(number), closings[name]
