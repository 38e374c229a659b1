"""Both sides of the numbers of events, as they were tallied and declared, from the rows and without the sheets."""

import sqlite3
from collections.abc import Sequence
from typing import get_args

from server.domain.documents import Declarable
from server.domain.totals import Figures, figure
from server.projection import queries, sets
from server.projection.bounds import bounds_of_each
from server.projection.queries import EveningRow
from server.projection.sums import Scope


def differences(connection: sqlite3.Connection, scope: Scope, most: int = -1) -> list[tuple[EveningRow, Figures]]:
    """The events of a scope whose closing contradicts their tally, the latest first."""
    return figures_of(connection, queries.evening_rows(connection, scope, "differing", most))


def figures_of(connection: sqlite3.Connection, rows: Sequence[sqlite3.Row]) -> list[tuple[EveningRow, Figures]]:
    """Each of these rows (`queries.evening_rows`) with its numbers; of documents, only closings with lower bounds are read."""
    bounds = bounds_of_each(connection, [row["number"] for row in rows if row["bounds"]])
    return [(queries.evening_row(row), _figures(row, bounds.get(row["number"], ()))) for row in rows]


def _figures(row: sqlite3.Row, bounds: tuple[Declarable, ...]) -> Figures:
    tallied = {name: row[name] for name in ("heads", "letters", "cards", "handmade")}
    tallied["recipients"] = sets.size(row["recipients"])
    return {
        name: figure(tallied[name], row[f"declared_{name}"], at_least=name in bounds) for name in get_args(Declarable)
    }
