"""Which numbers may be published: none that is small, and none from which a small one could be worked out.

    evenings of a chapter, in order:   31 │ 3   40 │ 12 │ 5   2        one figure (heads, or written)
    blocks:                           [31] [ 3 + 40] [12] (5 + 2 wait)
    published:                         31      43     12   nothing

The evenings are cut into disjoint *blocks* whose sum reaches the threshold, and every published number, of whatever place and
time, is a sum of whole blocks. So all that the published numbers together can tell are the blocks' sums.

- A block ends with the evening that brings it to the threshold. The ones before it came to less than that together, so each of
  them may be anything from 0 to THRESHOLD − 1, and the last one anything the rest leaves: as many values as the threshold.
- A block stays as it was cut. Its number changes only by a step of the threshold or more (`step`), so two days' publications
  differ by nothing smaller either.
- Each figure is cut by itself; no number is published that adds two figures up, and no part of one (kinds of letters).
- How many different prisoners were written to is said of the whole country only, and only where many letters were not the first
  to somebody (`recipients_beside`): a union minus the other places' letters would be what is left of one place.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

THRESHOLD = 8
"""The smallest number of people or letters that is said in public."""
PATIENCE = dt.timedelta(days=14)
"""How long an evening without a closing is waited for: until then its numbers may well grow."""


class Amount(Struct, frozen=True):
    """What one evening adds to a figure. `at_least` marks a lower bound ("more than a hundred")."""

    day: dt.date
    count: int
    at_least: bool = False


class Block(Struct, frozen=True):
    """Evenings (by their ids) that are only published together, under the day of the last one.

    `count` is what is said of them: None after they turned out to be too few.
    """

    events: tuple[str, ...]
    day: dt.date
    count: int | None
    at_least: bool = False


def is_ripe(day: dt.date, *, closed: bool, today: dt.date) -> bool:
    """Tell whether an evening's numbers are ready: it is over and closed, or nobody closed it for long."""
    return day <= today and (closed or day + PATIENCE <= today)


def step(said: int | None, actual: int) -> int | None:
    """What is said of a number that is now `actual`: what was said before, unless it moved by the threshold or more.

    Nothing is said of a small one. Whatever is said, or is no longer said, leaves `actual` as many values as the threshold.
    """
    if actual < THRESHOLD:
        return None
    return actual if said is None or abs(actual - said) >= THRESHOLD else said


def recipients_beside(recipients: int | None, written: int | None) -> int | None:
    """How many prisoners were written to, where that may be said beside all that was written; None where not.

    Evenings have at most as many recipients as letters, and at least as many as all have beyond the letters of the others. With
    as many letters to spare as the threshold, that leaves any choice of evenings more values than the threshold.
    """
    if recipients is None or written is None or written - recipients < THRESHOLD:
        return None
    return recipients


def advance(blocks: Sequence[Block], amounts: Mapping[str, Amount], ripe: Iterable[str]) -> tuple[Block, ...]:
    """The next publication of one figure of one chapter, from the one before it and the amounts (by event) as they are now.

    Evenings in no block yet join new ones when they are ripe. What has gone since it was published counts as 0.
    """
    kept = [_again(block, amounts) for block in blocks]
    taken = {event for block in blocks for event in block.events}
    waiting = sorted(set(ripe) - taken, key=lambda event: (amounts[event].day, event))
    return (*kept, *_cut(waiting, amounts))


def _again(block: Block, amounts: Mapping[str, Amount]) -> Block:
    known = [amounts[event] for event in block.events if event in amounts]
    count = step(block.count, sum(amount.count for amount in known))
    if count == block.count:
        return block
    return replace(block, count=count, at_least=any(amount.at_least for amount in known))


def _cut(events: Sequence[str], amounts: Mapping[str, Amount]) -> Iterable[Block]:
    """New blocks of evenings in their order; the last ones wait when they come to too little."""
    gathered: list[str] = []
    count = 0
    for event in events:
        gathered.append(event)
        count += amounts[event].count
        if count >= THRESHOLD:
            at_least = any(amounts[one].at_least for one in gathered)
            yield Block(tuple(gathered), amounts[event].day, count, at_least)
            gathered, count = [], 0
