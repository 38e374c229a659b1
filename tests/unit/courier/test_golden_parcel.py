"""A parcel that the phone's code made (`pwa/src/courier`), opened by the server's."""

import base64
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.auth.devices import Devices
from server.auth.invites import invitation
from server.auth.server_keys import ServerKeys
from server.courier.errors import Distrusted, Unreadable
from server.courier.parcels import opened
from server.settings import Secret
from sync.databases.memory import MemoryCatalog
from sync.documents import Document

pytestmark = pytest.mark.anyio
GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[3] / "fixtures/courier/golden.json").read_text("utf-8"))
KEYS = ServerKeys(Secret(GOLDEN["secret"]))
PARCEL = base64.b64decode(GOLDEN["parcel"])


async def enrolled(key: str | None) -> Devices:
    """The devices of a store in which the golden one has a key."""
    catalog = MemoryCatalog()
    devices = await Devices.open(catalog)
    identity = await devices.enrol(invitation("volunteer", ["moscow"], 1, ["moscow"]), "Owl", key)
    database = await catalog.open("devices")
    body = (await database.get(f"device:{identity.device}")).body
    renamed = Document(id=f"device:{GOLDEN['device']}", body=body)
    await database.write([renamed])
    return devices


async def test_what_the_phone_packs_the_server_unpacks() -> None:
    """The same documents with their ancestry, a field nobody knows included, from the device whose key signed it."""
    assert GOLDEN["recipient"] == KEYS.courier
    parcel = await opened(PARCEL, KEYS, await enrolled(GOLDEN["known"]))
    assert parcel.sender.device == GOLDEN["device"]
    unpacked = {name: [msgspec.json.decode(text) for text in texts] for name, texts in parcel.databases.items()}
    assert unpacked == GOLDEN["contents"]


async def test_it_is_believed_for_that_key_and_opens_with_that_secret_alone() -> None:
    """Another device's key, none, and another server's."""
    for key in (KEYS.signing, None):
        with pytest.raises(Distrusted):
            await opened(PARCEL, KEYS, await enrolled(key))
    with pytest.raises(Unreadable):
        await opened(PARCEL, ServerKeys(Secret("x" * 32)), await enrolled(GOLDEN["known"]))
