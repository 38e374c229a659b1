"""Both sides of the numbers of events, as they were tallied and declared, from the rows and without the sheets."""

import sqlite3
from collections.abc import Sequence
from typing import get_args

import msgspec

from server.domain.documents import Declarable
from server.domain.identifiers import chapter_database
from server.domain.totals import Figures, figure
from server.projection import queries
from server.projection.bounds import bounds_of_each
from server.projection.queries import EveningRow
from server.projection.sums import Scope

# Both sides as `Declarable` has them.
_BOTH_SIDES = """
    SELECT number, bounds, heads, letters, cards, handmade, popcount(recipients),
           declared_heads, declared_letters, declared_cards, declared_handmade, declared_recipients
    FROM json_each(?) AS asked CROSS JOIN evening
    ON database = json_extract(asked.value, '$[0]') AND event = json_extract(asked.value, '$[1]') ORDER BY asked.key"""
_NAMES: tuple[Declarable, ...] = get_args(Declarable)


def differences(connection: sqlite3.Connection, scope: Scope, most: int = -1) -> list[tuple[EveningRow, Figures]]:
    """The events of a scope whose closing contradicts their tally, the latest first."""
    return figures_of(connection, queries.list_evenings(connection, scope, "differing", most))


def figures_of(connection: sqlite3.Connection, rows: Sequence[EveningRow]) -> list[tuple[EveningRow, Figures]]:
    """Each of these events with its numbers; of documents, only closings with lower bounds are read."""
    asked = msgspec.json.encode([(chapter_database(row.chapter), row.event) for row in rows]).decode()
    found = connection.execute(_BOTH_SIDES, (asked,)).fetchall()
    bounds = bounds_of_each(connection, [number for number, bound, *_ in found if bound])
    return [
        (row, _figures(both[:5], both[5:], bounds.get(number, ())))
        for row, (number, _, *both) in zip(rows, found, strict=True)
    ]


def _figures(tallied: Sequence[int], declared: Sequence[int | None], bounds: tuple[Declarable, ...]) -> Figures:
    return {
        name: figure(counted, said, at_least=name in bounds)
        for name, counted, said in zip(_NAMES, tallied, declared, strict=True)
    }
