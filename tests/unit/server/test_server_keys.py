"""The server's keys: the same for the same secret, and good for what phones do with them."""

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from server.auth.errors import MalformedJoin
from server.auth.server_keys import ServerKeys, Undecryptable
from server.auth.signatures import check_public_text, is_signed, public_text, sign
from server.settings import Secret

SECRET = Secret("a secret that only this test has, for ever")


def test_servers_that_share_a_secret_have_the_same_keys() -> None:
    """One behind a balancer opens what another one's phones send; another secret has others. What phones rely on stays."""
    keys, again, others = ServerKeys(SECRET), ServerKeys(SECRET), ServerKeys(Secret("x" * 32))
    assert (keys.signing, keys.courier) == (again.signing, again.courier)
    assert keys.signing != others.signing
    assert keys.courier != others.courier
    assert keys.courier == "age1k8mmkzhg99kqd9zuuf0j067ttxjgdqle8mvesuuf5qd5xqx9ps0sfn5r09"


def test_what_age_encrypts_to_the_server_it_can_read_and_nobody_else() -> None:
    """A changed or foreign file is told apart from one that can be read."""
    keys = ServerKeys(SECRET)
    sealed = pyrage.encrypt(b"14 letters", [pyrage.x25519.Recipient.from_str(keys.courier)])
    assert keys.decrypt(sealed) == b"14 letters"
    for wrong in (sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), b"", b"14 letters"):
        with pytest.raises(Undecryptable):
            keys.decrypt(wrong)
    with pytest.raises(Undecryptable):
        ServerKeys(Secret("x" * 32)).decrypt(sealed)


def test_a_signature_holds_for_its_content_and_its_key_alone() -> None:
    """Every other content, signature or key is no match."""
    key, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    public = check_public_text(public_text(key.public_key()))
    signature = sign(key, b"content")
    assert is_signed(b"content", signature, public)
    assert not is_signed(b"other", signature, public)
    assert not is_signed(b"content", signature, public_text(other.public_key()))
    assert not is_signed(b"content", signature[:-1], public)
    assert not is_signed(b"content", bytes(64), public)


@pytest.mark.parametrize(
    "text", ["", "key", "=" * 300, public_text(ec.generate_private_key(ec.SECP384R1()).public_key())]
)
def test_only_a_key_on_p256_is_a_key(text: str) -> None:
    """The refusal names the field."""
    with pytest.raises(MalformedJoin, match="key"):
        check_public_text(text)
