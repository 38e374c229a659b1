"""The schedule as a calendar (RFC 5545) that programs subscribe to.

A UID is the event's ULID, so a changed event replaces itself; SEQUENCE counts its edits; what was called off stays, CANCELLED.
"""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Calendar, Event, vDuration, vText

from server.domain.announcing import Announced
from server.language import Language
from server.public.showing import Shown

_REFRESH = dt.timedelta(hours=6)
_STATUSES = {"cancelled": "CANCELLED"}


def calendar(shown: Shown, name: str, language: Language, site: str) -> bytes:
    """The calendar of some events; `site` is where their pages are."""
    whole = Calendar()
    whole.add("prodid", f"-//Otkrytka//schedule//{language.code.upper()}")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", "PUBLISH")
    whole["x-wr-calname"] = vText(name)
    whole.add("refresh-interval", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", vDuration(_REFRESH))
    for one in shown.events:
        whole.add_component(_entry(one, shown, language, site))
    if shown.events:
        first, last = (f(one.day for one in shown.events) for f in (min, max))
        whole.add_missing_timezones(first_date=_year(first, 0), last_date=_year(last, 1))
    written: bytes = whole.to_ical()
    return written


def _entry(one: Announced, shown: Shown, language: Language, site: str) -> Event:
    event, page = one.event, f"{site}/events/{one.ulid}"
    entry = Event()
    entry.add("uid", f"{one.ulid}@otkrytka")
    entry.add("dtstamp", one.modified)
    entry.add("last-modified", one.modified)
    entry.add("sequence", one.sequence)
    entry.add("status", _STATUSES.get(event.status, "CONFIRMED"))
    entry.add("summary", _line(event.title))
    entry.add("dtstart", _local(event.starts, event.zone))
    if event.ends is not None and event.ends > event.starts:
        entry.add("dtend", _local(event.ends, event.zone))
    if event.place:
        entry.add("location", _line(event.place))
    entry.add("description", _clean("\n".join(_paragraphs(one, shown, language, page))))
    entry.add("categories", [_line(language.name(shown.chapter_name(one.chapter)))])
    entry.add("url", page)
    return entry


def _paragraphs(one: Announced, shown: Shown, language: Language, page: str) -> Iterable[str]:
    if one.event.status == "cancelled":
        yield language.text("public-cancelled")
    yield language.name(shown.chapter_name(one.chapter))
    yield one.event.bring or language.text("public-bring-usual")
    yield page


def _local(moment: dt.datetime, zone: str | None) -> dt.datetime:
    """A moment by the clocks at its place, where they are known; else in UTC."""
    try:
        return moment.astimezone(ZoneInfo(zone) if zone else dt.UTC)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return moment.astimezone(dt.UTC)


def _year(day: dt.date, more: int) -> dt.date:
    return dt.date(min(day.year + more, 9999), 1, 1)


def _line(text: str) -> str:
    return " ".join(_clean(text).split())


def _clean(text: str) -> str:
    """A text without the control characters that neither calendars nor XML can hold."""
    return "".join(letter for letter in text if letter >= " " or letter == "\n")
