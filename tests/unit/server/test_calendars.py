"""The lines of a calendar's entries, read by a library that knows RFC 5545."""

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from server.domain.announcing import announce
from server.domain.documents import Chapter, Event, Localized
from server.language import language_named
from server.public.calendars import calendar
from server.public.showing import Shown
from server.publication.figures import figures

ULID = "01KFW0000000000000000000EV"
NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
TYPED = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=120)
TEXTS = st.one_of(TYPED, st.text('\\;,:"nNж💌 \t\r\n', max_size=200))
ZONES = ["Europe/Moscow", "Asia/Vladivostok", "America/New_York", "UTC", "Nowhere/Town", None]


@given(TEXTS, TEXTS, TEXTS, TEXTS, st.sampled_from(ZONES), st.integers(0, 366 * 24 * 60))
def test_what_was_typed_is_what_a_program_reads(
    title: str, place: str, bring: str, name: str, zone: str | None, minutes: int
) -> None:
    """Texts come back letter for letter, but for the spaces of what is one line; times as the clocks at the place show them;
    lines are as long as they may be, and no character is cut."""
    begin = NOW + dt.timedelta(minutes=minutes)
    event = Event(
        schema=1,
        chapter="moscow",
        kind="letters",
        title=title or "-",
        place=place,
        bring=bring,
        starts=begin,
        ends=begin + dt.timedelta(hours=3),
        zone=zone,
        status="planned",
    )
    chapter = Chapter(schema=1, name=Localized(ru=name or "-", en=name or "-"))
    known = [announce(f"event:{ULID}", begin.date(), event, 4)]
    shown = Shown(now=NOW, events=known, chapters={"moscow": chapter}, themes={}, figures=figures({}), months=[])
    raw = calendar(shown, "Evenings", language_named("en"), "https://example.org/public/en")
    assert all(len(line) <= 75 and line.decode() is not None for line in raw.split(b"\r\n"))
    read: Any = Calendar.from_ical(raw)
    [entry] = read.walk("VEVENT")
    assert not read.errors
    assert not entry.errors
    assert entry["SUMMARY"] == " ".join((title or "-").split())
    assert entry.get("LOCATION", "") == " ".join(place.split())
    assert str(entry["DESCRIPTION"]).endswith(f"/public/en/events/{ULID}")
    assert re.sub("\r\n|\r", "\n", bring) in entry["DESCRIPTION"]
    assert entry["CATEGORIES"].cats == [" ".join((name or "-").split())]
    assert (entry.start, entry.end) == (event.starts, event.ends)
    if zone is not None and zone != "Nowhere/Town":
        assert entry.start.replace(tzinfo=None) == begin.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
