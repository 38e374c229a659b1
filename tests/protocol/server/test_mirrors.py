"""The server's addresses: signed for phones, and let in by browsers."""

import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.testclient import TestClient

from server.api.mirrors import SIGNED_AS
from server.app import create_app
from server.auth.signatures import is_signed, public_text
from server.chapters import add_chapter
from server.settings import Settings
from tests.protocol.server.house import House

HOME, MIRROR = "https://letters.example", "https://post.example"


@pytest.fixture
def mirrored(tmp_path: Path) -> Iterator[House]:
    """A server with a second address."""
    settings = Settings(data=tmp_path / "data", public_url=HOME, mirrors=(MIRROR,))
    with TestClient(create_app(settings), base_url=HOME) as client:
        house = House(client)
        house.call(add_chapter, house.context.catalog, "moscow", ru="Москва", en="Moscow", zone="Europe/Moscow")
        yield house


def test_the_list_is_signed_by_the_key_that_joining_gave(mirrored: House) -> None:
    """Public address first, with a time it was issued and one it expires; one changed byte and the signature is none."""
    joined = mirrored.join("volunteer", "moscow").joined
    assert joined["mirrors"] == [MIRROR]
    answer = mirrored.client.get("/api/mirrors").json()
    content, signature = base64.b64decode(answer["list"]), base64.b64decode(answer["signature"])
    listed = json.loads(content)
    assert listed["mirrors"] == [HOME, MIRROR]
    assert abs(listed["issued"] - time.time()) < 60
    assert listed["expires"] > listed["issued"] + 24 * 3600
    key = joined["keys"]["signing"]
    assert is_signed(SIGNED_AS + content, signature, key)
    assert not is_signed(SIGNED_AS + content.replace(b"post", b"past"), signature, key)
    assert not is_signed(
        SIGNED_AS + content, signature, public_text(ec.generate_private_key(ec.SECP256R1()).public_key())
    )


def test_the_app_of_one_address_may_ask_at_another(mirrored: House) -> None:
    """Its policy allows the request, the preflight is answered, and the answer may be read; no cookie plays a part."""
    policy = mirrored.client.get("/").headers["content-security-policy"]
    assert f"connect-src 'self' {HOME} {MIRROR};" in policy
    asked = {
        "Origin": HOME,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    preflight = mirrored.client.options("/db/chapter-moscow/_bulk_docs", headers=asked)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == HOME
    answer = mirrored.client.get("/db/chapter-moscow", headers={"Origin": MIRROR})
    assert answer.headers["access-control-allow-origin"] == MIRROR
    assert "retry-after" in answer.headers["access-control-expose-headers"].lower()
    assert "access-control-allow-credentials" not in answer.headers


def test_pages_of_strangers_and_other_doors_are_not_let_in(mirrored: House) -> None:
    """An origin that is none of ours reads nothing, and no other origin reads the dashboards."""
    stranger = mirrored.client.get("/api/mirrors", headers={"Origin": "https://stranger.example"})
    assert "access-control-allow-origin" not in stranger.headers
    assert "access-control-allow-origin" not in mirrored.client.get("/dashboard", headers={"Origin": MIRROR}).headers


def test_a_server_of_one_address_lets_nobody_else_in(house: House) -> None:
    """Without mirrors there is no other origin, not even the own one's."""
    answer = house.client.get("/api/mirrors", headers={"Origin": house.context.public_url})
    assert "access-control-allow-origin" not in answer.headers
    assert "connect-src 'self';" in house.client.get("/").headers["content-security-policy"]
