"""Conflicts are settled the same way everywhere, and nothing is dropped unseen."""

from itertools import permutations
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from server.domain import counting
from server.domain.documents import Event, Overruled, Sheet
from server.domain.identity import SERVER
from server.domain.merging import Leaf, Merged, merge
from server.domain.validation import validate

EVENT = "01KG57Q800904F111BE4JDPJPJ"
PHONE = "01KF0E44M06KSTJAB3DD6CQ8PB"
PRISONER = "prisoner:01KFDA3QM015X6QE5KPE41W59R"
EARLY, LATE = "2026-01-20T10:00:00+03:00", "2026-01-20T08:00:00Z"


def _event(**fields: Any) -> dict[str, Any]:
    common = {"_id": f"event:{EVENT}", "type": "event", "schema": 1, "chapter": "moscow", "kind": "letters"}
    return (
        common | {"title": "Вечер", "starts": "2026-01-29T19:00:00+03:00", "place": "Москва", "status": "open"} | fields
    )


def _sheet(added: int, removed: int, **fields: Any) -> dict[str, Any]:
    line = {"to": PRISONER, "kind": "letter", "origin": "here", "added": added, "removed": removed}
    common = {"type": "sheet", "schema": 1, "event": f"event:{EVENT}", "device": PHONE, "chapter": "moscow"}
    return common | {"heads": {"added": removed, "removed": 0}, "letters": [line]} | fields


def _merge(*leaves: Leaf, ancestor: dict[str, Any] | None = None) -> Merged:
    """Merge in every order, and see that the order does not matter."""
    outcomes = [merge(order, ancestor) for order in permutations(leaves)]
    assert all(msgspec.json.encode(outcome) == msgspec.json.encode(outcomes[0]) for outcome in outcomes)
    assert outcomes[0] is not None
    return outcomes[0]


def test_edits_of_different_fields_are_both_kept() -> None:
    """One coordinator moves the evening, another renames it: both were right, and there is nothing to look at."""
    merged = _merge(
        Leaf("2-a", _event(title="Вечер писем")), Leaf("2-b", _event(place="Тверская, 1")), ancestor=_event()
    )
    assert (merged.body["title"], merged.body["place"]) == ("Вечер писем", "Тверская, 1")
    assert merged.overruled == ()
    assert "overruled" not in merged.body


def test_the_later_edit_of_a_field_wins_and_the_other_is_queued() -> None:
    """Later by the moments in `edited`, compared as moments and not as texts; the losing value stays visible."""
    earlier = Leaf("3-f", _event(title="Раньше", edited={"title": EARLY}))
    later = Leaf("2-a", _event(title="Позже", edited={"title": LATE}))
    merged = _merge(earlier, later, ancestor=_event())
    assert merged.body["title"] == "Позже"
    assert merged.overruled == (Overruled("title", '"Раньше"', "3-f"),)
    assert merged.body["overruled"] == [{"field": "title", "value": '"Раньше"', "rev": "3-f"}]
    assert merged.body["edited"] == {"title": LATE}


def test_without_times_the_winning_revision_wins_the_field() -> None:
    """The longer history, then the greater hash: CouchDB's own order. Generation 10 comes after 9."""
    merged = _merge(
        Leaf("9-f", _event(title="девять")), Leaf("10-a", _event(title="десять")), Leaf("10-b", _event(title="б"))
    )
    assert (merged.parent, merged.obsolete) == ("10-b", ("10-a", "9-f"))
    assert merged.body["title"] == "б"
    assert {(lost.value, lost.rev) for lost in merged.overruled} == {('"десять"', "10-a"), ('"девять"', "9-f")}


def test_removing_a_field_is_an_edit() -> None:
    """A field taken away on one side and untouched on the other is gone; against a later edit the removal is named as lost."""
    without = {name: value for name, value in _event().items() if name != "place"}
    assert "place" not in _merge(Leaf("2-a", without), Leaf("2-b", _event()), ancestor=_event()).body
    contested = _merge(Leaf("2-a", without), Leaf("2-b", _event(place="Тверь")), ancestor=_event())
    assert contested.body["place"] == "Тверь"
    assert contested.overruled == (Overruled("place", None, "2-a"),)


def test_unknown_fields_are_merged_like_the_others() -> None:
    """A newer client's fields survive a merge by an older server, and 1 is not true."""
    merged = _merge(Leaf("2-a", _event(schema=3, ramp=True)), Leaf("2-b", _event(ramp=1, pets={"dogs": "yes"})))
    assert (merged.body["schema"], merged.body["pets"]) == (3, {"dogs": "yes"})
    assert merged.overruled == (Overruled("ramp", "true", "2-a"),)


def test_values_queued_before_stay_queued_until_someone_dismisses_them() -> None:
    """A merge adds to the queue; an entry one side has removed since the ancestor is not brought back."""
    old, seen = ({"field": "title", "value": f'"{word}"', "rev": "2-0"} for word in ("старое", "виденное"))
    merged = _merge(
        Leaf("3-a", _event(place="А", overruled=[old])),
        Leaf("3-b", _event(place="Б", overruled=[old, seen])),
        ancestor=_event(overruled=[old, seen]),
    )
    assert merged.body["overruled"] == [{"field": "place", "value": '"А"', "rev": "3-a"}, old]


def test_copies_of_a_sheet_keep_every_tap_and_every_unknown_field() -> None:
    """The larger of each number, whichever revision wins; what other clients added stays on sheet and lines."""
    low = Leaf("2-a", _sheet(3, 0, mood="tea"))
    high = Leaf("5-b", _sheet(1, 1))
    high.body["letters"][0]["paper"] = "recycled"
    merged = _merge(low, high)
    assert (merged.parent, merged.obsolete) == ("5-b", ("2-a",))
    assert merged.body["letters"] == [high.body["letters"][0] | {"added": 3, "removed": 1}]
    assert (merged.body["heads"], merged.body["mood"]) == ({"added": 1, "removed": 0}, "tea")


def test_a_sheet_of_paper_typed_in_twice_stays_one_sheet_of_paper() -> None:
    """Two phones without a network each typed it in: the counts are those of one, and it is still known as paper."""
    merged = _merge(
        Leaf("1-a", _sheet(4, 0, paper={"by": PHONE})), Leaf("1-b", _sheet(4, 0, paper={"by": PHONE[:-1] + "C"}))
    )
    assert (merged.body["letters"][0]["added"], merged.body["letters"][0]["removed"]) == (4, 0)
    assert merged.body["paper"] == {"by": PHONE[:-1] + "C"}


def test_closings_and_single_leaves_are_left_alone() -> None:
    """A closing is immutable, and one leaf is no conflict."""
    closing = {"type": "closing", "heads": 1}
    assert merge([Leaf("1-a", closing), Leaf("1-b", closing | {"heads": 2})]) is None
    assert merge([Leaf("1-a", _event())]) is None


Words = st.sampled_from(["а", "б", "в"])
Times = st.sampled_from([EARLY, LATE, "2026-01-21T10:00:00+03:00"])
Bodies = st.builds(
    lambda fields, times: _event(**fields, edited=times),
    st.fixed_dictionaries({}, optional={"title": Words, "place": Words, "extra": Words}),
    st.dictionaries(st.sampled_from(["title", "place"]), Times, max_size=2),
)
Revisions = st.lists(
    st.sampled_from([f"{generation}-{digest}" for generation in (2, 3) for digest in "abc"]),
    min_size=2,
    max_size=3,
    unique=True,
)


@given(revs=Revisions, bodies=st.lists(Bodies, min_size=3, max_size=3), ancestor=st.none() | Bodies)
def test_any_merge_is_the_same_in_every_order_writable_and_loses_nothing(
    revs: list[str], bodies: list[dict[str, Any]], ancestor: dict[str, Any] | None
) -> None:
    """Every value of every leaf is in the result, in the queue, or was the ancestor's; and the result passes validation."""
    leaves = [Leaf(rev, body) for rev, body in zip(revs, bodies, strict=False)]
    merged = _merge(*leaves, ancestor=ancestor)
    validate(merged.body | {"_id": f"event:{EVENT}"}, None, SERVER, "chapter-moscow")
    queued = {(entry.field, entry.value) for entry in msgspec.convert(merged.body, Event).overruled}
    for leaf in leaves:
        for field in ("title", "place", "extra"):
            value = leaf.body.get(field)
            kept = merged.body.get(field) == value or (ancestor or {}).get(field) == value
            assert kept or value is None or (field, msgspec.json.encode(value).decode()) in queued


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=3))
def test_merged_sheets_are_what_counting_says(numbers: list[tuple[int, int]]) -> None:
    """Merging documents and merging counts are one rule."""
    leaves = [Leaf(f"{generation}-a", _sheet(*pair)) for generation, pair in enumerate(numbers, 1)]
    merged = _merge(*leaves)
    (expected,) = counting.latest(msgspec.convert(leaf.body, Sheet) for leaf in leaves)
    assert msgspec.convert(merged.body, Sheet) == expected
