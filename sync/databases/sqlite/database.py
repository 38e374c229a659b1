"""The contract on a SQLite file: every method is one question to the readers or one job for the writer."""

import asyncio
import hashlib
import sqlite3
import weakref
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import msgspec

from sync import sequences
from sync.databases.contract import (
    SNAPSHOT_PAGE,
    START,
    Changes,
    Database,
    Difference,
    Info,
    Leaf,
    Missing,
    Node,
    Outcome,
    Range,
    RevisionStatus,
    Rows,
    Snapshot,
    Upload,
)
from sync.databases.rules import check_limit, check_object, entry_of
from sync.databases.sqlite import blobs, folding, reading, upkeep
from sync.databases.sqlite.editing import Batch
from sync.databases.sqlite.files import connect, size_of, translated, write_back
from sync.databases.sqlite.readers import Held, Readers
from sync.databases.sqlite.writer import Writer, read_state
from sync.databases.waiters import Waiters
from sync.documents import Attachment, Document, Local
from sync.edits import digest_name
from sync.errors import Corrupt, NotFound, SyncError, Unavailable

UPLOAD_GRACE = 3600.0  # seconds that compaction spares staged bytes no document names yet
_PIECE = 4 * blobs.CHUNK  # bytes an upload gathers before it writes, and a download reads at once


class SqliteDatabase(Database):
    """One file. Made by `SqliteCatalog`; raises NotFound, Corrupt when it can't be opened."""

    def __init__(
        self,
        path: Path,
        name: str,
        pool: ThreadPoolExecutor,
        committed: Callable[[str], None] = lambda name: None,
        upload_grace: float = UPLOAD_GRACE,
    ) -> None:
        self.name = name
        self.path = path
        self._pool = pool
        self._committed = committed
        self._grace = upload_grace
        self._readers = Readers(path, name, pool)
        try:
            # Of this file for ever: a restored database is another file.
            self.epoch = self._readers.ask(read_state).epoch
            self.inode = path.stat().st_ino
        except BaseException:
            self._readers.close(Unavailable(f"{name} is closed."))
            raise
        self._writer = Writer(self._connect, name, self._moved)
        self._waiters = Waiters()
        self._compacting = False
        self._closed: SyncError | None = None

    def _connect(self) -> sqlite3.Connection:
        """A connection for writing. Raises NotFound where another file has taken the name since this one was opened."""
        connection = connect(self.path)
        try:
            with translated(self.name):
                if read_state(connection).epoch != self.epoch:
                    raise NotFound("Database does not exist.")
        except BaseException:
            connection.close()
            raise
        return connection

    def _moved(self) -> None:
        self._waiters.wake()
        self._committed(self.name)

    def wake(self) -> None:
        """Makes everybody who waits look again: another process may have written."""
        self._waiters.wake()

    # -- the whole database

    async def info(self) -> Info:
        size = size_of(self.path)
        info = await self._readers.run(lambda connection: upkeep.info(connection, self.name, size))
        return msgspec.structs.replace(info, compact_running=self._compacting)

    async def revs_limit(self) -> int:
        return await self._readers.run(upkeep.revs_limit)

    async def set_revs_limit(self, limit: int) -> None:
        check_limit(limit)
        await self._writer.run(lambda transaction: setattr(transaction.state, "revs_limit", limit))

    async def security(self) -> bytes:
        return await self._readers.run(upkeep.security)

    async def set_security(self, security: bytes) -> None:
        check_object(security, "Security")
        await self._writer.run(lambda transaction: upkeep.set_security(transaction, security))

    async def compact(self) -> None:
        if self._compacting:
            return
        self._compacting = True
        try:
            after: int | None = 0
            while after is not None:
                after = await self._writer.run(partial(upkeep.drop_old_bodies, after=after))
            seq, named = await self._readers.run(upkeep.named_digests)
            await self._writer.run(lambda tx: upkeep.drop_unused_blobs(tx, seq, named, self._grace))
            while await self._writer.run(upkeep.free_pages):
                pass
            await asyncio.get_running_loop().run_in_executor(self._pool, write_back, self.path)
        finally:
            self._compacting = False

    async def purge(self, revs: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
        return await self._writer.run(lambda transaction: upkeep.purge(transaction, revs))

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self.close_now)

    def close_now(self, reason: SyncError | None = None) -> None:
        """`close`, on this thread. Later calls, and those who wait, get `reason`."""
        if self._closed is None:
            self._closed = reason or Unavailable(f"{self.name} is closed.")
            self._writer.close(self._closed)
            self._readers.close(self._closed)
            self._waiters.wake()

    # -- reading documents

    async def get(self, doc_id: str, rev: str | None = None, *, latest: bool = False) -> Document:
        return await self._readers.run(lambda connection: reading.get(connection, doc_id, rev, latest))

    async def open_revs(
        self, doc_id: str, revs: Sequence[str] | None, *, latest: bool = False
    ) -> list[Document | Missing]:
        return await self._readers.run(lambda connection: reading.open_revs(connection, doc_id, revs, latest))

    async def bulk_get(
        self, wanted: Sequence[tuple[str, str | None]], *, latest: bool = False
    ) -> list[list[Document | Missing]]:
        return await self._readers.run(lambda connection: reading.bulk_get(connection, wanted, latest))

    async def leaves(self, doc_id: str) -> list[Leaf]:
        return await self._readers.run(lambda connection: reading.leaves(connection, doc_id))

    async def revs_info(self, doc_id: str, rev: str | None = None) -> list[RevisionStatus]:
        return await self._readers.run(lambda connection: reading.revs_info(connection, doc_id, rev))

    async def all_docs(
        self, ids: Range | Sequence[str], *, include_docs: bool = False, conflicts: bool = False
    ) -> Rows:
        return await self._readers.run(lambda connection: reading.all_docs(connection, ids, include_docs, conflicts))

    # -- writing

    async def write(self, documents: Sequence[Document], *, new_edits: bool = True) -> list[Outcome]:
        return await self._writer.run(lambda transaction: Batch(transaction, new_edits).write(documents))

    async def revs_diff(self, revs: Mapping[str, Sequence[str]]) -> dict[str, Difference]:
        return await self._readers.run(lambda connection: reading.revs_diff(connection, revs))

    # -- the feed

    async def changes(
        self,
        since: str = START,
        *,
        limit: int | None = None,
        descending: bool = False,
        all_leaves: bool = False,
        include_docs: bool = False,
        conflicts: bool = False,
        doc_ids: Sequence[str] | None = None,
    ) -> Changes:
        return await self._readers.run(
            lambda connection: reading.changes(
                connection, since, limit, descending, all_leaves, include_docs, conflicts, doc_ids
            )
        )

    async def snapshot(self) -> Snapshot:
        held = await self._readers.held()
        state = await held.run(read_state)
        pages = self._pages(held, state.live + state.dead)
        weakref.finalize(pages, held.close)  # a generator that was never begun runs no `finally`
        return Snapshot(sequences.render(state.seq, state.epoch), state.epoch, state.live + state.dead, pages)

    async def _pages(self, held: Held, left: int) -> AsyncGenerator[list[Document], None]:
        after = 0
        try:
            for _ in range(0, left, SNAPSHOT_PAGE):
                after, documents = await held.run(partial(reading.page, after=after, limit=SNAPSHOT_PAGE))
                yield documents
        finally:
            held.close()

    async def wait(self, since: str) -> None:
        number = sequences.parse(since, self.epoch)
        with self._waiters.joined() as woken:
            if (await self._readers.run(read_state)).seq == number:
                await woken
        if self._closed is not None:
            raise self._closed

    # -- local documents

    async def get_local(self, doc_id: str) -> Local:
        return await self._readers.run(lambda connection: reading.local(connection, doc_id))

    async def put_local(self, doc_id: str, body: bytes, rev: str = "") -> str:
        return await self._writer.run(lambda transaction: upkeep.put_local(transaction, doc_id, body, rev))

    async def delete_local(self, doc_id: str, rev: str = "") -> None:
        await self._writer.run(lambda transaction: upkeep.delete_local(transaction, doc_id, rev))

    async def local_docs(self, ids: Range | Sequence[str]) -> list[Local]:
        return await self._readers.run(lambda connection: reading.locals_of(connection, ids))

    # -- attachments

    async def upload(self, chunks: AsyncIterator[bytes]) -> Upload:
        number = await self._writer.run(lambda transaction: blobs.begin(transaction.connection))
        try:
            md5, length = await self._receive(number, chunks)
        except BaseException:
            # Also when the client went away. The bytes are of no use; compaction would find them too, but later.
            await asyncio.shield(self._writer.run(lambda transaction: blobs.drop(transaction.connection, number)))
            raise
        return await self._writer.run(lambda tx: blobs.finish(tx.connection, number, md5, length))

    async def _receive(self, number: int, chunks: AsyncIterator[bytes]) -> tuple[bytes, int]:
        md5 = hashlib.md5(usedforsecurity=False)
        index = length = 0
        gathered = bytearray()

        async def store(piece: bytes) -> None:
            nonlocal index
            first = index
            await self._writer.run(lambda transaction: blobs.append(transaction.connection, number, first, piece))
            index += -(-len(piece) // blobs.CHUNK)

        async for chunk in chunks:
            md5.update(chunk)
            length += len(chunk)
            gathered += chunk
            while len(gathered) >= _PIECE:
                await store(bytes(gathered[:_PIECE]))
                del gathered[:_PIECE]
        await store(bytes(gathered))
        return md5.digest(), length

    async def attachment(self, doc_id: str, name: str, rev: str | None = None) -> tuple[Document, Attachment]:
        document = await self.get(doc_id, rev)
        return document, entry_of(document, name)

    async def download(
        self, document: Document, name: str, *, start: int = 0, stop: int | None = None
    ) -> AsyncIterator[bytes]:
        digest = entry_of(document, name).digest
        found = await self._readers.run(lambda connection: blobs.find(connection, digest))
        if found is None:
            raise NotFound("Document is missing attachment")
        number, length = found
        end = length if stop is None else min(stop, length)
        md5 = hashlib.md5(usedforsecurity=False)
        for offset in range(start, end, _PIECE):
            last = min(offset + _PIECE, end)
            piece = await self._readers.run(partial(blobs.read, number=number, start=offset, stop=last))
            if len(piece) != last - offset:
                raise NotFound("Document is missing attachment")
            md5.update(piece)
            yield piece
        if (start, end) == (0, length) and digest_name(md5.digest()) != digest:
            raise Corrupt(f"Attachment {name!r} of document {document.id!r} is damaged.")

    # -- proof of equality

    async def digest(self, prefixes: Sequence[str] = ("",)) -> list[Node]:
        await self._fold()
        answer = await self._readers.run(partial(folding.answer, prefixes=prefixes))
        for offset in range(0, len(answer.learned), folding.SLICE):
            part = answer.learned[offset : offset + folding.SLICE]
            await self._writer.run(partial(folding.learn, mark=answer.mark, summaries=part))
        return answer.nodes

    async def digest_leaves(self, prefix: str) -> dict[str, tuple[str, ...]]:
        await self._fold()
        return await self._readers.run(lambda connection: folding.Overlay(connection).leaves(prefix))

    async def _fold(self) -> None:
        state = await self._readers.run(read_state)
        if state.folded < state.seq:
            while await self._writer.run(folding.fold):
                pass
