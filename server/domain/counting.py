"""How taps become numbers: sheets, their merge, and the tally of any set of them.

    tap ──► Counter {added, removed} ──► Line or heads of one device's Sheet ──► Σ over devices ──► Tally

- A counter's value is `added − removed`, never below 0, and each sheet is valued by itself before sheets are summed: nobody can
  take back what another device counted.
- A sheet that names one line twice means their sum, as the sum over its lines says.
- Two copies of one sheet merge by the larger `added` and the larger `removed` of each counter. This is a join (commutative,
  associative, idempotent), so neither the order nor the number of deliveries matters, nor do stale revisions.
- Recipients are distinct prisoners with a positive sum over the whole union, hence never summed from parts. Letters to no name
  have no recipient.
"""

from collections.abc import Iterable, Mapping
from functools import reduce

from msgspec import Struct
from msgspec.structs import replace

from server.domain.documents import Counter, LetterKind, Line, Origin, Sheet

LineKey = tuple[str | None, LetterKind, Origin]
"""What makes two lines the same counter: to whom, of which kind, from where."""

_NOTHING = Counter(added=0, removed=0)


class Counted(Struct, frozen=True):
    """What a set of sheets amounts to. `recipients` are the prisoners' ids, so that unions stay possible."""

    heads: int
    letters: int
    cards: int
    handmade: int
    recipients: frozenset[str]

    @property
    def written(self) -> int:
        """Everything put on paper: letters, cards and handmade cards together."""
        return self.letters + self.cards + self.handmade


def value(counter: Counter | Line) -> int:
    """Read a counter: what was added and not taken back, never below 0."""
    return max(0, counter.added - counter.removed)


def counters(sheet: Sheet) -> dict[LineKey, Counter]:
    """Collect the lines of a sheet by what they count; a line named twice is summed."""
    collected: dict[LineKey, Counter] = {}
    for line in sheet.letters:
        key = (line.to, line.kind, line.origin)
        known = collected.get(key, _NOTHING)
        collected[key] = Counter(known.added + line.added, known.removed + line.removed)
    return collected


def merge(one: Sheet, other: Sheet) -> Sheet:
    """Join two copies of one sheet: the larger `added` and the larger `removed` of every counter, lines in a fixed order."""
    mine, theirs = counters(one), counters(other)
    joined = {key: _join(mine.get(key, _NOTHING), theirs.get(key, _NOTHING)) for key in mine.keys() | theirs.keys()}
    return replace(
        one,
        schema=max(one.schema, other.schema),
        heads=_join(one.heads, other.heads),
        letters=[
            Line(to=to, kind=kind, origin=origin, added=counter.added, removed=counter.removed)
            for (to, kind, origin), counter in sorted(joined.items(), key=_line_order)
        ],
    )


def count(sheets: Iterable[Sheet], aliases: Mapping[str, str] = {}) -> Counted:
    """Sum sheets of different devices or events. Copies of one sheet must have been merged before (see `latest`)."""
    return count_to_each(sheets, aliases)[0]


def count_to_each(sheets: Iterable[Sheet], aliases: Mapping[str, str] = {}) -> tuple[Counted, dict[str, int]]:
    """Do the same, and say how many letters each recipient got.

    `aliases` name, for a prisoner whom the register knows under another id too, that id: letters to either are to one person
    (see `doubles`).
    """
    heads = 0
    by_kind: dict[LetterKind, int] = {"letter": 0, "card": 0, "handmade": 0}
    written_to: dict[str, int] = {}
    known = written_to.get
    less: list[Sheet] = []
    # Once through the lines and no more than that for each: sheets are counted by the million.
    for sheet in sheets:
        heads += value(sheet.heads)
        takes_back = False
        for line in sheet.letters:
            if amount := line.added - line.removed:
                by_kind[line.kind] += amount
                if (to := line.to) is not None:
                    written_to[to] = known(to, 0) + amount
                if amount < 0:
                    takes_back = True
        if takes_back:
            less.append(sheet)
    if less:
        _put_right(less, by_kind, written_to)
    if aliases:
        written_to = _of_one_person(written_to, aliases)
    counted = Counted(heads, by_kind["letter"], by_kind["card"], by_kind["handmade"], frozenset(written_to))
    return counted, written_to


def latest(copies: Iterable[Sheet]) -> list[Sheet]:
    """Merge any deliveries of any sheets (copies, repeats, stale ones) into one sheet for each event and device."""
    grouped: dict[tuple[str, str], list[Sheet]] = {}
    for sheet in copies:
        grouped.setdefault((sheet.event, sheet.device), []).append(sheet)
    return [reduce(merge, group) for group in grouped.values()]


def _put_right(sheets: Iterable[Sheet], by_kind: dict[LetterKind, int], written_to: dict[str, int]) -> None:
    """Gives back what sheets took back beyond what they had added: no counter is ever below 0."""
    for sheet in sheets:
        for (to, kind, _), counter in counters(sheet).items():
            missing = max(0, counter.removed - counter.added)
            by_kind[kind] += missing
            if to is not None and missing:
                written_to[to] += missing
    for to in [to for to, amount in written_to.items() if not amount]:
        del written_to[to]


def _of_one_person(written_to: Mapping[str, int], aliases: Mapping[str, str]) -> dict[str, int]:
    summed: dict[str, int] = {}
    for to, amount in written_to.items():
        one = aliases.get(to, to)
        summed[one] = summed.get(one, 0) + amount
    return summed


def _join(one: Counter, other: Counter) -> Counter:
    return Counter(max(one.added, other.added), max(one.removed, other.removed))


def _line_order(item: tuple[LineKey, Counter]) -> tuple[str, str, str]:
    (to, kind, origin), _ = item
    return (to or "", kind, origin)
