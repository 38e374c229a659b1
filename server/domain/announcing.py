"""Which events the public hears of, and what a calendar is told when one changes.

An event is in the public schedule if its `listed` is true. Where nothing is said, it is unless it names a device that is not a
coordinator's who is known here: an evening nobody planned may be at somebody's home.
"""

import datetime as dt
from collections.abc import Collection
from typing import Literal

from msgspec import Struct

from server.domain.days import last_day_of
from server.domain.documents import Event
from server.domain.identifiers import number_of, parts

Stage = Literal["ahead", "now", "past", "cancelled"]
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MOST_EDITS = 2**31 - 1  # what RFC 5545 takes for a whole number
_LONGEST = dt.timedelta(hours=6)  # how long an event without an end is shown as going on


class Announced(Struct, frozen=True):
    """An event as the public hears of it, on the days from `day` to `last`.

    `sequence` counts its edits, `modified` is when the last was by its editor's clock. `stamp` is a time that grows with every
    edit, whatever the editors' clocks say: that of its making, and a second an edit.
    """

    ulid: str
    chapter: str
    day: dt.date
    last: dt.date
    event: Event
    sequence: int
    modified: dt.datetime
    stamp: dt.datetime

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


def is_listed(event: Event, coordinators: Collection[str]) -> bool:
    """Tell whether an event is in the public schedule; `coordinators` are the devices known to be theirs."""
    if event.listed is not None:
        return event.listed
    return event.device is None or event.device in coordinators


def announce(identifier: str, day: dt.date, event: Event, generation: int) -> Announced:
    """Make the announcement of an event whose present revision has a generation. Raises `Invalid` for an id of another kind."""
    [ulid] = parts("event", identifier)
    sequence = min(max(0, generation - 1), _MOST_EDITS)
    return Announced(
        ulid, event.chapter, day, last_day_of(event), event, sequence, _modified(ulid, event), _made(ulid, sequence)
    )


def _modified(ulid: str, event: Event) -> dt.datetime:
    """The latest edit by the editors' clocks; without any, when the event's id was made."""
    edits = [moment.astimezone(dt.UTC) for moment in event.edited.values() if 1 < moment.year < dt.MAXYEAR]
    return max(edits, default=_made(ulid)).replace(microsecond=0)


def _made(ulid: str, seconds: int = 0) -> dt.datetime:
    """When an id was made, and some seconds."""
    try:
        return (_EPOCH + dt.timedelta(milliseconds=number_of(ulid) >> 80, seconds=seconds)).replace(microsecond=0)
    except OverflowError:  # an id from the year 10000 on
        return _EPOCH + dt.timedelta(seconds=seconds)
