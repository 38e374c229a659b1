"""Attachment bytes: chunks of a blob, found by digest.

    blobs    7 │ md5-… │ 600000 bytes        chunks   7<<24 | 0   262144 bytes
                                                      7<<24 | 1   262144 bytes
                                                      7<<24 | 2    75712 bytes

Nothing counts references: what no document names any more is found by `compact`.
"""

import hashlib
import sqlite3
import time
from collections.abc import Iterator

from sync.databases.contract import Upload
from sync.edits import digest_name

CHUNK = 1 << 18
_BITS = 24

_LENGTH = "SELECT length FROM blobs WHERE digest = ?"
_CLAIM = "UPDATE blobs SET staged = NULL WHERE digest = ? AND staged IS NOT NULL"
_BEGIN = "INSERT INTO blobs (digest, length, staged) VALUES (?, ?, ?) RETURNING number"
_CHUNK = "INSERT INTO chunks (place, content) VALUES (?, ?)"
_FINISH = "UPDATE blobs SET digest = ?, length = ?, staged = ? WHERE number = ?"
_STAGE_AGAIN = "UPDATE blobs SET staged = ? WHERE digest = ?"
_FIND = "SELECT number, length FROM blobs WHERE digest = ?"
_READ = "SELECT content FROM chunks WHERE place BETWEEN ? AND ? ORDER BY place"
_DROP_CHUNKS = "DELETE FROM chunks WHERE place BETWEEN ? AND ?"
_DROP = "DELETE FROM blobs WHERE number = ?"
_ALL = "SELECT number, digest, staged FROM blobs"


def claim(connection: sqlite3.Connection, digest: str) -> int | None:
    """The stored length of a blob a document now names; None when it is not here."""
    row = connection.execute(_LENGTH, (digest,)).fetchone()
    if row is None:
        return None
    connection.execute(_CLAIM, (digest,))
    length: int = row[0]
    return length


def keep(connection: sqlite3.Connection, digest: str, content: bytes) -> None:
    """Stores bytes that came inside of a document."""
    if claim(connection, digest) is None:
        (number,) = connection.execute(_BEGIN, (digest, len(content), None)).fetchone()
        append(connection, number, 0, content)


def begin(connection: sqlite3.Connection) -> int:
    """The number of a new upload."""
    number: int = connection.execute(_BEGIN, (None, 0, _now())).fetchone()[0]
    return number


def append(connection: sqlite3.Connection, number: int, index: int, content: bytes) -> None:
    """Stores bytes as the chunks from `index` on. All but the last call bring a multiple of CHUNK."""
    pieces = (content[offset : offset + CHUNK] for offset in range(0, len(content), CHUNK))
    connection.executemany(_CHUNK, ((number << _BITS | index + i, piece) for i, piece in enumerate(pieces)))


def finish(connection: sqlite3.Connection, number: int, md5: bytes, length: int) -> Upload:
    """Names the upload by its digest. Where the same bytes are here already they are kept, and these dropped."""
    digest = digest_name(md5)
    if connection.execute(_LENGTH, (digest,)).fetchone():
        drop(connection, number)
        # Whoever uploaded is about to name it, so compaction must spare it until then.
        connection.execute(_STAGE_AGAIN, (_now(), digest))
    else:
        connection.execute(_FINISH, (digest, length, _now(), number))
    return Upload(digest, length)


def drop(connection: sqlite3.Connection, number: int) -> None:
    """Forgets a blob and its bytes."""
    connection.execute(_DROP_CHUNKS, (number << _BITS, (number + 1 << _BITS) - 1))
    connection.execute(_DROP, (number,))


def find(connection: sqlite3.Connection, digest: str) -> tuple[int, int] | None:
    """Number and stored length."""
    row: tuple[int, int] | None = connection.execute(_FIND, (digest,)).fetchone()
    return row


def read(connection: sqlite3.Connection, number: int, start: int, stop: int) -> bytes:
    """The bytes [start, stop) of a blob; fewer when it was collected meanwhile."""
    first, last = start // CHUNK, (stop - 1) // CHUNK
    rows = connection.execute(_READ, (number << _BITS | first, number << _BITS | last)).fetchall()
    content = b"".join(row[0] for row in rows)
    return content[start - first * CHUNK : stop - first * CHUNK]


def unused(connection: sqlite3.Connection, used: set[str], grace: float) -> Iterator[int]:
    """Numbers of the blobs that are not in `used` and no upload of the last `grace` seconds staged."""
    for number, digest, staged in connection.execute(_ALL).fetchall():
        if digest not in used and (staged is None or staged <= _now() - grace):
            yield number


def md5_of(connection: sqlite3.Connection, number: int, length: int) -> str:
    """The digest of what is really stored."""
    content = hashlib.md5(usedforsecurity=False)
    for offset in range(0, length, CHUNK):
        content.update(read(connection, number, offset, min(offset + CHUNK, length)))
    return digest_name(content.digest())


def _now() -> int:
    return int(time.time())
