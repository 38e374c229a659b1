"""A table as CSV (RFC 4180): UTF-8 with its mark, so that spreadsheets read it as such.

No text in it is a formula (`server/domain/formulas.py`).
"""

import csv
import io

from server.dashboards.exports.tables import Table, Value
from server.domain.breaks import unified
from server.domain.formulas import neutral


def write(table: Table) -> bytes:
    """The columns' names and the rows."""
    kept = io.StringIO()
    writer = csv.writer(kept)
    writer.writerow([neutral(name) for name in table.columns])
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return kept.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> str | int:
    if value is None:
        return ""
    if isinstance(value, int):
        return value
    return neutral(unified(value)) if isinstance(value, str) else value.isoformat(sep=" ", timespec="minutes")
