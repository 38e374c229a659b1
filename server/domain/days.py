"""On which day an event is: what the calendar at its own place says. And which dates there are."""

import datetime as dt
import re
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server.domain.documents import Event

_VAGUE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


def day_of(event: Event) -> dt.date:
    """Tell an event's date in its zone; as it was written where it names no zone, or one that nobody knows."""
    return local(event.starts, event.zone).date()


def last_day_of(event: Event) -> dt.date:
    """Tell an event's last date in its zone; the first one where no later end is known."""
    day = day_of(event)
    return max(day, local(event.ends, event.zone).date()) if event.ends else day


def is_vague(text: str) -> bool:
    """Tell whether a text is a year, a month or a day that there is."""
    try:
        dt.date.fromisoformat((text + "-01-01")[:10] if _VAGUE.fullmatch(text) else "")
    except ValueError:
        return False
    return True


def local(moment: dt.datetime, zone: str | None) -> dt.datetime:
    """Say a moment as the clocks at its place do; as it was written where the place has no zone, or one that nobody knows."""
    known = zone_named(zone) if zone else None
    try:
        return moment.astimezone(known) if known else moment
    except OverflowError:  # at the very edge of what dates can say
        return moment


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo | None:
    """Find a time zone like "Europe/Moscow"; None for one nobody knows. A folder of zones ("Europe") is an OSError there."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
