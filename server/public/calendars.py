"""The schedule as a calendar (RFC 5545) that programs subscribe to.

A UID is the event's ULID and its chapter, so a changed event replaces itself, and none replaces that of another chapter which
uses the same ULID; SEQUENCE counts its edits; what was called off stays, CANCELLED.

No clock but the maker's has a word in what is newer: DTSTAMP, which decides between equal numbers, grows by a second with each
edit, and there is no LAST-MODIFIED. Programs that have one compare nothing else, and would pass over an edit by a slow clock.

Entries are lines put together here: a library takes a millisecond for each, and there may be thousands. Tests read them by it.
"""

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache

from icalendar import Calendar, Timezone, vDuration, vText
from msgspec import Struct

from server.domain.announcing import Announced
from server.domain.breaks import unified
from server.domain.days import zone_named
from server.language import Language
from server.public.showing import Shown

_REFRESH = dt.timedelta(hours=6)
_STATUSES = {"cancelled": "CANCELLED"}
_END = b"END:VCALENDAR\r\n"
_LAST = dt.datetime(dt.MAXYEAR, 1, 1, tzinfo=dt.UTC)
"""Later moments can't be said by all clocks."""
_FOLD = 75  # octets of a line
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class _Words(Struct, frozen=True):
    """What entries say in a language, looked up once for all of them."""

    cancelled: str
    bring: str


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
    head: bytes = whole.to_ical()
    zones = {one.event.zone for one in shown.events if one.event.zone and zone_named(one.event.zone) is not None}
    words = _Words(language.text("public-cancelled"), language.text("public-bring-usual"))
    chapters = {one.chapter: language.name(shown.chapter_name(one.chapter)) for one in shown.events}
    entries = [_entry(one, chapters[one.chapter], words, f"{site}/events/{one.ulid}") for one in shown.events]
    return b"".join([head.removesuffix(_END), *_zones(zones, shown.events), *entries, _END])


def _entry(one: Announced, chapter: str, words: _Words, page: str) -> bytes:
    """The lines of an event (RFC 5545, 3.6.1)."""
    event = one.event
    lines = [
        "BEGIN:VEVENT",
        f"UID:{one.ulid}.{one.chapter}@otkrytka",
        f"DTSTAMP:{_digits(one.stamp)}Z",
        f"SEQUENCE:{one.sequence}",
        f"STATUS:{_STATUSES.get(event.status, 'CONFIRMED')}",
        f"SUMMARY:{_line(event.title)}",
        f"DTSTART{_moment(event.starts, event.zone)}",
    ]
    if event.ends is not None and event.starts < event.ends < _LAST:
        lines.append(f"DTEND{_moment(event.ends, event.zone)}")
    if place := _line(event.place):
        lines.append(f"LOCATION:{place}")
    said = [*([words.cancelled] if event.status == "cancelled" else []), chapter, event.bring or words.bring, page]
    lines += [f"DESCRIPTION:{_text(_clean(chr(10).join(said)))}", f"CATEGORIES:{_line(chapter)}", f"URL:{page}"]
    lines.append("END:VEVENT")
    return b"".join(map(_folded, lines))


def _folded(line: str) -> bytes:
    """A line with its end, broken so that no piece is longer than may be and no character is cut (RFC 5545, 3.1)."""
    raw = line.encode()
    if len(raw) <= _FOLD:
        return raw + b"\r\n"
    pieces, begin, room = [], 0, _FOLD
    while begin < len(raw):
        end = min(begin + room, len(raw))
        while end < len(raw) and raw[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(raw[begin:end])
        begin, room = end, _FOLD - 1  # the space that begins the others counts
    return b"\r\n ".join(pieces) + b"\r\n"


def _zones(names: Iterable[str], events: Iterable[Announced]) -> list[bytes]:
    """The rules of the clocks at these places, for the years of the events."""
    years = [one.day.year for one in events]
    return [_rules(name, min(years), min(max(years) + 1, 9999)) for name in sorted(names)]


@lru_cache(maxsize=256)
def _rules(zone: str, first: int, last: int) -> bytes:
    written: bytes = Timezone.from_tzid(zone, first_date=dt.date(first, 1, 1), last_date=dt.date(last, 1, 1)).to_ical()
    return written


def _moment(moment: dt.datetime, zone: str | None) -> str:
    """A moment by the clocks at its place, where they are known; else in UTC."""
    known = zone_named(zone) if zone else None
    if known is None or known.key == "UTC":
        return f":{_digits(moment.astimezone(dt.UTC))}Z"
    return f";TZID={zone}:{_digits(moment.astimezone(known))}"


def _digits(moment: dt.datetime) -> str:
    """What the clocks show: 20260129T190000."""
    day = f"{moment.year:04}{moment.month:02}{moment.day:02}"
    return f"{day}T{moment.hour:02}{moment.minute:02}{moment.second:02}"


def _line(text: str) -> str:
    """A text as one line."""
    return _text(" ".join(_clean(text).split()))


def _text(text: str) -> str:
    """A text as a value (RFC 5545, 3.3.11)."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _clean(text: str) -> str:
    """A text without the control characters that calendars can't hold."""
    return _CONTROL.sub("", unified(text))
