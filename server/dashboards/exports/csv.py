"""A table as CSV (RFC 4180): UTF-8 with its mark, so that spreadsheets read it as such.

A spreadsheet takes a cell that begins with one of = + - @ for a formula and runs it, and titles are typed by many. Such a
text is written with an apostrophe before it, and so is one that already has apostrophes before one: `plain` undoes just that.
"""

import csv
import io
import re

from server.dashboards.exports.tables import Table, Value

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def write(table: Table) -> bytes:
    """The columns' names and the rows."""
    kept = io.StringIO()
    writer = csv.writer(kept)
    writer.writerow([neutral(name) for name in table.columns])
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return kept.getvalue().encode("utf-8-sig")


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain(cell: str) -> str:
    """The text that `neutral` made a cell of."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def _cell(value: Value) -> str | int:
    if value is None:
        return ""
    if isinstance(value, int):
        return value
    return neutral(value) if isinstance(value, str) else value.isoformat(sep=" ", timespec="minutes")
