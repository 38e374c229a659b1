"""What a spreadsheet would take for a formula and run, made a text and back again.

A cell that begins with one of = + - @ is one, and titles, names and notes are typed by many. Such a text is written with an
apostrophe before it, and so is one that already has apostrophes before one: `plain` undoes just that.
"""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def neutral(text: str) -> str:
    """Write a text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain(cell: str) -> str:
    """Read the text that `neutral` made a cell of."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
