"""The queue of refused documents: each reason in the reader's language, with the field it is about."""

import re
from typing import Any

import pytest

from tests.protocol.server.house import EVENT, Device, House

ULID = EVENT["_id"].partition(":")[2]


def _closing(phone: Device) -> dict[str, Any]:
    envelope = {
        "_id": f"closing:{ULID}:01KFW0000000000000000000C1",
        "type": "closing",
        "schema": 1,
        "chapter": "moscow",
    }
    return {**envelope, "event": EVENT["_id"], "device": phone.id, "basis": "tally", "heads": 4}


def _without_heads(phone: Device) -> dict[str, Any]:
    return {name: value for name, value in phone.sheet().items() if name != "heads"}


def _negative(phone: Device) -> dict[str, Any]:
    return phone.sheet(letters={None: -1})


def _misnamed(phone: Device) -> dict[str, Any]:
    return phone.sheet() | {"chapter": "tver"}


@pytest.mark.parametrize(
    ("make", "russian", "english", "detail"),
    [
        (_closing, "Это пишет только координатор отделения.", "Only a coordinator", ""),
        (_without_heads, "Нет поля «heads».", "The field “heads” is missing.", ""),
        (_negative, "поле «letters[0].added»", "The field “letters[0].added”", "Expected `int` &gt;= 0"),
        (_misnamed, "Поле «chapter»", "The field “chapter”", ""),
    ],
)
def test_the_reason_is_told_in_both_languages(house: House, make: Any, russian: str, english: str, detail: str) -> None:
    """With the field named; only the words of a decoder, which are not ours, stay in English and are marked as such."""
    phone, browser = house.join("volunteer", "moscow"), house.sign_in("coordinator", "moscow")
    document = make(phone)
    assert phone.put(f"/db/chapter-moscow/{document['_id']}", json=document).status_code == 403
    page = browser.get("/dashboard/refused?lang=ru").text
    foreign = re.findall(r'<span lang="en">([^<]*)</span>', page)
    assert russian in page
    assert foreign == ([detail] if detail else [])
    assert english in browser.get("/dashboard/refused?lang=en").text
