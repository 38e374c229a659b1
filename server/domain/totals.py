"""What is said in public about events: the tally, what was declared, what was sent, and what is still missing.

    sheets ────► tally ─────────────┐
    closings ──► the standing one ──┴──► published figures (both shown where they differ)
    dispatches ► sent

Written is not sent, and a declared number never overwrites a tallied one.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import get_args

from msgspec import Struct

from server.domain.counting import Counted, count
from server.domain.documents import Basis, Closing, Declarable, Dispatch, Event, Sheet


class Evening(Struct, frozen=True):
    """All that is known of one event. `event` is None while only its counts have arrived; `closings` go by their ids."""

    event: Event | None
    sheets: Sequence[Sheet] = ()
    closings: Mapping[str, Closing] = {}
    dispatches: Sequence[Dispatch] = ()


class Declared(Struct, frozen=True):
    """Declared numbers of the standing closings, summed; null where nobody declared any.

    `closings` is how many stand. Distinct recipients cannot be summed, so `recipients` is null beyond a single event.
    """

    closings: int = 0
    heads: int | None = None
    letters: int | None = None
    cards: int | None = None
    handmade: int | None = None
    recipients: int | None = None


class Pending(Struct, frozen=True):
    """What the numbers still wait for: events held but not closed, letters written but not sent, events unheard of."""

    events: int = 0
    letters: int = 0
    orphans: int = 0


class Tally(Struct, frozen=True):
    """The totals of any set of events. `written` = letters + cards + handmade; `recipients` are distinct over the union."""

    events: int
    heads: int
    letters: int
    cards: int
    handmade: int
    written: int
    recipients: int
    sent: int
    declared: Declared
    pending: Pending


class Figure(Struct, frozen=True):
    """One number as published, beside the number tallied. `at_least` marks a declared lower bound ("more than a hundred")."""

    published: int
    tallied: int
    declared: int | None = None
    at_least: bool = False

    @property
    def differs(self) -> bool:
        """Whether what was declared is not what was tallied, so that both must be shown."""
        return self.declared is not None and self.declared != self.tallied

    @property
    def contradicts(self) -> bool:
        """Whether the two can't both be right: a lower bound agrees with every tally that reaches it."""
        return self.differs and not (self.at_least and self.published <= self.tallied)


_DECLARABLE: tuple[Declarable, ...] = get_args(Declarable)

Figures = Mapping[Declarable, Figure]
"""The numbers of one event that can be declared."""


class Published(Struct, frozen=True):
    """The figures of one event. Without a closing they are the tally, and `provisional`. `contested` are rival closings."""

    provisional: bool
    basis: Basis | None
    heads: Figure
    letters: Figure
    cards: Figure
    handmade: Figure
    written: Figure
    recipients: Figure
    note: str = ""
    contested: tuple[str, ...] = ()

    @property
    def figures(self) -> Figures:
        """What of it can be declared, by name."""
        return {name: getattr(self, name) for name in _DECLARABLE}


def tally(evenings: Iterable[Evening]) -> Tally:
    """Add events up."""
    known = list(evenings)
    whole = count(sheet for evening in known for sheet in evening.sheets)
    stands = [standing(evening.closings) for evening in known]
    return Tally(
        events=sum(is_held(evening) for evening in known),
        heads=whole.heads,
        letters=whole.letters,
        cards=whole.cards,
        handmade=whole.handmade,
        written=whole.written,
        recipients=len(whole.recipients),
        sent=sum(sent(evening) for evening in known),
        declared=declare([evening.closings[name] for evening, name in zip(known, stands, strict=True) if name]),
        pending=Pending(
            events=sum(is_held(evening) and not name for evening, name in zip(known, stands, strict=True)),
            letters=sum(max(0, count(evening.sheets).written - sent(evening)) for evening in known),
            orphans=sum(evening.event is None for evening in known),
        ),
    )


def sent(evening: Evening) -> int:
    """Sum what was handed to the post or to an e-letter service."""
    return sum(dispatch.count for dispatch in evening.dispatches)


def is_held(evening: Evening) -> bool:
    """Tell whether an event took place as far as we know: something was counted or declared, or it was opened or closed."""
    recorded = bool(evening.sheets or evening.closings or evening.dispatches)
    return recorded or (evening.event is not None and evening.event.status in ("open", "closed"))


def standing(closings: Mapping[str, Closing]) -> str | None:
    """Name the closing that stands: the first one, or what replaced it, step by step.

    A closing is replaced only by one that names it. Of several that could stand (two coordinators closed at once) the smallest
    id does: the same everywhere, whatever arrived first. One whose predecessor has not arrived counts as a first one.
    """
    if len(closings) < 2:
        return next(iter(closings), None)
    successors: dict[str, list[str]] = {}
    for name, closing in closings.items():
        if closing.replaces is not None:
            successors.setdefault(closing.replaces, []).append(name)
    firsts = [name for name, closing in closings.items() if closing.replaces not in closings]
    current = None
    following = min(firsts or closings, default=None)
    # Only closings that replace each other in a circle, which nobody honest writes, come round again.
    seen: set[str] = set()
    while following is not None and following not in seen:
        current = following
        seen.add(current)
        following = min(successors.get(current, ()), default=None)
    return current


def contested(closings: Mapping[str, Closing]) -> tuple[str, ...]:
    """Name the closings nobody replaced or settled although another one stands."""
    if len(closings) < 2:
        return ()
    replaced = {closing.replaces for closing in closings.values()}
    settled = {name for closing in closings.values() for name in closing.settles}
    return tuple(sorted(closings.keys() - replaced - settled - {standing(closings)}))


def declare(closings: Sequence[Closing]) -> Declared:
    """Sum what standing closings declared."""
    if not closings:
        return Declared()
    return Declared(
        closings=len(closings),
        heads=_sum_of_known(closing.heads for closing in closings),
        letters=_sum_of_known(closing.letters for closing in closings),
        cards=_sum_of_known(closing.cards for closing in closings),
        handmade=_sum_of_known(closing.handmade for closing in closings),
        recipients=closings[0].recipients if len(closings) == 1 else None,
    )


def bounds(closings: Iterable[Closing]) -> tuple[Declarable, ...]:
    """Name the numbers of standing closings that one of them declares as a lower bound: so their sum is one too."""
    named = {name for closing in closings for name in closing.at_least if getattr(closing, name) is not None}
    return tuple(name for name in _DECLARABLE if name in named)


def publish(evening: Evening, aliases: Mapping[str, str] = {}) -> Published:
    """Say the numbers of one event: as closed, else as tallied and provisional. Of `aliases` see `count_to_each`."""
    name = standing(evening.closings)
    return publish_counted(
        count(evening.sheets, aliases), evening.closings[name] if name else None, contested(evening.closings)
    )


def publish_counted(counted: Counted, closing: Closing | None, rivals: tuple[str, ...] = ()) -> Published:
    """Do the same from a tally already made and the closing that stands."""
    letters = _declared(counted.letters, closing, "letters")
    cards = _declared(counted.cards, closing, "cards")
    handmade = _declared(counted.handmade, closing, "handmade")
    return Published(
        provisional=closing is None,
        basis=closing.basis if closing else None,
        heads=_declared(counted.heads, closing, "heads"),
        letters=letters,
        cards=cards,
        handmade=handmade,
        written=_whole([letters, cards, handmade]),
        recipients=_declared(len(counted.recipients), closing, "recipients"),
        note=closing.note if closing else "",
        contested=rivals,
    )


def disagrees(published: Published) -> bool:
    """Tell whether a number of an event was declared that its tally contradicts, so that somebody should look."""
    if published.provisional:
        return False
    return any(one.contradicts for one in published.figures.values())


def figure(tallied: int, declared: int | None, *, at_least: bool) -> Figure:
    """Put the two sides of a number together; `at_least` says of the declared one that it is a lower bound."""
    if declared is None:
        return Figure(tallied, tallied)
    return Figure(declared, tallied, declared, at_least=at_least)


def written(figures: Figures) -> Figure:
    """Say everything put on paper as one figure."""
    return _whole([figures["letters"], figures["cards"], figures["handmade"]])


def _declared(tallied: int, closing: Closing | None, name: Declarable) -> Figure:
    return (
        figure(tallied, getattr(closing, name), at_least=name in closing.at_least)
        if closing
        else Figure(tallied, tallied)
    )


def _whole(parts: Sequence[Figure]) -> Figure:
    """Add figures up; the sum is declared when any part is, the others standing as tallied."""
    published = sum(part.published for part in parts)
    is_declared = any(part.declared is not None for part in parts)
    return Figure(
        published,
        sum(part.tallied for part in parts),
        published if is_declared else None,
        at_least=any(part.at_least for part in parts),
    )


def _sum_of_known(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
