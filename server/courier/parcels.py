"""A parcel: documents of one phone, signed by it and encrypted to its server (docs/decisions/0020-courier.md).

    parcel     age( "otkrytka-parcel/1\\n" ‖ device (26) ‖ signature (64) ‖ packed )        to `ServerKeys.courier`
    signature  over everything before and after it: "otkrytka-parcel/1\\n" ‖ device ‖ packed
    packed     gzip( {"databases": {"chapter-tver": [{"_id", "_rev", "_revisions", …}, …]}} )

The signature is within the encryption, so nobody on the way learns whose parcel it is. It is checked before anything is
unpacked.
"""

import zlib

import msgspec

from server.auth.devices import Devices
from server.auth.errors import MalformedJoin, NotEnrolled
from server.auth.server_keys import ServerKeys, Undecryptable
from server.auth.signatures import SIGNATURE_BYTES, is_signed
from server.courier.errors import Distrusted, Unreadable
from server.domain.identifiers import is_ulid
from server.domain.identity import Identity

LARGEST = 4 * 1024 * 1024
"""Bytes of a parcel: years of evenings, and little enough to be held in memory."""
_LARGEST_UNPACKED = 16 * 1024 * 1024
_MOST_COMMAS = 2_000_000
"""No parcel of that size has more, and each may become an object of Python's that is forty times as long."""
_OPENING = b"otkrytka-parcel/1\n"
_ULID_BYTES = 26
_GZIP = 16 + zlib.MAX_WBITS


class _Contents(msgspec.Struct):
    databases: dict[str, list[msgspec.Raw]]


class Parcel(msgspec.Struct, frozen=True):
    """What was in a genuine parcel, and whose it is: documents as JSON texts, by database."""

    sender: Identity
    databases: dict[str, list[msgspec.Raw]]


async def opened(sealed: bytes, keys: ServerKeys, devices: Devices) -> Parcel:
    """Opens a parcel. Raises Unreadable, Distrusted."""
    device, signature, packed = _split(_decrypted(sealed, keys))
    try:
        sender, key = await devices.identify(device), await devices.key_of(device)
    except NotEnrolled as error:
        raise Distrusted(error.reason) from None
    if key is None or not _is_genuine(device, signature, packed, key):
        raise Distrusted("The parcel was not signed by the device it names.")
    return Parcel(sender, _unpacked(packed))


def _decrypted(sealed: bytes, keys: ServerKeys) -> bytes:
    try:
        return keys.decrypt(sealed)
    except Undecryptable:
        raise Unreadable("This is no parcel for this server, or it was damaged on the way.") from None


def _split(content: bytes) -> tuple[str, bytes, bytes]:
    opening, rest = content[: len(_OPENING)], content[len(_OPENING) :]
    device, signature = rest[:_ULID_BYTES].decode("latin-1"), rest[_ULID_BYTES:][:SIGNATURE_BYTES]
    if opening != _OPENING or not is_ulid(device):
        raise Unreadable("The parcel is of a kind that this version of the server does not know.")
    return device, signature, rest[_ULID_BYTES + SIGNATURE_BYTES :]


def _is_genuine(device: str, signature: bytes, packed: bytes, key: str) -> bool:
    try:
        return is_signed(_OPENING + device.encode("latin-1") + packed, signature, key)
    except MalformedJoin:  # a key in the store that some other program wrote
        return False


def _unpacked(packed: bytes) -> dict[str, list[msgspec.Raw]]:
    unpacking = zlib.decompressobj(_GZIP)
    try:
        text = unpacking.decompress(packed, _LARGEST_UNPACKED)
        if not unpacking.eof:
            raise Unreadable("The parcel holds too much, or not all of it came.")
        if text.count(b",") > _MOST_COMMAS:
            raise Unreadable("The parcel holds too many things.")
        return msgspec.json.decode(text, type=_Contents).databases
    except (zlib.error, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unreadable("What is in the parcel can't be read.") from None
