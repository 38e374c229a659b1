"""The register as a table: spellings, encodings, lines, formulas, and what a row would do."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import names, register_csv
from server.domain.documents import Prisoner
from server.domain.register_csv import Unreadable

ANNA = "prisoner:01KFW000000000000000000P01"
BODY: dict[str, Any] = {"type": "prisoner", "schema": 1, "name": {"ru": "Пример Воробьёва"}, "status": "detained"}


def rows(text: str) -> list[tuple[int, register_csv.Row]]:
    return register_csv.read(register_csv.decoded(text.encode()))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_of_any_spreadsheet_are_read(encoding: str, delimiter: str) -> None:
    """UTF-8 with or without a mark, UTF-16, Windows-1251; commas, semicolons, tabs."""
    raw = f"name_ru{delimiter}status\r\nПример Воробьёва{delimiter}detained\r\n".encode(encoding)
    assert register_csv.read(register_csv.decoded(raw)) == [(2, {"name_ru": "Пример Воробьёва", "status": "detained"})]


def test_lines_are_those_of_the_file() -> None:
    """A cell of several lines, empty lines between rows and a first line for the spreadsheet don't shift the numbers."""
    assert [line for line, _ in rows('name_ru,note\none,"a\nb"\n\ntwo,c\n')] == [2, 5]
    assert rows("sep=;\r\nname_ru;note\r\none, two;a\r\n") == [(3, {"name_ru": "one, two", "note": "a"})]


def test_columns_without_a_name_or_a_meaning_are_passed_over() -> None:
    """Spreadsheets write a few empty columns after the last; people add remarks of their own."""
    assert rows("name_ru;mine;mine;;\r\none;a;b;;\r\n") == [(2, {"name_ru": "one"})]


def test_a_spreadsheet_in_russian_may_have_rewritten_the_days() -> None:
    """Opened and saved again, days stand the Russian way round; other dates are refused as before."""
    before = {**BODY, "born": "1976-05-02", "placements": [{"facility": "Here", "verified_on": "2026-01-29"}]}
    table = f"id;name_ru;born;facility;verified_on\n{ANNA};Пример Воробьёва;02.05.1976;Here;29.01.2026\n"
    assert [one.verdict for one in register_csv.propose(rows(table), {ANNA: before})] == ["same"]
    [wrong] = register_csv.propose(rows("name_ru;born\nx;31.02.1976\n"), {})
    assert [(fault.column, fault.key) for fault in wrong.faults] == [("born", "form-problem-vague")]


@pytest.mark.parametrize(
    ("row", "column", "key"),
    [
        (",x,19xx", "born", "form-problem-vague"),
        (",x,1976,Science Day", "themes", "form-problem-slug"),
        (",,1976", "name_ru", "form-problem-missing"),
        ("prisoner:x,x,", "id", "import-fault-id"),
        ("prisoner:01KFW000000000000000000P99,x,", "id", "import-fault-unknown"),
        (",x,1976,science,too,many", "", "import-fault-wide"),
        (",x\x00y,1976,science", "name_ru", "form-problem-control"),
        (f",{'x' * 200_000},1976,science", "name_ru", "form-problem-refused"),
    ],
)
def test_a_refused_row_names_its_line_and_column(row: str, column: str, key: str) -> None:
    """The fault is where a person finds it in the table."""
    [proposal] = register_csv.propose(rows(f"id,name_ru,born,themes\n{row}\n"), {ANNA: BODY})
    assert (proposal.verdict, proposal.line) == ("refused", 2)
    assert [(fault.column, fault.key) for fault in proposal.faults] == [(column, key)]


def test_an_id_that_stands_twice_is_refused() -> None:
    """The second row of one person is not written over the first."""
    proposals = register_csv.propose(rows(f"id,name_ru\n{ANNA},Пример Воробьёва\n{ANNA},x\n"), {ANNA: BODY})
    assert [one.verdict for one in proposals] == ["same", "refused"]


def test_two_rows_about_one_new_person_are_looked_at() -> None:
    """The second is not ticked by itself, and says which line it is like."""
    table = "name_ru,born\nПример Одуванчиков,1990\nПример Подорожник,1990\nОдуванчиков Пример,\n"
    proposals = register_csv.propose(rows(table), {})
    assert [(one.verdict, one.doubt, one.again) for one in proposals] == [
        ("new", "", 0), ("new", "", 0), ("suspicious", "import-again", 2)
    ]  # fmt: skip


def test_a_name_of_common_words_is_known_again() -> None:
    """Where each of the words is everybody's, the whole name still tells."""
    known = {
        f"prisoner:01KFW00000000000000000{n:04}": {**BODY, "name": {"ru": f"Иван Одуванчик{n}"}} for n in range(70)
    }
    known |= {f"prisoner:01KFW00000000000000001{n:04}": {**BODY, "name": {"ru": f"Пётр{n} Иванов"}} for n in range(70)}
    known[ANNA] = {**BODY, "name": {"ru": "Иван Иванов"}}
    [again] = register_csv.propose(rows("name_en\nIvanov Ivan\n"), known)
    assert (again.doubt, again.like) == ("import-like", ANNA)
    people = {name: _prisoner(body) for name, body in known.items()} | {
        "x": _prisoner({**BODY, "name": {"en": "Ivanov Ivan"}})
    }
    assert {ANNA, "x"} in [{pair.one, pair.other} for pair in names.duplicates(people)]


def test_a_status_that_has_no_meaning_is_looked_at() -> None:
    """Phones would go on asking for letters to somebody who is "освобождён"; a status that stands there already may stay."""
    [proposal] = register_csv.propose(rows(f"id,name_ru,status\n{ANNA},Пример Воробьёва,освобождён\n"), {ANNA: BODY})
    assert (proposal.verdict, proposal.doubt) == ("suspicious", "import-status")
    table = rows(f"id,name_ru,status,note\n{ANNA},Пример Воробьёва,missing,new\n")
    [proposal] = register_csv.propose(table, {ANNA: {**BODY, "status": "missing"}})
    assert proposal.verdict == "changed"


@pytest.mark.parametrize(
    "body",
    [
        {"note": " a\r\nb\n"},
        {"status": ""},
        {"note": "\t"},
        {"sources": ["https://x|y ", "z"]},
        {"sentence": " 5 лет "},
    ],
)
def test_what_no_table_keeps_is_no_change(body: dict[str, Any]) -> None:
    """Spaces around a text, ends of lines, and a sign that separates: a round trip still finds nothing to do."""
    known = {ANNA: {**BODY, **body}}
    table = register_csv.read(register_csv.decoded(register_csv.write(known.items())))
    assert [one.verdict for one in register_csv.propose(table, known)] == ["same"]


def test_columns_that_are_not_there_change_nothing() -> None:
    """A table of names and states alone leaves placements, sources and unknown fields as they are."""
    before = {**BODY, "placements": [{"facility": "Here", "address": "1"}], "unknown": 1}
    [proposal] = register_csv.propose(rows(f"id,name_ru,status\n{ANNA},Пример Воробьёва,released\n"), {ANNA: before})
    assert proposal.body == {**before, "status": "released"}


def test_only_the_cells_that_differ_are_written() -> None:
    """Of the others everything stays that no table keeps: nobody was shown that it would go."""
    place = {"facility": "Here ", "address": " 1", "verified_on": None}
    before = {**BODY, "sources": ["https://x|y", "z"], "note": "a\r\n b ", "articles": ["1 | 2"], "placements": [place]}
    table = register_csv.write([(ANNA, before)]).decode("utf-8-sig")
    for old, new, body in (
        ("detained", "released", {**before, "status": "released"}),
        (" 1,", "2,", {**before, "placements": [{**place, "address": "2"}]}),
        (
            "Here ,",
            "There,",
            {
                **before,
                "placements": [place, {"facility": "There", "address": "1", "verified_on": None, "source": None}],
            },
        ),
    ):
        [proposal] = register_csv.propose(rows(table.replace(old, new)), {ANNA: before})
        assert (proposal.verdict, proposal.body) == ("changed", body)


@pytest.mark.parametrize(
    "row", [",Пример Лютик,,Street 1,", ",Пример Лютик,,,2026-01", f"{ANNA},Пример Воробьёва,,Street 1,2026-01"]
)
def test_an_address_without_its_place_is_refused(row: str) -> None:
    """It would belong to no placement and be lost; no cell at all about a place says nothing of it."""
    known = {ANNA: {**BODY, "placements": [{"facility": "Here", "address": "Street 1"}]}}
    head = "id,name_ru,facility,address,verified_on"
    [proposal] = register_csv.propose(rows(f"{head}\n{row}\n"), known)
    assert [(fault.column, fault.key) for fault in proposal.faults] == [("facility", "form-problem-missing")]
    assert [one.verdict for one in register_csv.propose(rows(f"{head}\n{ANNA},Пример Воробьёва,,,\n"), known)] == [
        "same"
    ]


def test_a_placement_whose_place_nobody_named_comes_back_as_it_went() -> None:
    """Other clients may write one; what else a row changes is written."""
    known = {ANNA: {**BODY, "placements": [{"facility": "", "address": "Street 1"}]}}
    table = register_csv.write(known.items()).decode("utf-8-sig").replace("detained", "released")
    [proposal] = register_csv.propose(rows(table), known)
    assert proposal.body == {**known[ANNA], "status": "released"}


@given(st.text(alphabet="=+-@＝'\t abя\"\n;,", max_size=12))
def test_every_cell_comes_back_as_it_went(note: str) -> None:
    """Written and read again no cell changes, and none is a formula on the way."""
    note = note.strip()
    table = register_csv.write([(ANNA, {**BODY, "note": note})])
    assert next(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))["note"][:1] not in [*"=+-@＝\t\n"]
    [(_, row)] = register_csv.read(register_csv.decoded(table))
    assert row["note"] == note
    [proposal] = register_csv.propose([(2, row)], {ANNA: {**BODY, "note": note}})
    assert proposal.verdict == "same"


def test_a_table_without_names_is_no_table() -> None:
    """Said as such, instead of refusing every row."""
    with pytest.raises(Unreadable):
        rows("a,b\n1,2\n")


@pytest.mark.parametrize(
    "spellings",
    [
        ("Воробьёв", "Воробьев", "Vorobyov", "Vorobyev", "Vorob'ev", "Vorobʹëv"),
        ("Юлия", "Yulia", "Iuliia", "Julija"),
        ("Щукин", "Shchukin", "Schukin", "Ščukin", "Szczukin", "SCukin"),
        ("Объедков", 'Ob"edkov', "Obedkov"),
        ("Хабаров", "Khabarov", "Habarov"),
        ("Алексей", "Alexey", "Aleksei", "Alexei", "Aleksej"),
        ("Фёдоров", "Fedorov", "Fyodorov"),
        ("Семён", "Semyon", "Semen"),
    ],
)
def test_all_spellings_of_a_name_fold_to_one(spellings: tuple[str, ...]) -> None:
    """Cyrillic with ё or е, and the transliterations in use."""
    assert len({names.fold(one) for one in spellings}) == 1


def test_doubles_are_alike_and_born_in_one_year() -> None:
    """Another year of birth, a merged entry, and a namesake of the first name alone are no doubles."""
    people: dict[str, Any] = {
        "a": ({"ru": "Пример Воробьёва"}, "1976"),
        "b": ({"en": "Vorobyova Primer"}, "1976-05"),
        "c": ({"ru": "Пример Воробьёва"}, "1980"),
        "d": ({"ru": "Пример Одуванчик"}, None),
    }
    register = {key: _prisoner({**BODY, "name": name, "born": born}) for key, (name, born) in people.items()}
    assert [(pair.one, pair.other) for pair in names.duplicates(register)] == [("a", "b")]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Пример Воробьёв", "Воробьёв Пример Вымыслович", True),
        ("Primer Vorobyov", "Воробьёв Пример Вымыслович", True),
        ("Пример Воробьёв", "Воробьёв П. В.", True),
        ("Воробьёв Пример Вымыслович", "П. В. Воробьёв", True),
        ("Мечта Лютик (Василькова)", "Мечта Василькова", True),
        ("Пример Воробьёв", "Вымысел Воробьёв", False),
        ("Пример Воробьёв", "В. Воробьёв", False),
        ("Воробьёв", "Воробьёв Пример", False),
    ],
)
def test_a_name_may_leave_out_or_shorten_what_another_has(one: str, other: str, alike: bool) -> None:
    """Patronymics, initials and maiden names; a surname alone, or another initial, is not enough."""
    people = {key: _prisoner({**BODY, "name": {"ru": name}}) for key, name in (("a", one), ("b", other))}
    assert bool(names.duplicates(people)) is alike


def _prisoner(body: dict[str, Any]) -> Prisoner:
    read = register_csv._prisoner(body)
    assert read is not None
    return read
