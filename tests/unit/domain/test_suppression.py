"""The rule of publication, attacked: what can be worked out from all published numbers, over every level and every day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from server.domain.suppression import THRESHOLD, Amount, Block, advance, is_ripe, recipients_beside, step

DAY = dt.date(2026, 1, 1)


class Evening(Struct, frozen=True):
    """One evening as it came to be known: its day, when it was ready to be published, and its number on each publication."""

    chapter: str
    day: dt.date
    ready: int
    counts: tuple[int, ...]


History = Mapping[str, Evening]


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Up to three chapters, up to six evenings in each, over five publications; small numbers are common."""
    number = st.one_of(st.integers(0, 9), st.integers(0, 40))
    known: dict[str, Evening] = {}
    for chapter in ("a", "b", "c")[: draw(st.integers(1, 3))]:
        for index in range(draw(st.integers(1, 6))):
            known[f"{chapter}{index}"] = Evening(
                chapter,
                DAY + dt.timedelta(days=draw(st.integers(0, 400))),
                draw(st.integers(0, 4)),
                tuple(draw(st.lists(number, min_size=5, max_size=5))),
            )
    return known


def publish(history: History) -> list[dict[str, tuple[Block, ...]]]:
    """The blocks of every chapter after each publication."""
    chapters = sorted({evening.chapter for evening in history.values()})
    said: dict[str, tuple[Block, ...]] = dict.fromkeys(chapters, ())
    days = []
    for now in range(5):
        for chapter in chapters:
            mine = {name: one for name, one in history.items() if one.chapter == chapter}
            amounts = {name: Amount(one.day, one.counts[now]) for name, one in mine.items()}
            said[chapter] = advance(said[chapter], amounts, [name for name, one in mine.items() if one.ready <= now])
        days.append(dict(said))
    return days


@settings(max_examples=400)
@given(histories(), st.data())
def test_who_knows_the_rule_and_saw_every_day_still_cannot_tell_a_small_number(
    history: History, data: st.DataObject
) -> None:
    """For any evening that is not published alone there are as many other histories as the threshold, in each of which it has
    another number, and which would have been published alike on every day."""
    published = publish(history)
    alone = {block.events[0] for blocks in published[-1].values() for block in blocks if len(block.events) == 1}
    hidden = sorted(name for name, one in history.items() if name not in alone and one.ready <= 4)
    if not hidden:
        return
    target = data.draw(st.sampled_from(hidden))
    numbers = set()
    for value in range(THRESHOLD):
        other = witness(history, published, target, value)
        assert publish(other) == published
        numbers.add(other[target].counts[-1])
    assert len(numbers) == THRESHOLD


def witness(
    history: History, published: Sequence[Mapping[str, tuple[Block, ...]]], target: str, value: int
) -> dict[str, Evening]:
    """Another history with the same publications, in which the target's number differs with `value`."""
    chapter = history[target].chapter
    block = next((one for one in published[-1][chapter] if target in one.events), None)
    members = block.events if block else waiting(history, published, chapter)
    last = members[-1] if block else None
    first = target if target != last else members[0]
    other = dict(history)
    for name in members:
        totals = [said(blocks[chapter], name) for blocks in published]  # nothing was written before it was published
        if name == last:
            counts = tuple(0 if total is None else total - value for total in totals)
        elif name == first:
            counts = tuple(0 if total is None else value for total in totals) if block else (0, 0, 0, 0, value)
        else:
            counts = (0,) * 5
        mine = history[name]
        other[name] = Evening(mine.chapter, mine.day, mine.ready, counts)
    return other


def waiting(history: History, published: Sequence[Mapping[str, tuple[Block, ...]]], chapter: str) -> tuple[str, ...]:
    """The evenings of a chapter that were ready and never published."""
    taken = {event for block in published[-1][chapter] for event in block.events}
    return tuple(sorted(name for name, one in history.items() if one.chapter == chapter and name not in taken))


def said(blocks: Iterable[Block], event: str) -> int | None:
    """What is said of the block an event is in: None before there is one, a number below the threshold when withdrawn."""
    for block in blocks:
        if event in block.events:
            return THRESHOLD - 1 if block.count is None else block.count
    return None


@settings(max_examples=200)
@given(histories())
def test_no_sum_or_difference_of_published_cells_is_a_suppressed_one(history: History) -> None:
    """Elimination over the cells of all levels (country, chapter, month, year, both together, evening) never leaves an evening
    that is not published alone."""
    blocks = [block for mine in publish(history)[-1].values() for block in mine]
    names = sorted(history)
    cells: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0] * len(names))
    for block in blocks:
        chapter, month = history[block.events[0]].chapter, block.day.isoformat()[:7]
        for cell in {(), (chapter,), (month,), (month[:4],), (chapter, month), (chapter, month[:4]), block.events}:
            for event in block.events:
                cells[cell][names.index(event)] += 1
    known = reduced(list(cells.values()))
    alone = {block.events[0] for block in blocks if len(block.events) == 1}
    for event in history.keys() - alone:
        assert not spans(known, [int(name == event) for name in names])


def reduced(rows: Iterable[Sequence[int]]) -> list[list[Fraction]]:
    """The rows in echelon form."""
    basis: list[list[Fraction]] = []
    for row in rows:
        rest = remainder(basis, [Fraction(number) for number in row])
        if any(rest):
            basis.append(rest)
    return basis


def remainder(basis: Sequence[Sequence[Fraction]], row: list[Fraction]) -> list[Fraction]:
    """What is left of a row after the basis has been subtracted as far as it goes."""
    for known in basis:
        pivot = next(index for index, number in enumerate(known) if number)
        factor = row[pivot] / known[pivot]
        row = [one - factor * other for one, other in zip(row, known, strict=True)]
    return row


def spans(basis: Sequence[Sequence[Fraction]], row: Sequence[int]) -> bool:
    """Whether a row is a combination of the basis."""
    return not any(remainder(basis, [Fraction(number) for number in row]))


@given(histories())
def test_every_published_number_is_large_and_moves_in_large_steps(history: History) -> None:
    """No block says less than the threshold, and from one publication to the next none changes by less, nor its evenings."""
    before: dict[str, tuple[Block, ...]] = {}
    for blocks in publish(history):
        for chapter, mine in blocks.items():
            assert all(block.count is None or block.count >= THRESHOLD for block in mine)
            for old, new in zip(before.get(chapter, ()), mine, strict=False):
                assert (old.events, old.day) == (new.events, new.day)
                if old.count is not None and new.count is not None and old.count != new.count:
                    assert abs(old.count - new.count) >= THRESHOLD
        before = blocks


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12))
def test_every_state_of_a_number_leaves_room(numbers: list[int]) -> None:
    """Whatever was said at last, at least as many actual numbers as the threshold would have led to the same words."""
    shown: int | None = None
    for number in numbers:
        before, shown = shown, step(shown, number)
    if shown is not None and shown != numbers[-1]:
        alike = [number for number in range(80) if step(before, number) == shown]
        assert len(alike) >= THRESHOLD
    if shown is None:
        assert [step(before, number) for number in range(THRESHOLD)] == [None] * THRESHOLD


def test_the_blocks_of_an_example() -> None:
    """The example of the module's head: small evenings wait for the next one, the last ones for another day."""
    amounts = {f"e{n}": Amount(DAY + dt.timedelta(days=n), count) for n, count in enumerate((31, 3, 40, 12, 5, 2))}
    blocks = advance((), amounts, amounts)
    assert [(block.events, block.count) for block in blocks] == [(("e0",), 31), (("e1", "e2"), 43), (("e3",), 12)]
    late = {**amounts, "e4": Amount(DAY, 9), "e0": Amount(DAY, 36, at_least=True)}
    assert [block.count for block in advance(blocks, late, late)] == [31, 43, 12, 9]


def test_an_evening_is_ripe_when_closed_or_long_past() -> None:
    """Never before its day, closed or not; without a closing after two weeks."""
    today = DAY + dt.timedelta(days=20)
    assert not is_ripe(today + dt.timedelta(days=1), closed=True, today=today)
    assert is_ripe(today, closed=True, today=today)
    assert not is_ripe(today - dt.timedelta(days=13), closed=False, today=today)
    assert is_ripe(today - dt.timedelta(days=14), closed=False, today=today)


@given(st.lists(st.lists(st.integers(0, 30), max_size=25), min_size=1, max_size=6), st.data())
def test_recipients_leave_any_choice_of_evenings_more_values_than_the_threshold(
    evenings: list[list[int]], data: st.DataObject
) -> None:
    """Even who knows the letters of each evening beside the recipients of all can't tell those of a part of the evenings."""
    written = [len(letters) for letters in evenings]
    said = recipients_beside(step(None, len({to for letters in evenings for to in letters})), sum(written))
    if said is None:
        return
    chosen = data.draw(st.sets(st.integers(0, len(evenings) - 1), min_size=1))
    theirs = sum(written[index] for index in chosen)
    others = sum(written) - theirs
    assert min(theirs, said) - max(0, said - others) >= min(THRESHOLD, theirs, others)
