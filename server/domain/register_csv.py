"""The register as a table, and a table as what it would change.

    bytes ──decoded, read──► rows and the lines they begin at ──propose──► new · changed · suspicious · refused · same
    prisoners ──write──► UTF-8 with a byte order mark, one row each; read again it changes nothing

Tables come from spreadsheets, so they may be UTF-8 or Windows-1251 and set apart by commas, semicolons or tabs. On the way out
whatever a spreadsheet would take for a formula gets an apostrophe in front; on the way in it is taken off again.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct

from server.domain import names
from server.domain.documents import Prisoner
from server.domain.errors import DomainError
from server.domain.identifiers import REGISTER, is_prisoner
from server.domain.reading import read as read_document

COLUMNS = (
    "id", "name_ru", "name_en", "born", "status", "articles", "detained_since", "sentence", "themes", "facility",
    "address", "verified_on", "source", "sources", "note",
)  # fmt: skip
MOST_ROWS = 20_000
Verdict = Literal["new", "changed", "suspicious", "refused", "same"]

_LISTS = {"articles", "themes", "sources"}
_PLACED = ("facility", "address", "verified_on", "source")
_NULLABLE = {"born", "detained_since", "sentence"}
_WHY = {
    **dict.fromkeys(("born", "detained_since", "verified_on"), "form-problem-vague"),
    "themes": "form-problem-slug",
}
"""What a cell must look like that a rule refused, where the rule is worth a sentence of its own."""
_FORMULA = re.compile(r"^'*[=+\-@\t\r]")
_DELIMITERS = ",;\t"
_TOO_WIDE = "more cells than columns"

Row = Mapping[str, str]
Body = dict[str, Any]


class Unreadable(Exception):
    """A table that can't be read at all. `key` is the text that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Fault(Struct, frozen=True):
    """What is wrong with a row: the column ("" for the row as a whole) and the key of the reason."""

    column: str
    key: str


class Proposal(Struct, frozen=True):
    """What one row would do. `changes` are (column, before, after); `like` is somebody it may be a double of."""

    line: int
    verdict: Verdict
    name: str
    id: str = ""
    body: Body = {}
    changes: tuple[tuple[str, str, str], ...] = ()
    faults: tuple[Fault, ...] = ()
    like: str = ""


def decoded(raw: bytes) -> str:
    """Decode a table as spreadsheets write them. Raises Unreadable."""
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("import-problem-encoding")


def read(text: str) -> list[tuple[int, Row]]:
    """Read a table: each row by its columns, with the line of the file it begins at. Raises Unreadable."""
    head = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, Row]] = []
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
        if not {"name_ru", "name_en"} & set(columns) or len(set(columns)) != len(columns):
            raise Unreadable("import-problem-columns")
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, _row(columns, cells)))
            line = reader.line_num + 1
            if len(rows) > MOST_ROWS:
                raise Unreadable("import-problem-rows")
    except csv.Error:
        raise Unreadable("import-problem-quotes") from None
    return rows


def propose(rows: Sequence[tuple[int, Row]], known: Mapping[str, Body]) -> list[Proposal]:
    """Say what each row would do to the register, whose bodies are given by id. Columns that are not there change nothing."""
    people = {name: prisoner for name, body in known.items() if (prisoner := _prisoner(body)) is not None}
    by_word: dict[str, list[str]] = {}
    for name, prisoner in people.items():
        for word in names.keys(prisoner):
            by_word.setdefault(word, []).append(name)
    seen: set[str] = set()
    proposals = []
    for line, row in rows:
        proposals.append(_propose(line, row, known, people, by_word, twice=row.get("id", "") in seen))
        seen.add(row.get("id") or f"line {line}")
    return proposals


def write(prisoners: Iterable[tuple[str, Body]]) -> bytes:
    """The table of these prisoners, given by id."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([_guard(cell) for cell in flat(name, body).values()] for name, body in prisoners)
    return text.getvalue().encode("utf-8-sig")


def flat(name: str, body: Body) -> dict[str, str]:
    """A prisoner's row; of the placements it holds the last, which is where they are now."""
    placement = (body.get("placements") or [{}])[-1]
    cells: dict[str, object] = {
        **{column: body.get(column) for column in COLUMNS},
        "id": name,
        "name_ru": body.get("name", {}).get("ru"),
        "name_en": body.get("name", {}).get("en"),
        **{column: placement.get(column) for column in _PLACED},
    }
    return {column: _cell(value) for column, value in cells.items()}


def _propose(
    line: int, row: Row, known: Mapping[str, Body], people: Mapping[str, Prisoner],
    by_word: Mapping[str, Sequence[str]], *, twice: bool,
) -> Proposal:  # fmt: skip
    name, shown = row.get("id", ""), row.get("name_ru") or row.get("name_en") or ""
    if _TOO_WIDE in row:
        return Proposal(line, "refused", shown, faults=(Fault("", "import-fault-wide"),))
    if twice:
        return Proposal(line, "refused", shown, name, faults=(Fault("id", "import-fault-twice"),))
    if name and name not in known:
        key = "import-fault-unknown" if is_prisoner(name) else "import-fault-id"
        return Proposal(line, "refused", shown, name, faults=(Fault("id", key),))
    before = known.get(name, {"type": "prisoner", "schema": 1, "status": "detained"})
    body = _applied(row, before)
    faults = _faults(body)
    if faults:
        return Proposal(line, "refused", shown, name, faults=faults)
    was, now = flat(name, before), flat(name, body)
    changes = tuple((column, was[column], now[column]) for column in COLUMNS if was[column] != now[column])
    if not changes:
        return Proposal(line, "same", shown, name)
    like = _like(body, name, people, by_word)
    if name:
        return Proposal(line, "suspicious" if _is_another(before, body) else "changed", shown, name, body, changes)
    return Proposal(line, "suspicious" if like else "new", shown, "", body, changes, like=like)


def _applied(row: Row, before: Body) -> Body:
    """A body with a row's cells in their places; the place of detention becomes a new placement when it is another one."""
    body = dict(before)
    for column, cell in row.items():
        if column in _LISTS:
            body[column] = [part.strip() for part in cell.split("|") if part.strip()]
        elif column in _NULLABLE:
            body[column] = cell or None
        elif column in ("status", "note"):
            body[column] = cell
    named = {column[5:]: row[column] for column in ("name_ru", "name_en") if column in row}
    body["name"] = {**body.get("name", {}), **named}
    placed = {column: row[column] for column in _PLACED if column in row}
    if placed:
        body["placements"] = _placed(list(body.get("placements") or []), placed)
    return body


def _placed(placements: list[Body], cells: Mapping[str, str]) -> list[Body]:
    last = placements[-1] if placements else {}
    facility = cells.get("facility", last.get("facility", ""))
    if not any(cells.values()) or not facility:
        return placements
    values = {column: cell or None for column, cell in cells.items()} | {"facility": facility}
    if placements and facility == last.get("facility"):
        return [*placements[:-1], {**last, **values}]
    return [*placements, values]


def _faults(body: Body) -> tuple[Fault, ...]:
    if not any(body["name"].values()):
        return (Fault("name_ru", "form-problem-missing"),)
    if not body.get("status"):
        return (Fault("status", "form-problem-missing"),)
    try:
        read_document(body, REGISTER)
    except DomainError as error:
        path = str(getattr(error, "path", ""))
        column = re.sub(r"^placements\[\d+\]\.", "", path).partition("[")[0].replace("name.", "name_")
        return (Fault(column if column in COLUMNS else "", _WHY.get(column, "form-problem-refused")),)
    return ()


def _is_another(before: Body, after: Body) -> bool:
    """Tell whether a row seems to speak of somebody else than its id: quite another name, or another year of birth."""
    born = [str(body["born"])[:4] for body in (before, after) if body.get("born")]
    if len(set(born)) > 1:
        return True
    pairs = [(before.get("name", {}).get(code), after["name"].get(code)) for code in ("ru", "en")]
    return any(was and now and not names.are_alike(was, now) for was, now in pairs)


def _like(body: Body, name: str, people: Mapping[str, Prisoner], by_word: Mapping[str, Sequence[str]]) -> str:
    """Somebody else in the register whom a row may mean."""
    prisoner = _prisoner(body)
    if prisoner is None:
        return ""
    near = {other for word in names.keys(prisoner) for other in by_word.get(word, ())} - {name}
    ranked = sorted((-names.likeness(prisoner, people[other]), other) for other in near)
    return ranked[0][1] if ranked and -ranked[0][0] >= names.ALIKE else ""


def _prisoner(body: Body) -> Prisoner | None:
    try:
        return msgspec.convert(body, Prisoner)
    except msgspec.ValidationError:
        return None


def _row(columns: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        return {_TOO_WIDE: ""}
    padded = [*cells, *[""] * (len(columns) - len(cells))]
    return {column: _unguard(cell) for column, cell in zip(columns, padded, strict=False) if column in COLUMNS}


def _cell(value: object) -> str:
    if isinstance(value, list):
        return " | ".join(map(str, value))
    return "" if value is None else str(value)


def _guard(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unguard(cell: str) -> str:
    stripped = cell.strip()
    return stripped[1:] if stripped.startswith("'") and _FORMULA.match(stripped[1:]) else stripped
