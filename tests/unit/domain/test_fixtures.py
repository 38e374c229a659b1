"""The demo says what was reported, and the season what its ledger says."""

from itertools import chain
from typing import Any

import msgspec
import pytest

from fixtures.demo import demo_documents
from fixtures.ledger import Ledger
from fixtures.season import Season, evenings, prisoner_ids, register
from server.domain.counting import count
from server.domain.documents import Closing, Dispatch, Event, Prisoner, Sheet
from server.domain.identity import SERVER
from server.domain.reading import read
from server.domain.totals import Evening, Tally, publish, tally
from server.domain.validation import validate

DEMO = demo_documents()
SMALL = Season(
    seed=7, chapters=2, months=1, devices_per_event=3, heads_per_event=20, letters_per_event=40, prisoners=15
)


def _evening(database: str, documents: list[dict[str, Any]]) -> Evening:
    read_documents = {document["_id"]: read(document, database) for document in documents}
    of_kind = list(read_documents.values())
    return Evening(
        next(document for document in of_kind if isinstance(document, Event)),
        [document for document in of_kind if isinstance(document, Sheet)],
        {name: document for name, document in read_documents.items() if isinstance(document, Closing)},
        [document for document in of_kind if isinstance(document, Dispatch)],
    )


def _totals(*databases: str) -> Tally:
    return tally(_evening(database, DEMO[database]) for database in databases)


def test_the_demo_obeys_the_rules() -> None:
    """Every document has a valid shape and an id of its own."""
    for database, documents in DEMO.items():
        assert len({document["_id"] for document in documents}) == len(documents)
        for document in documents:
            validate(document, None, SERVER, database)


def test_moscow_wrote_337_letters_and_postcards_to_77_prisoners() -> None:
    """As reported for 29 January 2026, cards and handmade cards among them; 104 heads, declared as more than 100."""
    totals = _totals("chapter-moscow")
    assert (totals.written, totals.recipients, totals.heads) == (337, 77, 104)
    assert totals.cards > 0
    assert totals.handmade > 0
    evening = _evening("chapter-moscow", DEMO["chapter-moscow"])
    assert len(evening.sheets) > 3
    assert evening.event is not None
    assert (evening.event.theme, evening.event.starts.date().isoformat()) == ("russian-science-day", "2026-01-29")
    heads = publish(evening).heads
    assert (heads.published, heads.at_least, heads.tallied) == (100, True, 104)


def test_st_petersburg_wrote_and_sent_212() -> None:
    """As ours for "more than 200" of 28 January 2026; no heads and no names were reported, so there are none."""
    totals = _totals("chapter-st-petersburg")
    assert (totals.written, totals.sent, totals.heads, totals.recipients) == (212, 212, 0, 0)


def test_both_evenings_make_549() -> None:
    """The national sum of the demo."""
    totals = _totals("chapter-moscow", "chapter-st-petersburg")
    assert (totals.events, totals.written, totals.recipients) == (2, 549, 77)


def test_no_letter_is_attributed_to_a_real_person() -> None:
    """Six real people stand in the register with their source; everybody who has letters is marked as invented."""
    people = {
        document["_id"]: msgspec.convert(document, Prisoner)
        for document in DEMO["register"]
        if document["type"] == "prisoner"
    }
    real = {name for name, person in people.items() if not person.invented}
    sheets = _evening("chapter-moscow", DEMO["chapter-moscow"]).sheets
    recipients = {line.to for sheet in sheets for line in sheet.letters}
    assert len(real) == 6
    assert all("Yabloko" in source for name in real for source in people[name].sources)
    assert recipients == people.keys() - real


def test_a_season_is_the_same_for_the_same_parameters() -> None:
    """Byte for byte, and another for another seed."""
    first, second = ([msgspec.json.encode(evening) for evening in evenings(SMALL)] for _ in range(2))
    assert first == second
    other = msgspec.structs.replace(SMALL, seed=8)
    assert [msgspec.json.encode(evening) for evening in evenings(other)] != first


def test_a_season_obeys_the_rules_and_follows_its_parameters() -> None:
    """Its documents are valid, its chapters and months as many as asked for, its recipients in the register."""
    made = list(evenings(SMALL))
    people = {document["_id"] for document in register(SMALL) if document["type"] == "prisoner"}
    assert len(made) == 2 * 2
    assert {evening.database for evening in made} == {"chapter-region-1", "chapter-region-2"}
    assert people == set(prisoner_ids(SMALL))
    assert len(people) == 15
    assert {tap.to for evening in made for tap in evening.taps} <= people | {None}
    for document in register(SMALL):
        validate(document, None, SERVER, "register")
    for evening in made:
        for document in evening.documents:
            validate(document, None, SERVER, evening.database)


@pytest.mark.parametrize("takebacks", [0.0, 0.5])
def test_the_documents_of_a_season_count_what_its_taps_count(takebacks: float) -> None:
    """The sheets' totals equal the ledger's, nationally and for each event, even when half of all taps are taken back."""
    made = list(evenings(msgspec.structs.replace(SMALL, takebacks=takebacks)))
    ledger = Ledger(chain.from_iterable(evening.taps for evening in made))
    sheets = [
        msgspec.convert(document, Sheet)
        for evening in made
        for document in evening.documents
        if document["type"] == "sheet"
    ]
    for event in (None, *(evening.documents[0]["_id"] for evening in made)):
        counted = count(sheet for sheet in sheets if event in (None, sheet.event))
        numbers = msgspec.to_builtins(counted) | {"written": counted.written, "recipients": len(counted.recipients)}
        assert numbers == ledger.totals(event=event)
