"""Events whose closing contradicts their tally, with both sides of every number."""

import sqlite3
from collections.abc import Mapping
from typing import get_args

from server.domain.documents import Declarable
from server.domain.totals import Figure
from server.projection import queries, sets
from server.projection.bounds import bounds_of_each
from server.projection.queries import EveningRow
from server.projection.sums import Scope

Figures = Mapping[Declarable, Figure]
"""Each number that can be declared, as it was tallied and declared."""


def differences(connection: sqlite3.Connection, scope: Scope, most: int = -1) -> list[tuple[EveningRow, Figures]]:
    """The events of a scope whose closing contradicts their tally, the latest first."""
    rows = queries.evening_rows(connection, scope, "differing", most)
    bounds = bounds_of_each(connection, [row["number"] for row in rows if row["bounds"]])
    return [(queries.evening_row(row), _figures(row, bounds.get(row["number"], ()))) for row in rows]


def _figures(row: sqlite3.Row, bounds: tuple[Declarable, ...]) -> Figures:
    tallied = {name: row[name] for name in ("heads", "letters", "cards", "handmade")}
    tallied["recipients"] = sets.size(row["recipients"])
    declared = {name: row[f"declared_{name}"] for name in get_args(Declarable)}
    return {
        name: Figure(
            tallied[name] if declared[name] is None else declared[name],
            tallied[name],
            declared[name],
            at_least=name in bounds,
        )
        for name in get_args(Declarable)
    }
