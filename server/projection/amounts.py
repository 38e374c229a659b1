"""How many letters each prisoner had, in two forms: short for an event, quick to add up for the country.

    an event       {1: 2, 4: 1}            MessagePack by the prisoners' numbers: a few bytes for each of some dozens
    a span of days 0 │ 2 │ 0 │ 0 │ 1       lanes of 64 bits in one integer: adding up a month is one `+` for each day

A lane can't run over into the next: that would take thousands of millions of sheets, each as full as a sheet may be.
"""

import struct
from collections.abc import Iterable, Mapping

import msgspec

_LANE = 8
_decode = msgspec.msgpack.Decoder(dict[int, int]).decode

pack = msgspec.msgpack.Encoder().encode
"""An event's form of amounts by numbers."""


def unpack(packed: bytes) -> dict[int, int]:
    """Amounts by numbers, from an event's form."""
    return _decode(packed)


def lanes(amounts: Mapping[int, int]) -> bytes:
    """A span's form of amounts by numbers."""
    row = [0] * (max(amounts, default=-1) + 1)
    for number, amount in amounts.items():
        row[number] = amount
    return struct.pack(f"<{len(row)}Q", *row)


def read(packed: Iterable[bytes]) -> dict[int, int]:
    """Amounts by numbers, of spans added up; only what is above 0."""
    whole = _added(packed)
    amounts = struct.unpack(f"<{len(whole) // _LANE}Q", whole)
    return {number: amount for number, amount in enumerate(amounts) if amount}


class Gather:
    """SQL's `gather(amounts)`: events' amounts added up, in a span's form."""

    def __init__(self) -> None:
        self._amounts: dict[int, int] = {}

    def step(self, packed: bytes) -> None:
        known = self._amounts
        for number, amount in _decode(packed).items():
            known[number] = known.get(number, 0) + amount

    def finalize(self) -> bytes:
        return lanes(self._amounts)


class AddUp:
    """SQL's `add_up(amounts)`: spans added up."""

    def __init__(self) -> None:
        self._packed: list[bytes] = []

    def step(self, packed: bytes) -> None:
        self._packed.append(packed)

    def finalize(self) -> bytes:
        return _added(self._packed)


def _added(packed: Iterable[bytes]) -> bytes:
    longest, whole = 0, 0
    for one in packed:
        whole += int.from_bytes(one, "little")
        longest = max(longest, len(one))
    return whole.to_bytes(longest, "little")
