"""Rows of lists and feeds on their way out, in memory that does not grow with what they hold.

A row is bytes, or a source of bytes where it carries attachments. A page is written in one piece but for such rows.
"""

from collections.abc import AsyncGenerator, Callable, Sequence

import msgspec

from sync.databases.contract import Database
from sync.documents import Document
from sync.protocol.rendering import Shown, inline, render

Row = bytes | AsyncGenerator[bytes, None]

_FIRST_PAGE = 64
_LARGEST_PAGE = 5000
_PAGE_BYTES = 1024 * 1024


class Framing(msgspec.Struct, frozen=True):
    """What stands before, between and after rows; `after` is made of the row's sequence where rows have one."""

    before: bytes = b""
    between: bytes = b""
    after: Callable[[str], bytes] | None = None


class Pace:
    """How many rows to ask the store for: small documents go in large pages and large ones in small pages."""

    def __init__(self) -> None:
        self.size = _FIRST_PAGE

    def saw(self, rows: Sequence[Row]) -> None:
        """Learns from a page how many rows make a page of even size."""
        sizes = [len(row) for row in rows if isinstance(row, bytes)]
        self.learn(len(sizes), sum(sizes))

    def learn(self, count: int, size: int) -> None:
        """The same, of `count` rows that made `size` bytes."""
        if count and size:
            self.size = min(max(_PAGE_BYTES * count // size, 1), _LARGEST_PAGE, self.size * 8)


def row_of(
    database: Database, document: Document, shown: Shown, *, head: bytes = b"", extra: bytes = b"", tail: bytes = b""
) -> Row:
    """The row of a document: `head`, the document with its `extra` members, `tail`."""
    if document.attachments is None or not shown.wanted(document):
        return b"%b%b%b" % (head, render(document, shown, extra), tail)
    return _streamed(head, inline(database, document, shown, extra), tail)


async def _streamed(head: bytes, pieces: AsyncGenerator[bytes, None], tail: bytes) -> AsyncGenerator[bytes, None]:
    yield head
    async for piece in pieces:
        yield piece
    yield tail


async def framed(rows: Sequence[Row], framing: Framing, seqs: Sequence[str] = ()) -> AsyncGenerator[bytes, None]:
    """The rows in their frame; nothing at all for no rows."""
    out: list[bytes] = []
    for number, row in enumerate(rows):
        if number:
            out.append(framing.between)
        out.append(framing.before)
        if isinstance(row, bytes):
            out.append(row)
        else:
            yield b"".join(out)
            out.clear()
            async for piece in row:
                yield piece
        if framing.after is not None:
            out.append(framing.after(seqs[number] if seqs else ""))
    if out:
        yield b"".join(out)
