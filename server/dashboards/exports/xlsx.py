"""A table as an Excel workbook. Texts are written as texts, so nothing in them is a formula or a link; nobody is its author."""

import datetime as dt
import io
import re

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from server.dashboards.exports.tables import Table, Value

_AS_TEXT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_MOMENT = "yyyy-mm-dd hh:mm"
_ALWAYS = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - when a workbook was made is nobody's business
_LONGEST_NAME = 31
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0 has no way to say these


def write(table: Table) -> bytes:
    """One sheet, its head kept in sight."""
    kept = io.BytesIO()
    with Workbook(kept, _AS_TEXT) as book:
        book.set_properties({"author": "", "created": _ALWAYS})
        sheet = book.add_worksheet(_name(table.title))
        head, moment = book.add_format({"bold": True}), book.add_format({"num_format": _MOMENT})
        for column, name in enumerate(table.columns):
            sheet.write_string(0, column, name, head)
        for number, row in enumerate(table.rows, 1):
            for column, value in enumerate(row):
                _put(sheet, number, column, value, moment)
        sheet.freeze_panes(1, 0)
        sheet.autofit(400)
    return kept.getvalue()


def _put(sheet: Worksheet, row: int, column: int, value: Value, moment: object) -> None:
    if isinstance(value, dt.datetime):
        sheet.write_datetime(row, column, value, moment)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    elif value:
        sheet.write_string(row, column, _UNWRITABLE.sub("", value))


def _name(title: str) -> str:
    """What Excel takes as a sheet's name: a few letters (it counts in UTF-16), none of its own signs."""
    return re.sub(r"[^\w \-—«»№.,()]|[\U00010000-\U0010ffff]", " ", title)[:_LONGEST_NAME].strip() or "-"
