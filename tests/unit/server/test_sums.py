"""Numbers over many events: the rollups say what the domain says, over any days, place and theme, whatever happened before."""

import datetime as dt
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain import totals
from server.domain.identifiers import chapter_database, event_id, new_ulid, prisoner_id, sheet_id
from server.domain.totals import Evening
from server.projection import amounts, people, queries, sets, sums
from server.projection.evenings import evening
from server.projection.reading import Seen, keep
from server.projection.rollups import span
from server.projection.sums import Scope, cover
from server.projection.tables import Page, Tables
from sync.documents import Document

pytestmark = pytest.mark.anyio

DAYS = st.dates(dt.date(2024, 11, 20), dt.date(2027, 2, 10))
ANY_DAYS = st.dates()
CHAPTERS = ("moscow", "pskov", "tver")
THEMES = (None, "science-day", "season")
PEOPLE = [prisoner_id(new_ulid(0, bytes([number] * 10))) for number in range(1, 9)]
DEVICE = new_ulid(0, bytes([9] * 10))


class Night(msgspec.Struct):
    """What is written about one event at one moment: its number, chapter, day and theme, and letters to people."""

    event: int
    chapter: str
    day: dt.date | None
    theme: str | None
    letters: dict[str, int]
    declared: int | None


NIGHTS = st.builds(
    Night,
    event=st.integers(1, 6),
    chapter=st.sampled_from(CHAPTERS),
    day=st.none() | DAYS,
    theme=st.sampled_from(THEMES),
    letters=st.dictionaries(st.sampled_from(PEOPLE), st.integers(0, 3), max_size=4),
    declared=st.none() | st.integers(0, 9),
)


def documents(night: Night) -> list[dict[str, Any]]:
    """The event document (where its day is known), a sheet, and maybe a closing."""
    event = event_id(new_ulid(0, bytes([night.event] * 10)))
    common = {"schema": 1, "chapter": night.chapter}
    lines = [
        {"to": to, "kind": "letter", "origin": "here", "added": amount, "removed": 0}
        for to, amount in night.letters.items()
    ]
    made: list[dict[str, Any]] = [
        {
            "_id": sheet_id(event, DEVICE),
            "type": "sheet",
            **common,
            "event": event,
            "device": DEVICE,
            "heads": {"added": night.event, "removed": 0},
            "letters": lines,
        }
    ]
    if night.day:
        about = {"kind": "letters", "title": "Evening", "status": "closed", "theme": night.theme}
        made.append({"_id": event, "type": "event", **common, **about, "starts": f"{night.day}T19:00:00+03:00"})
    if night.declared is not None:
        numbers = {"basis": "recount", "letters": night.declared, "device": DEVICE}
        made.append({"_id": f"closing:{event[6:]}:{DEVICE}", "type": "closing", **common, "event": event, **numbers})
    return made


class Written:
    """A projection, written to directly, and beside it all documents as they stand."""

    def __init__(self, path: Path) -> None:
        self.tables = Tables(path)
        self.bodies: dict[tuple[str, str], bytes] = {}
        self._at = {slug: self.tables.restart(chapter_database(slug), "one") for slug in CHAPTERS}

    def put(self, night: Night) -> None:
        """Replaces everything about an event by this; what is no longer said of it is deleted."""
        name = chapter_database(night.chapter)
        new = {body["_id"]: body for body in documents(night)}
        event = event_id(new_ulid(0, bytes([night.event] * 10)))
        old = [doc_id for database, doc_id in self.bodies if database == name and event[6:] in doc_id]
        seen = [Seen(doc_id, ("2-b",), ()) for doc_id in old if doc_id not in new]
        for doc_id, body in new.items():
            raw = msgspec.json.encode({key: value for key, value in body.items() if key != "_id"})
            seen.append(Seen(doc_id, ("1-a",), (Document(id=doc_id, rev="1-a", body=raw),)))
            self.bodies[name, doc_id] = raw
        for doc_id in set(old) - new.keys():
            del self.bodies[name, doc_id]
        self._apply(night.chapter, [keep(one, name) for one in seen])

    def _apply(self, chapter: str, kept: list[Any]) -> None:
        reached = self.tables.apply(Page(self._at[chapter], "1", kept, last=True))
        assert reached is not None
        self._at[chapter] = reached

    def domain(self, scope: Scope) -> totals.Tally:
        """What the domain says of the events in a scope."""
        events: dict[tuple[str, str], list[tuple[str, bytes]]] = {}
        for (database, doc_id), body in self.bodies.items():
            events.setdefault((database, doc_id.split(":")[1]), []).append((doc_id, body))
        known = [(database, evening(docs)) for (database, _), docs in events.items()]
        return totals.tally(one for database, one in known if is_in(database, one, scope))

    def letters(self, first: dt.date | None = None, last: dt.date | None = None) -> dict[str, people.Had]:
        """What everybody had within some days, from the documents."""
        days = {
            (database, doc_id): dt.date.fromisoformat(msgspec.json.decode(body)["starts"][:10])
            for (database, doc_id), body in self.bodies.items()
            if doc_id.startswith("event:")
        }
        given: dict[str, list[tuple[int, dt.date | None]]] = {}
        for (database, doc_id), body in self.bodies.items():
            if doc_id.startswith("sheet:"):
                sheet = msgspec.json.decode(body)
                day = days.get((database, sheet["event"]))
                if (first, last) == (None, None) or (day is not None and (first or day) <= day <= (last or day)):
                    for line in sheet["letters"]:
                        given.setdefault(line["to"], []).append((line["added"], day))
        summed = {
            to: people.Had(
                sum(amount for amount, _ in each), max((day for amount, day in each if amount and day), default=None)
            )
            for to, each in given.items()
        }
        return {to: had for to, had in summed.items() if had.written}


def _latest_first(one: people.Occasion) -> tuple[bool, int, str, str]:
    return one.day is not None, -one.day.toordinal() if one.day else 0, one.event, one.chapter


def _to_each(connection: sqlite3.Connection, first: dt.date | None, last: dt.date | None) -> dict[str, int]:
    names = dict(map(tuple, connection.execute("SELECT number, id FROM prisoner")))
    return {names[number]: amount for number, amount in sums.written_to(connection, first, last).items()}


def is_in(database: str, one: Evening, scope: Scope) -> bool:
    """Whether an event is in a scope; written without any of the code under test."""
    day = one.event.starts.date() if one.event else None
    if scope.chapter is not None and database != f"chapter-{scope.chapter}":
        return False
    if scope.theme is not None and (one.event is None or one.event.theme != scope.theme):
        return False
    if scope.first is None and scope.last is None:
        return True
    return day is not None and (scope.first or day) <= day <= (scope.last or day)


@settings(max_examples=40, deadline=None)
@given(
    nights=st.lists(NIGHTS, max_size=14),
    first=st.none() | DAYS,
    last=st.none() | DAYS,
    theme=st.sampled_from(THEMES),
)
async def test_sums_are_the_domains_tally(
    nights: list[Night],
    first: dt.date | None,
    last: dt.date | None,
    theme: str | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Of any days, chapter and theme, while events change their day, theme and letters, and lose recipients again."""
    written = Written(tmp_path_factory.mktemp("sums") / "projection.sqlite")
    try:
        for number, night in enumerate(nights):
            written.put(night)
            if number % 5 == 0:
                written.tables.roll_up()  # the first time; afterwards every page does it by itself
        written.tables.roll_up()
        scope = Scope(first=first, last=last, theme=theme)
        assert await written.tables.read(sums.totals, scope) == written.domain(scope)
        each = await written.tables.read(sums.by_chapter, scope)
        for slug in CHAPTERS:
            mine = msgspec.structs.replace(scope, chapter=slug)
            assert await written.tables.read(sums.totals, mine) == written.domain(mine)
            assert (each[slug].tally if slug in each else totals.tally([])) == written.domain(mine)
        steps = await written.tables.read(sums.course, Scope(theme=theme), "week")
        for step in steps:
            assert step.sum.tally == written.domain(Scope(first=step.first, last=step.last, theme=theme))
        whole = await written.tables.read(sums.sum_of, scope)
        assert sets.size(sums.united(each.values())) == whole.tally.recipients
        assert await written.tables.read(people.letters_to, PEOPLE) == written.letters()
        assert await written.tables.read(_to_each, first, last) == {
            to: had.written for to, had in written.letters(first, last).items()
        }
        for to in PEOPLE:
            occasions = await written.tables.read(people.evenings_of, to)
            assert sum(one.written for one in occasions) == written.letters().get(to, people.NOTHING).written
            assert await written.tables.read(people.written_to, to) == sum(one.written for one in occasions)
            assert occasions == sorted(occasions, key=_latest_first)
            pages = [await written.tables.read(people.evenings_of, to, 2, skip) for skip in range(0, len(nights), 2)]
            assert [one for page in pages for one in page] == occasions
            for some in (CHAPTERS[:1], CHAPTERS):
                there = await written.tables.read(people.evenings_in, to, some)
                assert there == [one for one in occasions if one.chapter in some]
    finally:
        written.tables.close()


_ALL_STALE = "INSERT INTO stale SELECT DISTINCT database, COALESCE(day, ''), COALESCE(theme, '') FROM evening"
_ROLLUPS = "SELECT * FROM rollup ORDER BY place, grain, first, theme"


@settings(max_examples=40, deadline=None)
@given(nights=st.lists(NIGHTS, max_size=14))
async def test_sums_kept_with_every_change_are_those_made_at_once(
    nights: list[Night], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Row for row and byte for byte: what a first reading adds up at its end, and what changes leave behind one by one."""
    written = Written(tmp_path_factory.mktemp("sums") / "projection.sqlite")
    try:
        for night in nights:
            written.put(night)
            written.tables.roll_up()
        with written.tables._transaction() as connection:
            kept = connection.execute(_ROLLUPS).fetchall()
            connection.execute("DELETE FROM rollup")
            connection.execute(_ALL_STALE)
        assert written.tables.roll_up() == bool(kept)
        with written.tables._transaction() as connection:
            assert connection.execute(_ROLLUPS).fetchall() == kept
    finally:
        written.tables.close()


@given(first=st.none() | ANY_DAYS, last=st.none() | ANY_DAYS)
def test_a_cover_holds_every_day_once_and_no_other(first: dt.date | None, last: dt.date | None) -> None:
    """In order, without gaps, from the first day to the last, at the very ends of the calendar too."""
    begin, end = first or dt.date.min, last or dt.date.max
    covered = [(low, span(high, grain)[1]) for grain, low, high in cover(first, last)]
    if begin > end:
        assert covered == []
        return
    assert covered[0][0] == begin
    assert covered[-1][1] == end
    assert all(one[1].toordinal() + 1 == other[0].toordinal() for one, other in pairwise(covered))
    assert len(covered) <= 9


@given(one=st.sets(st.integers(0, 3000)), other=st.sets(st.integers(0, 3000)))
def test_packed_sets_are_sets(one: set[int], other: set[int]) -> None:
    """Their size, union, intersection, difference and members are those of the sets they pack."""
    packed = sets.pack(one), sets.pack(other)
    assert set(sets.unpack(packed[0])) == one
    assert sets.size(packed[0]) == len(one)
    assert set(sets.unpack(sets.union(packed))) == one | other
    assert set(sets.unpack(sets.common(*packed))) == one & other
    assert set(sets.unpack(sets.difference(*packed))) == one - other
    assert sets.meet(*packed) == bool(one & other)
    with closing(sqlite3.connect(":memory:")) as connection:
        for number in one | other:
            there, values = sets.among("packed", number)
            found = connection.execute(f"SELECT {there} FROM (SELECT ? AS packed)", (*values, packed[0]))
            assert found.fetchone()[0] == (number in one)


AMOUNTS = st.dictionaries(st.integers(0, 3000), st.integers(1, 2**40))


@given(parts=st.lists(AMOUNTS, max_size=5))
def test_packed_amounts_add_up(parts: list[dict[int, int]]) -> None:
    """In both forms, whatever their lengths, and each for itself."""
    summed: dict[int, int] = {}
    for part in parts:
        assert amounts.unpack(amounts.pack(part)) == part
        for number, amount in part.items():
            summed[number] = summed.get(number, 0) + amount
    assert amounts.read(map(amounts.lanes, parts)) == summed


async def test_what_needs_an_eye_is_listed_by_its_reason(tmp_path: Path) -> None:
    """An event nobody closed, and one whose closing contradicts its tally."""
    written = Written(tmp_path / "projection.sqlite")
    try:
        day = dt.date(2026, 1, 29)
        for number, declared in ((1, None), (2, 2), (3, 5)):
            written.put(Night(number, "moscow", day, None, {PEOPLE[0]: 2}, declared))
        listed = {
            matter: [row.declared_written for row in await written.tables.read(queries.list_evenings, Scope(), matter)]
            for matter in ("unclosed", "differing", "disputed")
        }
        assert listed == {"unclosed": [None], "differing": [5], "disputed": []}
        whole = await written.tables.read(sums.sum_of, Scope())
        assert (whole.differing, whole.published_written, whole.declared_written) == (1, 9, 7)
    finally:
        written.tables.close()
