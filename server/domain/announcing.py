"""Which events the public hears of, and what a calendar is told when one changes.

An event is in the public schedule unless its `listed` is false. Where nothing is said, one that a volunteer made is not: an
evening nobody planned may be at somebody's home. A coordinator lists it by saying so.
"""

import datetime as dt
from collections.abc import Collection
from typing import Literal

from msgspec import Struct

from server.domain.documents import Event
from server.domain.identifiers import number_of, parts

Stage = Literal["ahead", "now", "past", "cancelled"]
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_LONGEST = dt.timedelta(hours=6)  # how long an event without an end is shown as going on


class Announced(Struct, frozen=True):
    """An event as the public hears of it. `sequence` counts its edits, `modified` is the time of the last one."""

    ulid: str
    chapter: str
    day: dt.date
    event: Event
    sequence: int
    modified: dt.datetime

    def stage(self, now: dt.datetime) -> Stage:
        """Whether it is still to come, going on, over, or called off."""
        if self.event.status == "cancelled":
            return "cancelled"
        if self.event.status == "closed":
            return "past"
        if now < self.event.starts:
            return "ahead"
        ends = self.event.ends or self.event.starts + _LONGEST
        return "past" if ends < now else "now"


def is_listed(event: Event, volunteers: Collection[str]) -> bool:
    """Tell whether an event is in the public schedule; `volunteers` are the devices known to be theirs."""
    return event.device not in volunteers if event.listed is None else event.listed


def announce(identifier: str, day: dt.date, event: Event, generation: int) -> Announced:
    """Make the announcement of an event whose present revision has a generation. Raises `Invalid` for an id of another kind."""
    [ulid] = parts("event", identifier)
    return Announced(ulid, event.chapter, day, event, max(0, generation - 1), _modified(ulid, event))


def _modified(ulid: str, event: Event) -> dt.datetime:
    """The latest edit by the editors' clocks; without any, when the event's id was made."""
    edits = [moment.astimezone(dt.UTC) for moment in event.edited.values() if 1 < moment.year < dt.MAXYEAR]
    return max(edits, default=_made(ulid)).replace(microsecond=0)


def _made(ulid: str) -> dt.datetime:
    try:
        return _EPOCH + dt.timedelta(milliseconds=number_of(ulid) >> 80)
    except OverflowError:  # an id from the year 10000 on
        return _EPOCH
