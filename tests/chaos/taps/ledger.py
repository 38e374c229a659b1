"""What was really tapped, written down beside the phones. Shares no code with the server: it is what the server is held to.

tap ──► Copy (one store of one device: what it added and took back) ──► a device's sheet: the greater of its copies
    ──► valued line by line, never below nothing ──► summed
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["added", "removed"]
What = tuple[str | None, str, str] | Literal["heads"]
"""Whose letter, of which kind, from where; or a head."""

_COLUMNS = {"letter": "letters", "card": "cards", "handmade": "handmade"}


@dataclass
class Copy:
    """The sheets in one store: for each event and counter what was added and what was taken back."""

    counters: dict[tuple[str, What], list[int]] = field(default_factory=dict)

    def tap(self, event: str, what: What, direction: Direction) -> None:
        counter = self.counters.setdefault((event, what), [0, 0])
        counter[direction == "removed"] += 1

    def value(self, event: str, what: What) -> int:
        added, removed = self.counters.get((event, what), (0, 0))
        return max(0, added - removed)

    def clone(self) -> "Copy":
        return Copy({key: list(counter) for key, counter in self.counters.items()})


class Ledger:
    """All copies of all devices, each device in one chapter; and the events that were opened."""

    def __init__(self) -> None:
        self._copies: dict[tuple[str, str], list[Copy]] = defaultdict(list)
        self.opened: dict[str, str] = {}

    def device(self, chapter: str, device: str) -> Copy:
        """A new device's only copy so far."""
        copy = Copy()
        self._copies[chapter, device].append(copy)
        return copy

    def cloned(self, chapter: str, device: str, copy: Copy) -> Copy:
        """A further copy of a device."""
        clone = copy.clone()
        self._copies[chapter, device].append(clone)
        return clone

    def totals(self, wanted: Callable[[str, str], bool] = lambda chapter, event: True) -> dict[str, int]:
        """The numbers of those events, given by chapter and id, that are `wanted`."""
        numbers = dict.fromkeys(("events", "heads", "letters", "cards", "handmade", "written", "recipients"), 0)
        events = {event for event, chapter in self.opened.items() if wanted(chapter, event)}
        recipients: set[str] = set()
        for chapter, event, what, value in self._values():
            if not wanted(chapter, event):
                continue
            events.add(event)
            if what == "heads":
                numbers["heads"] += value
                continue
            to, kind, _ = what
            numbers[_COLUMNS[kind]] += value
            numbers["written"] += value
            if to is not None and value:
                recipients.add(to)
        return numbers | {"events": len(events), "recipients": len(recipients)}

    def _values(self) -> Iterator[tuple[str, str, What, int]]:
        for (chapter, _), copies in self._copies.items():
            for event, what in {key for copy in copies for key in copy.counters}:
                seen = [copy.counters.get((event, what), [0, 0]) for copy in copies]
                yield chapter, event, what, max(0, max(one[0] for one in seen) - max(one[1] for one in seen))
