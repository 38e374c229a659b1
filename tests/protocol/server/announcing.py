"""Evenings for the public site: announced, held, and published."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from tests.protocol.server.house import Device, House

ULID = "01KFW0000000000000000000EV"


def announce(by: Device, ulid: str = ULID, chapter: str = "moscow", **fields: Any) -> str:
    """An event a week from now, put in a chapter's schedule; answers its revision."""
    starts = (dt.datetime.now(dt.timezone(dt.timedelta(hours=3))) + dt.timedelta(days=7)).replace(microsecond=0)
    document = {
        "_id": f"event:{ulid}",
        "type": "event",
        "schema": 1,
        "chapter": chapter,
        "kind": "letters",
        "title": "An evening; with letters, and a very long title that any calendar line would have to fold",
        "starts": starts.isoformat(),
        "ends": (starts + dt.timedelta(hours=3)).isoformat(),
        "zone": "Europe/Moscow",
        "place": "Moscow, Invented street 7",
        "bring": "Postcards\nand envelopes",
        "status": "planned",
        "device": by.id,
        **fields,
    }
    return by.write(document, f"chapter-{chapter}")


def hold(
    device: Device, ulid: str, day: str, heads: int, letters: int, chapter: str = "moscow", to: Sequence[str] = ()
) -> None:
    """A closed evening of a day with its counts: so many letters to nobody in particular, and one to each of some prisoners."""
    announce(device, ulid, chapter, starts=f"{day}T19:00:00+03:00", ends=None, status="closed")
    card = {"kind": "card", "origin": "here", "removed": 0}
    lines = [{**card, "to": None, "added": letters}, *({**card, "to": one, "added": 1} for one in to)]
    sheet = {
        "_id": f"sheet:{ulid}:{device.id}",
        "type": "sheet",
        "schema": 1,
        "event": f"event:{ulid}",
        "device": device.id,
        "chapter": chapter,
        "heads": {"added": heads, "removed": 0},
        "letters": lines,
    }
    device.write(sheet, f"chapter-{chapter}")


def publish(house: House) -> None:
    """Returns once everything written is published."""
    house.settle()
    house.call(house.context.publisher.publish, dt.datetime.now(dt.UTC).date())
