"""What the house holds: evenings in every state, queues with something in them, a log, a night. It comes by real doors.

devices  coordinators, volunteers, a hub ──► /db, /api          a browser  a national session ──► the forms of the dashboards
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import httpx2

from fixtures.season import empty_sheet
from tests.e2e.stage import EVENT, Otkrytka

Document = dict[str, Any]
EVENING: Document = {**EVENT, "title": "Вечер писем", "place": "Москва", "listed": True}
DISPUTED = "01KFW0000000000000000000ED"
CROWDED = "01KFW0000000000000000000CR"
UNKNOWN = "01KFW0000000000000000000EN"
AHEAD = "01KFW0000000000000000000EA"
SNOWDROP = "prisoner:01KFDA3QM015X6QE5KPE41W59R"
DAISY = "prisoner:01KFDA3QM0DX2H3H7836QTXMB1"
INVENTED: Document = {"type": "prisoner", "schema": 1, "invented": True}
RELEASED: Document = {
    **INVENTED,
    "_id": "prisoner:01KFDA3QM0Q5Z8N2W7V4T6R9YB",
    "name": {"ru": "Прогон Зверобой", "en": "Rehearsal Tutsan"},
    "status": "released",
    "placements": [{"facility": "Выдуманная колония № 3", "address": "000000, г. Выдуманск, ул. Примерная, 3"}],
}
DOUBLE: Document = {
    **INVENTED,
    "_id": "prisoner:01KFDA3QM0Q5Z8N2W7V4T6R9YD",
    "name": {"ru": "Подснежник Набросок", "en": "Snowdrop Sketch"},
    "born": "1961",
    "status": "convicted",
    "placements": [{"facility": "Выдуманная колония № 2", "verified_on": "2025-03"}],
}
MERGED = {
    **DOUBLE,
    "_id": "prisoner:01KFDA3QM0Q5Z8N2W7V4T6R9YE",
    "name": {"ru": "Пример Подснежников", "en": "Example Snowdropov"},
    "merged_into": DAISY,
}
FIGURE = {
    "_id": "figure:all-2026",
    "type": "figure",
    "schema": 1,
    "about": {"ru": "политзаключённых сегодня", "en": "political prisoners today"},
    "count": 1270,
    "at_least": True,
    "on": "2026-01-29",
    "source": "Выдуманный список, 29 января 2026",
}


def furnish(server: Otkrytka) -> None:
    """Brings everything in, beside what the demo has."""
    with (
        server.join("coordinator", "moscow", pseudonym="Тихий маяк") as first,
        server.join("coordinator", "moscow", pseudonym="Ясный ветер") as second,
        server.join("volunteer", "moscow", pseudonym="Синяя сойка") as jay,
        server.join("volunteer", "moscow", pseudonym="Старый каштан") as chestnut,
        server.join("volunteer", "st-petersburg", pseudonym="Белая ночь") as night,
        server.join("coordinator", "st-petersburg", pseudonym="Невский мост") as bridge,
        server.join("national", pseudonym="Медный компас") as national,
        server.join("hub", "st-petersburg", pseudonym="Невский узел") as hub,
    ):
        for person in (RELEASED, DOUBLE, MERGED, FIGURE):
            _put(national, "register", person)
        _count(first, jay, chestnut)
        _announce(first, bridge)
        dispute(first, second)
        _rival_closings(first, second)
        _crowd(first, jay)
        _refuse(jay, night)
        _report(jay, night)
        _tell_of_nights(hub)
        jay.post("/api/waiting", json={"records": 3, "since": "2026-03-05T22:10:00+03:00"}).raise_for_status()
        _act(server, national, chestnut)
    server.command("nightly")


def _count(coordinator: httpx2.Client, jay: httpx2.Client, chestnut: httpx2.Client) -> None:
    """An evening that two phones have counted at, of which some letters are sent; and a sheet of one nobody has heard of."""
    _put(coordinator, "chapter-moscow", EVENING)
    _put(jay, "chapter-moscow", _sheet(jay, EVENING["_id"], 38, {SNOWDROP: 12, DAISY: 7, None: 5}))
    _put(chestnut, "chapter-moscow", _sheet(chestnut, EVENING["_id"], 4, {DAISY: 3, None: 21}))
    _put(chestnut, "chapter-moscow", _sheet(chestnut, f"event:{UNKNOWN}", 9, {None: 14}))
    ulid = EVENING["_id"].partition(":")[2]
    dispatch = {
        **_of_event(coordinator, "dispatch", ulid, "01KFW0000000000000000000S1"),
        "on": "2026-03-06",
        "count": 30,
        "method": "post",
        "note": "Почта у вокзала",
    }
    _put(coordinator, "chapter-moscow", dispatch)


def _announce(coordinator: httpx2.Client, neighbour: httpx2.Client) -> None:
    """What is ahead: an evening of which all is known, one that is called off, and one of another chapter, with a long name."""
    common = {**EVENING, "status": "planned"}
    for client, ulid, days, clock, about in (
        (coordinator, AHEAD, 9, "19:00", {"title": "Вечер писем ко Дню матери", "theme": "scientist",
                                          "place": "Выдуманный переулок, 12, строение 3, второй этаж, вход со двора",
                                          "bring": "Хорошее настроение и марки; бумага, ручки и чай — на месте"}),
        (coordinator, "01KFW0000000000000000000EC", 16, "18:30", {"title": "Открытки к зиме", "status": "cancelled"}),
        (neighbour, "01KFW0000000000000000000EB", 40, "12:00", {
            "title": "Большой вечер писем политзаключённым учёным, учителям и студентам",
            "chapter": "st-petersburg", "place": "Примерный проспект, 70"}),
    ):  # fmt: skip
        day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)
        event = {
            **common,
            "_id": f"event:{ulid}",
            "starts": f"{day}T{clock}:00+03:00",
            "ends": f"{day}T21:30:00+03:00",
            **about,
        }
        _put(client, f"chapter-{event['chapter']}", event)


def dispute(first: httpx2.Client, second: httpx2.Client, ulid: str = DISPUTED) -> None:
    """Two coordinators change one evening at once; the server merges, and keeps what lost."""
    event = {**EVENING, "_id": f"event:{ulid}", "title": "Открытки к весне", "starts": "2026-03-12T19:00:00+03:00"}
    rev = _put(first, "chapter-moscow", event)
    edits = (
        (first, "2-a", {"place": "Москва, Выдуманная ул., 7", "title": "Открытки к весне"}, "10:00"),
        (second, "2-b", {"place": "Москва, Примерный пер., 3, второй этаж", "title": "Весенние открытки"}, "10:02"),
    )
    for client, edit, fields, clock in edits:
        moment = f"2026-03-10T{clock}:00+03:00"
        start, _, parent = rev.partition("-")
        body = {**event, **fields, "edited": dict.fromkeys(fields, moment), "_rev": edit}
        body["_revisions"] = {"start": int(start) + 1, "ids": [edit[2:], parent]}
        client.post("/db/chapter-moscow/_bulk_docs", json={"new_edits": False, "docs": [body]}).raise_for_status()
    for _ in range(2000):  # the merge is the server's own, a moment later
        if "overruled" in first.get(f"/db/chapter-moscow/event:{ulid}").json():
            return
    raise AssertionError("the two edits were not merged")


def _rival_closings(first: httpx2.Client, second: httpx2.Client) -> None:
    for client, ulid, numbers in (
        (first, "01KFW0000000000000000000C1", {"heads": 40, "letters": 61, "at_least": ["heads"], "basis": "estimate"}),
        (second, "01KFW0000000000000000000C2", {"heads": 43, "letters": 58, "cards": 6, "basis": "recount",
                                                "note": "Пересчитали конверты дважды"}),
    ):  # fmt: skip
        _put(client, "chapter-moscow", {**_of_event(client, "closing", DISPUTED, ulid), "replaces": None, **numbers})


def _crowd(coordinator: httpx2.Client, jay: httpx2.Client) -> None:
    """An evening of a year: its numbers are long, and a line of them is signed."""
    event = f"event:{CROWDED}"
    title = "Большой вечер писем политзаключённым учёным и преподавателям"
    _put(
        coordinator,
        "chapter-moscow",
        {
            **EVENING,
            "_id": event,
            "title": title,
            "starts": "2026-03-19T18:00:00+03:00",
            "status": "closed",
            "listed": False,
        },
    )
    _put(jay, "chapter-moscow", _sheet(jay, event, 1274, {SNOWDROP: 1248, DAISY: 907, None: 9886}))
    press = {
        "signed_by": "Тихий маяк",
        "signed": "2026-03-20T11:00:00+03:00",
        "ru": "Пришло больше тысячи человек. Всего написано 12 041 письмо 1270 политзаключённым.",
        "en": "More than a thousand people came. In total, 12,041 letters to 1,270 political prisoners were written.",
    }
    numbers = {"heads": 1274, "letters": 12_041, "recipients": 1270, "at_least": ["heads"], "basis": "recount"}
    closing = _of_event(coordinator, "closing", CROWDED, "01KFW0000000000000000000C4")
    _put(coordinator, "chapter-moscow", {**closing, "replaces": None, **numbers, "press": press})


def _refuse(jay: httpx2.Client, night: httpx2.Client) -> None:
    """A volunteer closes an evening, and a phone of another make sends a sheet of a shape nobody knows."""
    closing = {**_of_event(jay, "closing", DISPUTED, "01KFW0000000000000000000C3"), "basis": "tally", "heads": 3}
    assert jay.put(f"/db/chapter-moscow/{closing['_id']}", json=closing).status_code == 403
    sheet = {**_sheet(night, f"event:{UNKNOWN}", 3, {}, "st-petersburg"), "heads": {"added": -3, "removed": 0}}
    night.post("/db/chapter-st-petersburg/_bulk_docs", json={"docs": [sheet]}).raise_for_status()


def _report(jay: httpx2.Client, night: httpx2.Client) -> None:
    """What looks wrong in the register."""
    for client, chapter, ulid, about in (
        (jay, "moscow", "01KFW0000000000000000000R1", {"prisoner": SNOWDROP, "kind": "returned", "on": "2026-11-02",
                                                       "facility": "Выдуманная колония № 2",
                                                       "note": "Письмо вернулось с пометкой «адресат выбыл»"}),
        (night, "st-petersburg", "01KFW0000000000000000000R2", {"prisoner": DAISY, "kind": "name", "on": "2026-11-05"}),
    ):  # fmt: skip
        common = {"type": "report", "schema": 1, "chapter": chapter, "device": client.headers["X-Device"]}
        _put(client, f"chapter-{chapter}", {"_id": f"report:{ulid}", **common, **about})


def _tell_of_nights(hub: httpx2.Client) -> None:
    """A hub tells of a night in which not everything was the same on both sides."""
    rows = [
        {"database": "register", "pulled": 14, "agreement": "equal", "documents": 1284,
         "digest": "9f2c51d0a77be410", "seconds": 2.4},
        {"database": "chapter-st-petersburg", "pushed": 212, "pulled": 3, "refusals": 1, "agreement": "different",
         "differences": 2, "documents": 5120, "digest": "07aa41be93cc5d02", "seconds": 11.8},
    ]  # fmt: skip
    told = {"began": dt.datetime.now(dt.UTC).replace(hour=2, minute=30, second=0).isoformat(), "databases": rows}
    hub.post("/api/nights", json=told).raise_for_status()


def _act(server: Otkrytka, national: httpx2.Client, chestnut: httpx2.Client) -> None:
    """A coordinator's afternoon at a laptop, for the log: an address confirmed, a note, an invite, a device suspended."""
    own = {"Sec-Fetch-Site": "same-origin"}
    with httpx2.Client(base_url=server.url, headers=own) as browser:
        browser.post(
            "/dashboard/session", headers={"Authorization": national.headers["Authorization"]}
        ).raise_for_status()
        device = chestnut.headers["X-Device"]
        for address, form in (
            (f"register/{SNOWDROP}/edit", {"note": "Любит письма о погоде", "was-note": "There is no such person."}),
            (f"register/{SNOWDROP}/edit", {"sentence": "7 лет", "was-sentence": ""}),
            ("invites", {"role": "volunteer", "chapter": "moscow", "hours": "24"}),
            (f"devices/{device}/standing", {"suspend": "yes"}),
            (f"devices/{device}/standing", {"days": "90"}),
            (f"register/{DAISY}/confirm", {}),
        ):
            answer = browser.post(f"/dashboard/{address}", data=form)
            assert answer.status_code in (200, 303), answer.text


def _put(client: httpx2.Client, database: str, document: Mapping[str, Any]) -> str:
    answer = client.put(f"/db/{database}/{document['_id']}", json=dict(document))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["rev"])


def _sheet(
    client: httpx2.Client, event: str, heads: int, letters: Mapping[str | None, int], chapter: str = "moscow"
) -> Document:
    device = client.headers["X-Device"]
    lines = [{"to": to, "kind": "letter", "origin": "here", "added": n, "removed": 0} for to, n in letters.items()]
    return {**empty_sheet(chapter, event, device), "heads": {"added": heads, "removed": 0}, "letters": lines}


def _of_event(client: httpx2.Client, kind: str, event: str, ulid: str) -> Document:
    return {
        "_id": f"{kind}:{event}:{ulid}",
        "type": kind,
        "schema": 1,
        "event": f"event:{event}",
        "chapter": "moscow",
        "device": client.headers["X-Device"],
    }
