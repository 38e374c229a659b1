"""Whatever happens on the way, sheets say what the taps said."""

import copy
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.ledger import Ledger, Tap, What
from fixtures.season import sheets_of
from server.domain.counting import count, latest, merge, value
from server.domain.documents import Counter, Sheet
from server.domain.identifiers import event_id, new_ulid, prisoner_id


def _ulids(first: int, amount: int) -> list[str]:
    return [new_ulid(0, number.to_bytes(10, "big")) for number in range(first, first + amount)]


EVENTS = {event_id(ulid): chapter for ulid, chapter in zip(_ulids(1, 3), ("moscow", "moscow", "pskov"), strict=True)}
DEVICES = _ulids(10, 4)
PRISONERS = [None, *map(prisoner_id, _ulids(20, 3))]

Touches = st.builds(
    Tap,
    chapter=st.just(""),
    event=st.sampled_from(sorted(EVENTS)),
    device=st.sampled_from(DEVICES),
    what=st.sampled_from(("heads", "letter", "card", "handmade")),
    change=st.sampled_from((1, 1, -1)),
    to=st.sampled_from(PRISONERS),
    origin=st.sampled_from(("here", "brought")),
)


@st.composite
def evenings_of_taps(draw: st.DrawFn) -> list[Tap]:
    """Any sequence of touches, any partition of it over devices and events; a −1 on a counter at nothing is no tap."""
    amounts: dict[Tap, int] = {}
    taps: list[Tap] = []
    for touch in draw(st.lists(Touches, max_size=60)):
        tap = touch._replace(chapter=EVENTS[touch.event])
        if tap.what == "heads":
            tap = tap._replace(to=None, origin="here")
        counter = tap._replace(change=1)
        if tap.change > 0 or amounts.get(counter, 0) > 0:
            amounts[counter] = amounts.get(counter, 0) + tap.change
            taps.append(tap)
    return taps


def _revisions(taps: list[Tap]) -> list[Sheet]:
    """Every state every sheet was ever in: what a network may deliver, late or again."""
    states: list[dict[str, Any]] = []
    for length in range(1, len(taps) + 1):
        last = taps[length - 1]
        changed = [sheet for sheet in sheets_of(taps[:length]) if (sheet["event"], sheet["device"]) == last[1:3]]
        states.extend(copy.deepcopy(changed))
    return msgspec.convert(states, list[Sheet])


def _numbers(sheets: list[Sheet]) -> dict[str, int]:
    counted = count(sheets)
    plain: dict[str, int] = msgspec.to_builtins(counted)
    return plain | {"written": counted.written, "recipients": len(counted.recipients)}


@given(data=st.data(), taps=evenings_of_taps())
def test_any_delivery_of_any_partition_gives_the_ledgers_totals(data: st.DataObject, taps: list[Tap]) -> None:
    """Sheets delivered in any order, any number of times, stale revisions among them, equal a plain ledger at every level."""
    final = msgspec.convert(sheets_of(taps), list[Sheet])
    stale = data.draw(st.lists(st.sampled_from(_revisions(taps)), max_size=20)) if taps else []
    delivered = data.draw(st.permutations(final + stale + final[:3]))
    sheets = latest(delivered)
    ledger = Ledger(taps)
    assert _numbers(sheets) == ledger.totals()
    for chapter in set(EVENTS.values()):
        assert _numbers([sheet for sheet in sheets if sheet.chapter == chapter]) == ledger.totals(chapter)
    for event in EVENTS:
        assert _numbers([sheet for sheet in sheets if sheet.event == event]) == ledger.totals(event=event)


Counters = st.builds(Counter, added=st.integers(0, 9), removed=st.integers(0, 9))
Lines = st.fixed_dictionaries(
    {
        "to": st.sampled_from(PRISONERS),
        "kind": st.sampled_from(("letter", "card", "handmade")),
        "added": st.integers(0, 9),
        "removed": st.integers(0, 9),
    },
    optional={"origin": st.sampled_from(("here", "brought", "relayed"))},
)


@st.composite
def copies(draw: st.DrawFn) -> Sheet:
    """Any copy of one sheet, lines named twice included."""
    (sheet,) = sheets_of([Tap("moscow", next(iter(EVENTS)), DEVICES[0], "heads", 1)])
    sheet |= {"heads": msgspec.to_builtins(draw(Counters)), "letters": draw(st.lists(Lines, max_size=6))}
    return msgspec.convert(sheet, Sheet)


@given(copies(), copies())
def test_merging_is_commutative(one: Sheet, other: Sheet) -> None:
    """Two servers that meet the same two copies from different sides hold the same sheet."""
    assert merge(one, other) == merge(other, one)


@given(copies(), copies(), copies())
def test_merging_is_associative(one: Sheet, other: Sheet, third: Sheet) -> None:
    """Three copies give one sheet, whichever two met first."""
    assert merge(merge(one, other), third) == merge(one, merge(other, third))


@given(copies(), copies())
def test_merging_is_idempotent_and_absorbs(one: Sheet, other: Sheet) -> None:
    """A copy that comes again changes nothing, before or after a merge."""
    joined = merge(one, other)
    assert merge(joined, joined) == joined
    assert merge(joined, other) == joined
    assert _numbers([merge(one, one)]) == _numbers([one])


@given(taps=evenings_of_taps())
def test_counters_of_one_device_only_grow(taps: list[Tap]) -> None:
    """A later revision of a sheet absorbs every earlier one, so that a late delivery cannot undo a tap."""
    by_sheet: dict[tuple[str, str], list[Sheet]] = {}
    for sheet in _revisions(taps):
        by_sheet.setdefault((sheet.event, sheet.device), []).append(sheet)
    for revisions in by_sheet.values():
        for earlier, later in pairwise(revisions):
            assert merge(earlier, later) == merge(later, later)


@pytest.mark.parametrize(("added", "removed", "expected"), [(4, 1, 3), (2, 2, 0), (1, 5, 0), (0, 0, 0)])
def test_the_value_of_a_counter_is_never_below_nothing(added: int, removed: int, expected: int) -> None:
    """What was never added cannot be taken back."""
    assert value(Counter(added, removed)) == expected


def test_different_sheets_are_not_merged_into_each_other() -> None:
    """`latest` keeps one sheet for each device and event."""
    whats: tuple[What, ...] = ("heads", "letter")
    taps = [
        Tap(chapter, event, device, what, 1)
        for event, chapter in EVENTS.items()
        for device in DEVICES
        for what in whats
    ]
    assert len(latest(msgspec.convert(sheets_of(taps) * 2, list[Sheet]))) == len(EVENTS) * len(DEVICES)
