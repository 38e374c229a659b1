"""Attachment bytes on their way to a document: a peer takes them only together with it, so they wait in temporary files."""

import base64
import hashlib
import time
from collections.abc import AsyncIterator

import anyio

from sync.databases.contract import Upload
from sync.errors import PreconditionFailed

CHUNK = 256 * 1024
UPLOAD_GRACE = 3600.0  # seconds that compaction spares bytes no document names yet
_IN_MEMORY = 1024 * 1024  # bytes of one upload that may stay in memory before its file is made


class Spool:
    """Uploads by digest, each kept until as many documents as it was added for have released it."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}

    async def add(self, chunks: AsyncIterator[bytes]) -> Upload:
        """Takes the bytes in, a chunk at a time."""
        entry = _Entry()
        md5 = hashlib.md5(usedforsecurity=False)
        try:
            async for chunk in chunks:
                md5.update(chunk)
                entry.length += len(chunk)
                await entry.file.write(chunk)
        except BaseException:
            await entry.close()
            raise
        digest = "md5-" + base64.b64encode(md5.digest()).decode()
        kept = self._entries.setdefault(digest, entry)
        kept.users += 1
        kept.at = time.monotonic()
        if kept is not entry:
            await entry.close()
        return Upload(digest, kept.length)

    def length(self, digest: str) -> int:
        """How many bytes there are. Raises PreconditionFailed when they are not here."""
        return self._entry(digest).length

    async def read(self, digest: str) -> AsyncIterator[bytes]:
        """The bytes, chunk by chunk; any number of readers at once. Raises PreconditionFailed when they are not here."""
        entry = self._entry(digest)
        for start in range(0, entry.length, CHUNK):
            yield await entry.read(start)

    def _entry(self, digest: str) -> "_Entry":
        entry = self._entries.get(digest)
        if entry is None:
            raise PreconditionFailed(f"No attachment with digest {digest} was uploaded")
        return entry

    async def release(self, digest: str) -> None:
        """One document less needs them."""
        entry = self._entries.get(digest)
        if entry is not None:
            entry.users -= 1
            if not entry.users:
                del self._entries[digest]
                await entry.close()

    async def collect(self, grace: float) -> None:
        """Drops what was added more than `grace` seconds ago and is still in no document."""
        past = time.monotonic() - grace
        for digest in [digest for digest, entry in self._entries.items() if entry.at <= past]:
            await self._entries.pop(digest).close()

    async def close(self) -> None:
        """Drops everything."""
        await self.collect(0)


class _Entry:
    """One temporary file; a lock keeps the readers' places apart."""

    def __init__(self) -> None:
        self.users = 0
        self.length = 0
        self.at = 0.0
        self.file = anyio.SpooledTemporaryFile(_IN_MEMORY)
        self._lock = anyio.Lock()

    async def read(self, start: int) -> bytes:
        async with self._lock:
            await self.file.seek(start)
            return await self.file.read(CHUNK)

    async def close(self) -> None:
        with anyio.CancelScope(shield=True):
            await self.file.aclose()
