"""The schedule as a calendar (RFC 5545) that programs subscribe to.

A UID is the event's ULID, so a changed event replaces itself; SEQUENCE counts its edits; what was called off stays, CANCELLED.
"""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Calendar, Event, Timezone, vDuration, vText
from msgspec import Struct

from server.domain.announcing import Announced
from server.language import Language
from server.public.showing import Shown

_REFRESH = dt.timedelta(hours=6)
_STATUSES = {"cancelled": "CANCELLED"}
_END = b"END:VCALENDAR\r\n"


class _Entry(Struct, frozen=True):
    """All that the entry of an event says: the same facts, the same lines."""

    ulid: str
    sequence: int
    modified: dt.datetime
    status: str
    title: str
    starts: dt.datetime
    ends: dt.datetime | None
    zone: str | None
    place: str
    chapter: str
    words: str
    page: str


def calendar(shown: Shown, name: str, language: Language, site: str) -> bytes:
    """The calendar of some events; `site` is where their pages are. Takes its time when it meets many for the first time."""
    whole = Calendar()
    whole.add("prodid", f"-//Otkrytka//schedule//{language.code.upper()}")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", "PUBLISH")
    whole["x-wr-calname"] = vText(name)
    whole.add("refresh-interval", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", vDuration(_REFRESH))
    head: bytes = whole.to_ical()
    zones = {one.event.zone for one in shown.events if one.event.zone and _zone(one.event.zone) is not None}
    entries = [_lines(_entry(one, shown, language, site)) for one in shown.events]
    return b"".join([head.removesuffix(_END), *_zones(zones, shown.events), *entries, _END])


def _entry(one: Announced, shown: Shown, language: Language, site: str) -> _Entry:
    event, page = one.event, f"{site}/events/{one.ulid}"
    return _Entry(
        ulid=one.ulid,
        sequence=one.sequence,
        modified=one.modified,
        status=_STATUSES.get(event.status, "CONFIRMED"),
        title=_line(event.title),
        starts=event.starts,
        ends=event.ends if event.ends is not None and event.starts < event.ends < _LAST else None,
        zone=event.zone,
        place=_line(event.place),
        chapter=_line(language.name(shown.chapter_name(one.chapter))),
        words=_clean("\n".join(_paragraphs(one, shown, language, page))),
        page=page,
    )


_LAST = dt.datetime(dt.MAXYEAR, 1, 1, tzinfo=dt.UTC)
"""Later moments can't be said by all clocks."""


@lru_cache(maxsize=8192)
def _lines(entry: _Entry) -> bytes:
    """An event's lines. Remembered, because the library is careful and slow, and most events are as they were."""
    event = Event()
    event.add("uid", f"{entry.ulid}@otkrytka")
    event.add("dtstamp", entry.modified)
    event.add("last-modified", entry.modified)
    event.add("sequence", entry.sequence)
    event.add("status", entry.status)
    event.add("summary", entry.title)
    event.add("dtstart", _local(entry.starts, entry.zone))
    if entry.ends is not None:
        event.add("dtend", _local(entry.ends, entry.zone))
    if entry.place:
        event.add("location", entry.place)
    event.add("description", entry.words)
    event.add("categories", [entry.chapter])
    event.add("url", entry.page)
    written: bytes = event.to_ical()
    return written


def _zones(names: Iterable[str], events: Iterable[Announced]) -> list[bytes]:
    """The rules of the clocks at these places, for the years of the events."""
    years = [one.day.year for one in events]
    return [_rules(name, min(years), min(max(years) + 1, 9999)) for name in sorted(names)]


@lru_cache(maxsize=256)
def _rules(zone: str, first: int, last: int) -> bytes:
    written: bytes = Timezone.from_tzid(zone, first_date=dt.date(first, 1, 1), last_date=dt.date(last, 1, 1)).to_ical()
    return written


def _paragraphs(one: Announced, shown: Shown, language: Language, page: str) -> Iterable[str]:
    if one.event.status == "cancelled":
        yield language.text("public-cancelled")
    yield language.name(shown.chapter_name(one.chapter))
    yield one.event.bring or language.text("public-bring-usual")
    yield page


def _local(moment: dt.datetime, zone: str | None) -> dt.datetime:
    """A moment by the clocks at its place, where they are known; else in UTC."""
    return moment.astimezone((zone and _zone(zone)) or dt.UTC)


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _line(text: str) -> str:
    return " ".join(_clean(text).split())


def _clean(text: str) -> str:
    """A text without the control characters that neither calendars nor XML can hold."""
    return "".join(letter for letter in text if letter >= " " or letter == "\n")
