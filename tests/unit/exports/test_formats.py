"""Tables as files: whatever was typed comes back as it was, and no spreadsheet is given anything to run."""

import csv
import datetime as dt
import io

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from server.dashboards.exports import csv as our_csv
from server.dashboards.exports import xlsx
from server.dashboards.exports.tables import Table, Value
from server.domain import formulas

MOMENT = dt.datetime(2026, 1, 29, 19, 0)  # noqa: DTZ001 - a wall clock's
NASTY = ["=1+1", "+7", "-5", "@x", "'=x", "''-", "\t=x", 'a "quoted", text', "two\nlines", "Вечер", "'", ""]
# What XML can't hold, and the escapes Excel has for it, are not texts that anybody types.
TYPED = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=40).filter(lambda text: "_x" not in text)


def read_csv(content: bytes) -> list[list[str]]:
    return [
        [formulas.plain(cell) for cell in row]
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    ]


def test_a_csv_comes_back_as_it_was() -> None:
    """Columns and rows, moments without a zone, numbers as numbers are written, nothing for what is not known."""
    rows: list[list[Value]] = [["x", None, None]]
    rows[:0] = ([text, 7, MOMENT] for text in NASTY)
    table = Table("T", ["=head", "n", "when"], rows)
    head, *read, last = read_csv(our_csv.write(table))
    assert head == ["=head", "n", "when"]
    assert read == [[text, "7", "2026-01-29 19:00"] for text in NASTY]
    assert last == ["x", "", ""]


@given(st.one_of(TYPED, st.sampled_from(NASTY)))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    """Nothing that a spreadsheet would calculate or call is left at the beginning of a cell, and the way back is exact."""
    cell = formulas.neutral(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert formulas.plain(cell) == text


@given(st.lists(st.tuples(TYPED, st.integers(0, 10**9)), min_size=1, max_size=5), TYPED)
def test_a_workbook_comes_back_as_it_was(rows: list[tuple[str, int]], title: str) -> None:
    """Another library reads texts as texts (never as formulas or links), numbers as numbers, moments as moments."""
    book = load_workbook(io.BytesIO(xlsx.write(Table(title, ["=name", "n", "when"], [[*row, MOMENT] for row in rows]))))
    sheet = book.active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == ["=name", "n", "when"]
    for (text, number), row in zip(rows, sheet.iter_rows(min_row=2), strict=True):
        assert (row[0].value or "", row[1].value, row[2].value) == (text, number, MOMENT)
        assert row[0].data_type in ("s", "n")
        assert row[0].hyperlink is None
    assert not book.properties.creator
