"""The keys by which phones know this server when they do not reach it by its own address. Both come from the secret.

    signing   ECDSA P-256: signs the list of this server's addresses, so that no stranger can add one
    courier   X25519, as age writes it: what a phone sends by other hands is encrypted to it

Nothing more is kept than the secret: servers that share it have the same keys, and one that moves with it keeps them. Phones
are given the public halves when they join, and rely on them from then on.
"""

import base64

import bech32
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyrage import DecryptError, decrypt, x25519

from server.auth.signatures import public_text, sign
from server.settings import Secret

# FIPS 186-5, A.2.1: 64 bits more than the order has make the remainder as good as chosen at random.
_SCALAR_BYTES = 40
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_AGE_SECRET = "age-secret-key-"  # noqa: S105 - the prefix of every age identity, and no secret


class Undecryptable(Exception):
    """Bytes that were not encrypted to this server, or were changed since."""


class ServerKeys:
    """The keys of one secret."""

    def __init__(self, secret: Secret) -> None:
        scalar = int.from_bytes(_derive(secret, "mirrors", _SCALAR_BYTES)) % (_P256_ORDER - 1) + 1
        self._signing = ec.derive_private_key(scalar, ec.SECP256R1())
        self._courier = x25519.Identity.from_str(_age_identity(_derive(secret, "courier", 32)))

    @property
    def signing(self) -> str:
        """The public half of the signing key: base64 of its SubjectPublicKeyInfo."""
        return public_text(self._signing.public_key())

    @property
    def courier(self) -> str:
        """The age recipient (`age1…`) that parcels are encrypted to."""
        return str(self._courier.to_public())

    def sign(self, content: bytes) -> str:
        """A signature over some bytes, in base64."""
        return base64.b64encode(sign(self._signing, content)).decode("ascii")

    def decrypt(self, sealed: bytes) -> bytes:
        """What was encrypted to this server. Raises Undecryptable."""
        try:
            opened: bytes = decrypt(sealed, [self._courier])
        except (DecryptError, OSError):  # the second is how age says that a header is none
            raise Undecryptable from None
        return opened


def _derive(secret: Secret, purpose: str, length: int) -> bytes:
    derivation = HKDF(hashes.SHA256(), length, salt=None, info=f"otkrytka.{purpose}".encode())
    return derivation.derive(secret.reveal().encode("utf-8"))


def _age_identity(key: bytes) -> str:
    """An X25519 key in age's own writing (Bech32, upper case)."""
    words = bech32.convertbits(key, 8, 5) or []  # None is for numbers that are no bytes
    return bech32.bech32_encode(_AGE_SECRET, words).upper()
