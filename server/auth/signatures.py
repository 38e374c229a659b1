"""Signatures as browsers make and check them: ECDSA on P-256 with SHA-256, written as r ‖ s in 64 bytes (IEEE P1363).

P-256 and not Ed25519: every browser's WebCrypto has it, also those of phones that get no updates any more.
"""

import base64
import binascii

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from server.auth.errors import MalformedJoin

SIGNATURE_BYTES = 64
_HALF = SIGNATURE_BYTES // 2
_HASHED = ec.ECDSA(hashes.SHA256())
_LONGEST_KEY = 200


def public_text(key: ec.EllipticCurvePublicKey) -> str:
    """A public key as text: base64 of its SubjectPublicKeyInfo, which `crypto.subtle.importKey("spki", …)` takes."""
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode("ascii")


def check_public_text(text: str) -> str:
    """A device's public key. Raises MalformedJoin for anything but one on P-256."""
    _key_of(text)
    return text


def sign(key: ec.EllipticCurvePrivateKey, content: bytes) -> bytes:
    """A signature of SIGNATURE_BYTES."""
    r, s = decode_dss_signature(key.sign(content, _HASHED))
    return r.to_bytes(_HALF) + s.to_bytes(_HALF)


def is_signed(content: bytes, signature: bytes, by: str) -> bool:
    """Whether a signature over the content was made with the private half of the key `by`."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    r, s = int.from_bytes(signature[:_HALF]), int.from_bytes(signature[_HALF:])
    try:
        _key_of(by).verify(encode_dss_signature(r, s), content, _HASHED)
    except InvalidSignature:
        return False
    return True


def _key_of(text: str) -> ec.EllipticCurvePublicKey:
    wrong = MalformedJoin("key", "it must be a public key on P-256: base64 of its SubjectPublicKeyInfo.")
    if len(text) > _LONGEST_KEY:
        raise wrong
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        raise wrong from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise wrong
    return key
