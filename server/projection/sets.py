"""Sets of prisoners as bits: how distinct recipients are counted over any union of events.

    prisoner.number   0 1 2 3 4 5 …         the set {1, 4} ──► 0b10010 ──► b"\\x12"

A register of a thousand prisoners makes a set of 150 bytes; uniting two is one `|` of Python's integers, which at this size is
quicker than unpacking any compressed form. A union can't be undone, so a set is always made again from what it unites.
"""

from collections.abc import Iterable, Iterator


def pack(numbers: Iterable[int]) -> bytes:
    """The set of these numbers."""
    bits = 0
    for number in numbers:
        bits |= 1 << number
    return _bytes(bits)


def unpack(packed: bytes) -> Iterator[int]:
    """The numbers in a set, in ascending order."""
    bits = int.from_bytes(packed, "little")
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def size(packed: bytes | None) -> int:
    """How many numbers are in a set; None is the empty one."""
    return int.from_bytes(packed, "little").bit_count() if packed else 0


def union(packed: Iterable[bytes]) -> bytes:
    """The numbers that are in any of these sets."""
    bits = 0
    for one in packed:
        bits |= int.from_bytes(one, "little")
    return _bytes(bits)


def common(one: bytes, other: bytes) -> bytes:
    """The numbers that are in both sets."""
    return _bytes(int.from_bytes(one, "little") & int.from_bytes(other, "little"))


def difference(one: bytes, other: bytes) -> bytes:
    """The numbers of the first set that are not in the other."""
    return _bytes(int.from_bytes(one, "little") & ~int.from_bytes(other, "little"))


def meet(one: bytes, other: bytes) -> bool:
    """Whether any number is in both sets."""
    return bool(int.from_bytes(one, "little") & int.from_bytes(other, "little"))


def among(packed: str, number: int) -> tuple[str, tuple[int, bytes, int]]:
    """The condition that a number is in the set of a column, and its parameters: a look at one byte, without leaving SQLite."""
    byte = number >> 3
    holding = bytes(value for value in range(256) if value >> (number & 7) & 1)
    return f"(length({packed}) > ? AND instr(?, substr({packed}, ?, 1)))", (byte, holding, byte + 1)


class Unite:
    """SQL's `unite(set)`, the union of a column; empty where there is no row."""

    def __init__(self) -> None:
        self._bits = 0

    def step(self, packed: bytes | None) -> None:
        if packed:
            self._bits |= int.from_bytes(packed, "little")

    def finalize(self) -> bytes:
        return _bytes(self._bits)


def _bytes(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")
