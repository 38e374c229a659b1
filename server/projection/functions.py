"""What SQL is taught on every connection to a projection file.

popcount(set)      how many are in a set              unite(set)        the union of a column of sets (sets.py)
meet(set, set)     whether anybody is in both         gather(amounts)   events' amounts added up (amounts.py)
                                                      add_up(lanes)     those of spans of days added up
"""

import sqlite3

from server.projection import amounts, sets

_AGGREGATES = {"unite": sets.Unite, "gather": amounts.Gather, "add_up": amounts.AddUp}


def teach(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Gives a connection these functions."""
    connection.create_function("popcount", 1, sets.size, deterministic=True)
    connection.create_function("meet", 2, sets.meet, deterministic=True)
    for name, aggregate in _AGGREGATES.items():
        connection.create_aggregate(name, 1, aggregate)  # type: ignore[arg-type] # typeshed wants an int of every aggregate
    return connection
