"""`POST /api/join`: what comes of good invites and of all the others."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from server.auth.invites import Invites
from server.settings import Secret
from tests.protocol.server.house import House


def test_an_invite_becomes_a_device_with_a_token(house: House) -> None:
    """201 names the device, its databases and a token that opens them."""
    answer = house.client.post("/api/join", json={"invite": house.invite("volunteer", "moscow"), "pseudonym": " Owl "})
    joined = answer.json()
    assert answer.status_code == 201
    assert joined.keys() == {"device", "pseudonym", "role", "chapters", "databases", "token", "keys", "mirrors"}
    assert (joined["pseudonym"], joined["role"], joined["chapters"]) == ("Owl", "volunteer", ["moscow"])
    assert joined["databases"] == ["register", "chapter-moscow"]
    opened = house.client.get("/db/chapter-moscow", headers={"Authorization": f"Bearer {joined['token']}"})
    assert opened.status_code == 200


@pytest.mark.parametrize(("language", "alphabet"), [("ru-RU", "а"), ("en-GB", "e"), ("de, en;q=0.9", "e"), ("", "а")])
def test_who_chooses_no_pseudonym_is_given_one(house: House, language: str, alphabet: str) -> None:
    """The suggestion is in the phone's language."""
    answer = house.client.post(
        "/api/join", json={"invite": house.invite("volunteer", "moscow")}, headers={"Accept-Language": language}
    )
    pseudonym = answer.json()["pseudonym"].lower()
    assert " " in pseudonym
    assert pseudonym.isascii() == (alphabet == "e")


def test_an_invite_lets_in_one_device(house: House) -> None:
    """The second to use an invite gets 409, and no token."""
    invite = house.invite("volunteer", "moscow")
    assert house.client.post("/api/join", json={"invite": invite}).status_code == 201
    again = house.client.post("/api/join", json={"invite": invite})
    assert again.status_code == 409
    assert again.json()["error"] == "conflict"
    assert "token" not in again.text


def test_of_many_at_once_one_gets_in(house: House) -> None:
    """Eight phones with one invite at the same moment: one 201, seven 409."""
    invite = house.invite("volunteer", "moscow")
    with ThreadPoolExecutor(8) as phones:
        answers = list(phones.map(lambda _: house.client.post("/api/join", json={"invite": invite}), range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


def test_a_foreign_invite_is_refused(house: House) -> None:
    """403 for an invite another server signed, or one whose content was changed."""
    genuine = house.invite("volunteer", "moscow")
    foreign = Invites(Secret("x" * 32)).sign(house.context.invites.read(genuine))
    payload, _, signature = genuine.partition(".")
    changed = f"{payload[:-4]}{payload[-4:].swapcase()}.{signature}"
    for invite in (foreign, changed):
        answer = house.client.post("/api/join", json={"invite": invite})
        assert (answer.status_code, answer.json()["error"]) == (403, "forbidden")


def test_an_expired_invite_is_gone(house: House) -> None:
    """410 once its time is over."""
    answer = house.client.post("/api/join", json={"invite": house.invite("volunteer", "moscow", hours=1e-9)})
    assert (answer.status_code, answer.json()["error"]) == (410, "gone")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "invite"),
        ({"invite": 7}, "invite"),
        ({"invite": "nonsense"}, "invite"),
        ({"invite": "a.b.c"}, "invite"),
        ({"invite": "x" * 5000}, "invite"),
        ([], "body"),
    ],
)
def test_a_malformed_request_names_the_field(house: House, body: object, field: str) -> None:
    """400 with a reason that begins with what is wrong."""
    answer = house.client.post("/api/join", json=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_request")
    assert answer.json()["reason"].startswith(f"{field}:")


@pytest.mark.parametrize("pseudonym", ["", "   ", "x" * 41, "two\nlines", 7])
def test_a_bad_pseudonym_uses_no_invite_up(house: House, pseudonym: object) -> None:
    """400 names the pseudonym, and the invite is still good."""
    invite = house.invite("volunteer", "moscow")
    answer = house.client.post("/api/join", json={"invite": invite, "pseudonym": pseudonym})
    assert answer.status_code == 400
    assert answer.json()["reason"].startswith("pseudonym:")
    assert house.client.post("/api/join", json={"invite": invite}).status_code == 201


def test_not_json_is_a_bad_request(house: House) -> None:
    """400, not 500, for a body that is no JSON."""
    answer = house.client.post("/api/join", content=b"{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
