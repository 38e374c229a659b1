"""A browser profile on the disk, and everything that can be found in it."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote


def forms(canary: str) -> Iterator[bytes]:
    """A text in every encoding a browser might have written it in, as far as a search of bytes can tell."""
    plain = canary.encode()
    yield plain
    yield canary.encode("utf-16-le")
    yield canary.encode("utf-16-be")
    yield quote(canary).encode()
    yield plain.hex().encode()
    # Base64 depends on where a text begins; of each of the three ways only the signs that are the text's alone are searched
    # for, and all of these: four of them would be met in any megabyte of what is sealed.
    for lead in range(3):
        first, after = -(-8 * lead // 6), 8 * (lead + len(plain)) // 6
        yield base64.b64encode(b"\0" * lead + plain)[first:after]


def found(profile: Path, canaries: dict[str, str]) -> set[tuple[str, str]]:
    """Which canaries are in which files: in their bytes, and in what LevelDB packed."""
    hits = set()
    patterns = {name: re.compile(b"|".join(map(re.escape, forms(text)))) for name, text in canaries.items()}
    for path in profile.rglob("*"):
        if not path.is_file():
            continue
        content = path.read_bytes()
        unpacked = b"".join(blocks(content)) if path.suffix in {".ldb", ".sst"} else b""
        hits |= {
            (name, path.relative_to(profile).as_posix())
            for name, pattern in patterns.items()
            if pattern.search(content) or pattern.search(unpacked)
        }
    return hits


def blocks(table: bytes) -> Iterator[bytes]:
    """The blocks of a LevelDB table, unpacked: its footer names the index, and the index every block."""
    footer = table[-48:]
    _, at = _handle(footer, 0)
    (offset, size), _ = _handle(footer, at)
    for handle in _values(_block(table, offset, size)):
        (start, length), _ = _handle(handle, 0)
        yield _block(table, start, length)


def _block(table: bytes, offset: int, size: int) -> bytes:
    body, packed = table[offset : offset + size], table[offset + size]
    return _unsnap(body) if packed == 1 else body


def _unsnap(data: bytes) -> bytes:
    """Snappy's raw format: literals, and copies of what was unpacked already."""
    _, at = _varint(data, 0)
    out = bytearray()
    while at < len(data):
        tag = data[at]
        kind, length = tag & 3, tag >> 2
        at += 1
        if kind == 0:
            if length >= 60:
                width = length - 59
                length = int.from_bytes(data[at : at + width], "little")
                at += width
            out += data[at : at + length + 1]
            at += length + 1
            continue
        if kind == 1:
            back, length, width = (tag >> 5) << 8 | data[at], (length & 7) + 3, 1
        else:
            width = 2 if kind == 2 else 4
            back = int.from_bytes(data[at : at + width], "little")
        at += width
        for _ in range(length + 1):
            out.append(out[-back])
    return bytes(out)


def _handle(data: bytes, at: int) -> tuple[tuple[int, int], int]:
    offset, at = _varint(data, at)
    size, at = _varint(data, at)
    return (offset, size), at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _values(block: bytes) -> Iterator[bytes]:
    restarts = int.from_bytes(block[-4:], "little")
    end, at = len(block) - 4 - 4 * restarts, 0
    while at < end:
        _, at = _varint(block, at)
        unshared, at = _varint(block, at)
        length, at = _varint(block, at)
        yield block[at + unshared : at + unshared + length]
        at += unshared + length
