"""The register as a table, and a table as what it would change.

    bytes ──decoded, read──► rows and the lines they begin at ──propose──► new · changed · suspicious · refused · same
    prisoners ──write──► UTF-8 with a byte order mark, one row each; read again it changes nothing

Tables come from spreadsheets, so they may be UTF-8, UTF-16 or Windows-1251 and set apart by commas, semicolons or tabs, which a
first line `sep=;` may name; days may stand as 29.01.2026, as a spreadsheet in Russian writes them. On the way out whatever a
spreadsheet would take for a formula gets an apostrophe in front; on the way in it is taken off again.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
from msgspec import Struct

from server.domain import names
from server.domain.breaks import unified
from server.domain.days import is_vague
from server.domain.documents import CONTROL, STATUSES, Prisoner
from server.domain.errors import DomainError
from server.domain.formulas import neutral, plain
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
_DATES = {"born", "detained_since", "verified_on"}
_NULLABLE = {"born", "detained_since", "sentence"}
_WHY = {
    **dict.fromkeys(_DATES, "form-problem-vague"),
    "themes": "form-problem-slug",
}
"""What a cell must look like that a rule refused, where the rule is worth a sentence of its own."""
_DELIMITERS = ",;\t"
_DECLARED = re.compile(r"sep=([,;\t])\n")
_RUSSIAN_DAY = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
_TOO_WIDE = "more cells than columns"

# Of a cell that is too long the rules say in which line and column; by itself the reader would only stop.
csv.field_size_limit(4 * 1024 * 1024)

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
    """What one row would do. `changes` are (column, before, after).

    `doubt` is the key of what makes it suspicious; `like` is somebody it may be a double of, `again` the line that may be one.
    """

    line: int
    verdict: Verdict
    name: str
    id: str = ""
    body: Body = {}
    changes: tuple[tuple[str, str, str], ...] = ()
    faults: tuple[Fault, ...] = ()
    doubt: str = ""
    like: str = ""
    again: int = 0


def decoded(raw: bytes) -> str:
    """Decode a table as spreadsheets write them. Raises Unreadable."""
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1251"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("import-problem-encoding")


def read(text: str) -> list[tuple[int, Row]]:
    """Read a table: each row by its columns, with the line of the file it begins at. Raises Unreadable."""
    text = unified(text)
    declared = _DECLARED.match(text)
    skipped, table = (1, text[declared.end() :]) if declared else (0, text)
    delimiter = declared[1] if declared else max(_DELIMITERS, key=table.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(table, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, Row]] = []
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
        ours = [name for name in columns if name in COLUMNS]
        if not {"name_ru", "name_en"} & set(ours) or len(set(ours)) != len(ours):
            raise Unreadable("import-problem-columns")
        line = skipped + reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, _row(columns, cells)))
            line = skipped + reader.line_num + 1
            if len(rows) > MOST_ROWS:
                raise Unreadable("import-problem-rows")
    except csv.Error:
        raise Unreadable("import-problem-quotes") from None
    return rows


def propose(rows: Sequence[tuple[int, Row]], known: Mapping[str, Body]) -> list[Proposal]:
    """Say what each row would do to the register, whose bodies are given by id. Columns that are not there change nothing."""
    met = _Met()
    for name, body in known.items():
        met.meet(name, body)
    seen: set[str] = set()
    proposals = []
    for line, row in rows:
        proposal = _propose(line, row, known, met, twice=row.get("id", "") in seen)
        if proposal.body and not proposal.id:
            met.meet(line, proposal.body)
        seen.add(row.get("id") or f"line {line}")
        proposals.append(proposal)
    return proposals


def write(prisoners: Iterable[tuple[str, Body]]) -> bytes:
    """The table of these prisoners, given by id."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([neutral(cell) for cell in flat(name, body).values()] for name, body in prisoners)
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


@dataclass(frozen=True)
class _Met:
    """Who is known so far: those of the register by their ids, new ones of the table by their lines."""

    people: dict[str | int, Prisoner] = field(default_factory=dict)
    by_mark: dict[str, list[str | int]] = field(default_factory=dict)

    def meet(self, key: str | int, body: Body) -> None:
        """Adds somebody."""
        prisoner = _prisoner(body)
        if prisoner is not None:
            self.people[key] = prisoner
            for mark in names.marks(prisoner):
                self.by_mark.setdefault(mark, []).append(key)

    def like(self, body: Body) -> str | int | None:
        """Who may be meant by the body of a new row; of those equally alike, whoever the register holds already."""
        prisoner = _prisoner(body)
        if prisoner is None:
            return None
        sharing = (self.by_mark.get(mark, []) for mark in names.marks(prisoner))
        near = {other for others in sharing if len(others) <= names.COMMON for other in others}
        likest = min(
            near, key=lambda one: (-self._likeness(prisoner, one), isinstance(one, int), str(one)), default=None
        )
        return likest if likest is not None and self._likeness(prisoner, likest) >= names.ALIKE else None

    def _likeness(self, prisoner: Prisoner, other: str | int) -> float:
        return names.likeness(prisoner, self.people[other])


def _propose(line: int, row: Row, known: Mapping[str, Body], met: _Met, *, twice: bool) -> Proposal:
    name, shown = row.get("id", ""), row.get("name_ru") or row.get("name_en") or ""
    if _TOO_WIDE in row:
        return Proposal(line, "refused", shown, faults=(Fault("", "import-fault-wide"),))
    if twice:
        return Proposal(line, "refused", shown, name, faults=(Fault("id", "import-fault-twice"),))
    if name and name not in known:
        key = "import-fault-unknown" if is_prisoner(name) else "import-fault-id"
        return Proposal(line, "refused", shown, name, faults=(Fault("id", key),))
    before = known.get(name, {"type": "prisoner", "schema": 1, "status": "detained"})
    was = flat(name, before)
    differing = {column for column, cell in row.items() if _differ(column, was[column], cell)}
    body = _applied(row, before, differing)
    now = flat(name, body)
    changes = tuple(
        (column, was[column], now[column]) for column in COLUMNS if _differ(column, was[column], now[column])
    )
    nowhere = _nowhere(row, now, differing)
    if name and not changes and not nowhere:
        return Proposal(line, "same", shown, name)
    faults = (
        nowhere
        or _faults(body)
        or tuple(Fault(column, key) for column, _, cell in changes if (key := _problem(column, cell)))
    )
    if faults:
        return Proposal(line, "refused", shown, name, faults=faults)
    like = None if name else met.like(body)
    doubt = _doubt(before, body, like, new=not name)
    verdict: Verdict = "suspicious" if doubt else "changed" if name else "new"
    known_as, again = (like, 0) if isinstance(like, str) else ("", like or 0)
    return Proposal(line, verdict, shown, name, body, changes, doubt=doubt, like=known_as, again=again)


def _problem(column: str, cell: str) -> str:
    """The key of what a form would say of a changed cell, although documents may hold it; "" for nothing."""
    if column in _DATES and cell and not is_vague(cell):
        return "form-problem-vague"
    return "form-problem-control" if CONTROL.search(cell) else ""


def _doubt(before: Body, body: Body, like: str | int | None, *, new: bool) -> str:
    """The key of what to look at before a row is written; "" for nothing."""
    if like is not None:
        return "import-like" if isinstance(like, str) else "import-again"
    if not new and _is_another(before, body):
        return "import-another"
    return "" if body["status"] in (before["status"], *STATUSES) else "import-status"


def _differ(column: str, before: str, after: str) -> bool:
    """Tell whether a cell says something else, and not only the spaces and ends of lines that no table keeps."""
    if column in _LISTS:
        return _parts(before) != _parts(after)
    return unified(before).strip() != unified(after).strip()


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _applied(row: Row, before: Body, differing: Set[str]) -> Body:
    """A body with a row's differing cells in their places: what no table keeps of the others stays as it is.

    The place of detention becomes a new placement when it is another one.
    """
    body = dict(before)
    for column, cell in row.items():
        if column not in differing:
            continue
        if column in _LISTS:
            body[column] = _parts(cell)
        elif column in _NULLABLE:
            body[column] = cell or None
        elif column in ("status", "note"):
            body[column] = cell
    named = {column[5:]: row[column] for column in ("name_ru", "name_en") if column in differing}
    body["name"] = {**body.get("name", {}), **named}
    placed = {column: row[column] for column in _PLACED if column in row}
    changed = {column: cell or None for column, cell in placed.items() if column in differing}
    if changed and any(placed.values()):
        places = list(body.get("placements") or [])
        if places and "facility" not in changed:
            body["placements"] = [*places[:-1], {**places[-1], **changed}]
        else:
            body["placements"] = [*places, {column: cell or None for column, cell in placed.items()}]
    return body


def _nowhere(row: Row, now: Row, differing: Set[str]) -> tuple[Fault, ...]:
    """What is wrong with a row that says something new of a place, such as its address, but not which place that is."""
    told = not differing.isdisjoint(_PLACED) and any(row.get(column) for column in _PLACED)
    return (Fault("facility", "form-problem-missing"),) if told and not now["facility"] else ()


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


def _prisoner(body: Body) -> Prisoner | None:
    try:
        return msgspec.convert(body, Prisoner)
    except msgspec.ValidationError:
        return None


def _row(columns: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        return {_TOO_WIDE: ""}
    padded = [*cells, *[""] * (len(columns) - len(cells))]
    named = zip(columns, (plain(cell.strip(" ")).strip() for cell in padded), strict=False)
    return {column: _iso(cell) if column in _DATES else cell for column, cell in named if column in COLUMNS}


def _cell(value: object) -> str:
    if isinstance(value, list):
        return unified(" | ".join(map(str, value)))
    return "" if value is None else unified(str(value))


def _iso(cell: str) -> str:
    day = _RUSSIAN_DAY.fullmatch(cell)
    return "-".join(reversed(day.groups())) if day else cell
