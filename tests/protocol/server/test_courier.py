"""`POST /api/courier`: what a phone sent by other hands, whoever hands it in and however often."""

import gzip
import json
from typing import Any

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from server.auth.signatures import public_text, sign
from tests.protocol.server.house import EVENT, Device, House

OPENING = b"otkrytka-parcel/1\n"
REVS = ("3-c", "2-b", "1-a")


class Sender:
    """A phone with a key of its own, and the parcels it makes up."""

    def __init__(self, house: House) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        body = {"invite": house.invite("volunteer", "moscow"), "key": public_text(self._key.public_key())}
        self.device = Device(house, house.client.post("/api/join", json=body).json())
        self._to = pyrage.x25519.Recipient.from_str(self.device.joined["keys"]["courier"])

    def signed(self, contents: object, device: str | None = None) -> bytes:
        packed = gzip.compress(json.dumps(contents).encode())
        named = (device or self.device.id).encode()
        return OPENING + named + sign(self._key, OPENING + named + packed) + packed

    def sealed(self, content: bytes) -> bytes:
        sealed: bytes = pyrage.encrypt(content, [self._to])
        return sealed

    def parcel(self, *documents: dict[str, Any], database: str = "chapter-moscow") -> bytes:
        return self.sealed(self.signed({"databases": {database: documents}}))

    def sheet(self, generation: int) -> dict[str, Any]:
        """This phone's sheet after so many edits, a head with each."""
        line = [rev.partition("-")[2] for rev in REVS[-generation:]]
        ancestry = {"_rev": REVS[-generation], "_revisions": {"start": generation, "ids": line}}
        return {**self.device.sheet(heads=generation), **ancestry}


@pytest.fixture
def sender(house: House) -> Sender:
    """A volunteer's phone, and an evening to count at."""
    house.join("coordinator", "moscow").write(EVENT)
    return Sender(house)


def hand_in(house: House, parcel: bytes) -> Any:
    """As a carrier does: without any account."""
    return house.client.post("/api/courier", content=parcel)


def test_what_a_stranger_hands_in_is_counted_and_the_phone_hears_of_it(house: House, sender: Sender) -> None:
    """The carrier is told two numbers; the phone's next request for receipts names what is held."""
    sheet = sender.sheet(2)
    answer = hand_in(house, sender.parcel(sheet))
    assert (answer.status_code, answer.json()) == (200, {"stored": 1, "refused": 0})
    house.settle()
    asked = {"database": "chapter-moscow", "revs": {sheet["_id"]: sheet["_rev"]}}
    receipt = sender.device.post("/api/receipts", json=asked).json()[sheet["_id"]]
    assert receipt == {"stored": True, "counted": True, "upstream": False}


def test_replay_and_reorder_are_harmless(house: House, sender: Sender) -> None:
    """The newest first, the oldest last, each twice: the sheet is the newest one, without a conflict."""
    for generation in (3, 1, 3, 2, 1):
        assert hand_in(house, sender.parcel(sender.sheet(generation))).json() == {"stored": 1, "refused": 0}
    sheet = sender.device.get(f"/db/chapter-moscow/{sender.sheet(1)['_id']}?conflicts=true").json()
    assert sheet["heads"]["added"] == 3
    assert "_conflicts" not in sheet


def test_a_changed_parcel_is_no_parcel(house: House, sender: Sender) -> None:
    """Not one bit of it may be another: 400, and nothing is stored."""
    parcel = sender.parcel(sender.sheet(1))
    for place in range(0, len(parcel), 41):
        changed = parcel[:place] + bytes([parcel[place] ^ 1]) + parcel[place + 1 :]
        assert hand_in(house, changed).json()["error"] == "unreadable", place
    for cut in (b"", parcel[:-1], parcel[: len(parcel) // 2], b"counts"):
        assert hand_in(house, cut).status_code == 400
    assert sender.device.get(f"/db/chapter-moscow/{sender.sheet(1)['_id']}").status_code == 404


def test_who_can_encrypt_can_not_sign_for_another(house: House, sender: Sender) -> None:
    """A parcel in another's name, one by a phone without a key, and one by nobody known: 403."""
    victim, keyless = Sender(house), house.join("volunteer", "moscow")
    contents = {"databases": {"chapter-moscow": [victim.sheet(1)]}}
    for name in (victim.device.id, keyless.id, "01KFW000000000000000000N0B"):
        answer = hand_in(house, sender.sealed(sender.signed(contents, device=name)))
        assert (answer.status_code, answer.json()["error"]) == (403, "distrusted")
    resigned = victim.signed(contents).replace(victim.device.id.encode(), sender.device.id.encode(), 1)
    assert hand_in(house, sender.sealed(resigned)).status_code == 403


def test_the_rules_are_those_of_the_phone_itself(house: House, sender: Sender) -> None:
    """Another's sheet, another chapter, the devices, a place of the engine's: refused, and what stands beside it is stored."""
    other = {**Sender(house).sheet(1), "_rev": "1-a"}
    local = {"_id": "_local/x", "_rev": "0-1"}
    mixed = sender.parcel(other, sender.sheet(1), local, {"_id": "no revision"})
    assert hand_in(house, mixed).json() == {"stored": 1, "refused": 3}
    for database in ("chapter-tver", "register", "devices", "nowhere", "../devices"):
        assert hand_in(house, sender.parcel(sender.sheet(1), database=database)).json() == {"stored": 0, "refused": 1}


def test_a_revoked_phone_sends_nothing_by_others_either(house: House, sender: Sender) -> None:
    """Parcels made before the revocation and handed in after it are refused as a whole."""
    parcel = sender.parcel(sender.sheet(1))
    browser = house.sign_in("national")
    assert browser.post(f"/dashboard/devices/{sender.device.id}/revoke").status_code == 303
    answer = hand_in(house, parcel)
    assert (answer.status_code, answer.json()["reason"]) == (403, "This device has been revoked.")


def test_a_strange_document_holds_up_no_other(house: House, sender: Sender) -> None:
    """Revisions that are none, ancestry that does not fit, deep nesting, files: refused; what stands beside is stored."""
    deep: Any = []
    for _ in range(400):
        deep = [deep]
    strange: list[dict[str, Any]] = [
        {"_rev": "x"},
        {"_rev": "0-a"},
        {"_revisions": {"start": 9, "ids": []}},
        {"_revisions": "none"},
        {"_unheard_of": 1},
        {"note": deep, "heads": deep},
        {"_attachments": {"a": {"data": "eA==", "content_type": "text/plain"}}},
        {"_deleted": True},
    ]
    documents = [{**sender.sheet(1), **change} for change in strange]
    answer = hand_in(house, sender.parcel(*documents, sender.sheet(2)))
    assert (answer.status_code, answer.json()) == (200, {"stored": 1, "refused": len(strange)})


def test_the_bounds_of_a_document_are_those_of_the_phone_itself(house: House, sender: Sender) -> None:
    """What no phone could deliver itself, and no server pass on to the one above, does not come by this door either."""
    deep: Any = []
    for _ in range(600):
        deep = [deep]
    for strange in ({"note": "y" * 8_000_001}, {"note": deep}):
        answer = hand_in(house, sender.parcel({**sender.sheet(1), **strange}))
        assert (answer.status_code, answer.json()) == (200, {"stored": 0, "refused": 1})


def test_a_page_takes_parcels_from_anybody(house: House, sender: Sender) -> None:
    """Without an account and in either language: how much was stored, or what is wrong; never what was in it."""
    page = "/dashboard/parcels?lang=en"
    assert "No need to sign in" in house.client.get(page).text
    taken = house.client.post(page, files={"parcel": ("parcel.age", sender.parcel(sender.sheet(1)))})
    assert taken.status_code == 200
    assert "1 record of the parcel is at the server." in taken.text
    assert sender.device.id not in taken.text
    stranger = sender.sealed(sender.signed({"databases": {}}, device="01KFW000000000000000000N0B"))
    for content, status, words in (
        (b"photograph", 400, "not a parcel for this server"),
        (stranger, 403, "not known to this server"),
        (b"x" * (5 << 20), 413, "too large"),
    ):
        answer = house.client.post(page, files={"parcel": ("parcel.age", content)})
        assert (answer.status_code, words in answer.text) == (status, True)


def test_a_parcel_of_another_make_is_told_apart(house: House, sender: Sender) -> None:
    """Wrong opening, contents of another shape, and what unpacks to more than it should."""
    genuine = sender.signed({"databases": {}})
    assert hand_in(house, sender.sealed(genuine)).json() == {"stored": 0, "refused": 0}
    for content in (
        genuine.replace(b"parcel/1", b"parcel/2"),
        sender.signed({"databases": []}),
        sender.signed([]),
        sender.signed({"databases": {"chapter-moscow": [" " * (17 << 20)]}}),
        sender.signed({"databases": {"chapter-moscow": [0] * 2_100_000}}),
    ):
        answer = hand_in(house, sender.sealed(content))
        assert (answer.status_code, answer.json()["error"]) == (400, "unreadable")
    assert hand_in(house, b"x" * (5 << 20)).status_code == 413
