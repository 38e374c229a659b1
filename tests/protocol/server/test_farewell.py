"""The order to forget everything: for the phones it was given for, and no others."""

import base64

from server.api.farewell import SIGNED_AS
from server.auth.signatures import is_signed
from tests.protocol.server.house import House


def test_only_a_phone_revoked_with_that_order_is_told_to_forget(house: House) -> None:
    """Let in, or merely revoked, a phone keeps what it has; the order is signed for the one device."""
    kept, revoked, lost = (house.join("volunteer", "moscow") for _ in range(3))
    coordinator = house.sign_in("coordinator", "moscow")
    assert coordinator.post(f"/dashboard/devices/{revoked.id}/revoke").status_code == 303
    assert coordinator.post(f"/dashboard/devices/{lost.id}/revoke", data={"forget": "yes"}).status_code == 303
    assert kept.get("/api/farewell").status_code == 404
    assert revoked.get("/api/farewell").status_code == 404
    order = lost.get("/api/farewell")
    assert order.status_code == 200
    assert order.json()["device"] == lost.id
    signature = base64.b64decode(order.json()["signature"])
    signing = house.context.keys.signing
    assert is_signed(SIGNED_AS + lost.id.encode(), signature, signing)
    assert not is_signed(SIGNED_AS + revoked.id.encode(), signature, signing)


def test_a_stranger_is_told_nothing(house: House) -> None:
    """Without a token of ours the door is closed."""
    assert house.client.get("/api/farewell").status_code == 401
    assert house.client.get("/api/farewell", headers={"Authorization": "Bearer x"}).status_code == 401
