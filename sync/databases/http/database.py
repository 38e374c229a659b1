"""HttpDatabase: the contract of a database over a CouchDB peer's `/{db}` (CouchDB API, chapters "Databases" to "Local")."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from http import HTTPStatus
from typing import Unpack
from urllib.parse import unquote

from sync.databases.contract import (
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
    Upload,
)
from sync.databases.http import answers
from sync.databases.http.line import Over
from sync.databases.http.peer import HEARTBEAT_MS, Peer, Query, decode, document_path, read_document, segment
from sync.databases.http.proof import Proof
from sync.databases.http.reading import WHOLE, Reader, standing
from sync.databases.http.spool import UPLOAD_GRACE, Spool
from sync.databases.http.writing import Writer
from sync.databases.rules import check_limit, check_object, entry_of
from sync.documents import Attachment, Document, Local, generation
from sync.errors import Conflict, NotFound

_POLL = 0.2  # seconds between looks at a peer that compacts in the background


class HttpDatabase(Database):
    """A database at `url`. Besides the contract's errors every method raises Unavailable when the peer does not answer.

    Attachment bytes that `upload` takes wait in a temporary file until `write` names their digest. Apache CouchDB does not
    guard `_local` documents: there `put_local` takes the place of whatever stands, as it does for any replicator.
    """

    def __init__(
        self,
        url: str,
        *,
        upload_grace: float = UPLOAD_GRACE,
        **over: Unpack[Over],
    ) -> None:
        """`over` as `Peer` takes it; `upload_grace`: seconds `compact` spares uploads."""
        server, _, name = url.rstrip("/").rpartition("/")
        self._begin(Peer(server, **over), unquote(name), upload_grace)

    @classmethod
    def at(cls, peer: Peer, name: str, upload_grace: float = UPLOAD_GRACE) -> "HttpDatabase":
        """A database of a server that is known already; its client is shared and stays open."""
        database = cls.__new__(cls)
        database._begin(peer, name, upload_grace)
        database._shared = True
        return database

    def _begin(self, peer: Peer, name: str, upload_grace: float) -> None:
        self.name = name
        self._shared = False
        self._grace = upload_grace
        self._peer = peer
        self._path = "/" + segment(name)
        self._spool = Spool()
        self._reader = Reader(peer, self._path)
        self._writer = Writer(peer, self._path, self._spool)
        self._proof = Proof(peer, self._path, self)

    def __repr__(self) -> str:
        return f"<HttpDatabase {self._peer.url}{self._path}>"

    # -- the whole database

    async def info(self) -> Info:
        return answers.to_info(self.name, await self._peer.ask(answers.info, "GET", self._path))

    async def revs_limit(self) -> int:
        return await self._peer.ask(answers.number, "GET", self._path + "/_revs_limit")

    async def set_revs_limit(self, limit: int) -> None:
        check_limit(limit)
        await self._peer.call("PUT", self._path + "/_revs_limit", body=limit)

    async def security(self) -> bytes:
        return (await self._peer.call("GET", self._path + "/_security")).strip()

    async def set_security(self, security: bytes) -> None:
        check_object(security, "Security")
        await self._peer.call("PUT", self._path + "/_security", body=security)

    async def compact(self) -> None:
        await self._spool.collect(self._grace)
        await self._peer.call("POST", self._path + "/_compact")
        while (await self.info()).compact_running:  # noqa: ASYNC110 - the peer tells only who asks
            await asyncio.sleep(_POLL)

    async def purge(self, revs: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
        answer = await self._peer.ask(answers.purged, "POST", self._path + "/_purge", body=revs)
        return {doc_id: gone for doc_id, gone in answer.purged.items() if gone}

    async def close(self) -> None:
        await self._spool.close()
        if not self._shared:
            await self._peer.close()

    # -- reading documents

    async def get(self, doc_id: str, rev: str | None = None, *, latest: bool = False) -> Document:
        if rev is not None and latest:  # CouchDB would open the winner, whatever branch it is on
            return await self._latest(doc_id, rev)
        found = await self._peer.call("GET", self._path + document_path(doc_id), {**WHOLE, "rev": rev})
        return read_document(found, self._peer.url)

    async def _latest(self, doc_id: str, rev: str) -> Document:
        generation(rev)
        opened = await self.open_revs(doc_id, [rev], latest=True)
        grown = [found for found in opened if isinstance(found, Document)]
        if not grown:
            raise NotFound("missing")
        return max(grown, key=standing)

    async def open_revs(
        self, doc_id: str, revs: Sequence[str] | None, *, latest: bool = False
    ) -> list[Document | Missing]:
        return await self._reader.open_revs(doc_id, revs, latest=latest)

    async def bulk_get(
        self, wanted: Sequence[tuple[str, str | None]], *, latest: bool = False
    ) -> list[list[Document | Missing]]:
        return await self._reader.bulk_get(wanted, latest=latest)

    async def leaves(self, doc_id: str) -> list[Leaf]:
        opened = await self.open_revs(doc_id, None)
        leaves = [Leaf(found.rev, found.deleted) for found in opened if isinstance(found, Document)]
        if not leaves:
            raise NotFound("missing")
        return sorted(leaves, key=standing, reverse=True)

    async def revs_info(self, doc_id: str, rev: str | None = None) -> list[RevisionStatus]:
        # CouchDB tells `_revs_info` of the winner only, so the branch is opened instead.
        document = await self.get(doc_id, rev or (await self.leaves(doc_id))[0].rev)
        start = generation(document.rev)
        revs = [f"{start - age}-{ident}" for age, ident in enumerate(document.ancestry)]
        return [_status(found) for found in await self.open_revs(doc_id, revs)]

    async def all_docs(
        self, ids: Range | Sequence[str], *, include_docs: bool = False, conflicts: bool = False
    ) -> Rows:
        with_docs: Query = {"include_docs": include_docs or None, "conflicts": conflicts or None}
        return answers.to_rows(await self._rows("/_all_docs", ids, with_docs))

    async def _rows(self, path: str, ids: Range | Sequence[str], query: Query) -> answers.DocsPage:
        if not isinstance(ids, Range):
            return await self._peer.ask(answers.docs, "POST", self._path + path, query, body={"keys": ids})
        asked: Query = {
            **query,
            "start_key": None if ids.start is None else json.dumps(ids.start),
            "end_key": None if ids.end is None else json.dumps(ids.end),
            "inclusive_end": None if ids.inclusive_end else False,
            "descending": ids.descending or None,
            "skip": ids.skip or None,
            "limit": ids.limit,
        }
        return await self._peer.ask(answers.docs, "GET", self._path + path, asked)

    # -- writing

    async def write(self, documents: Sequence[Document], *, new_edits: bool = True) -> list[Outcome]:
        return await self._writer.write(documents, new_edits=new_edits)

    async def revs_diff(self, revs: Mapping[str, Sequence[str]]) -> dict[str, Difference]:
        answer = await self._peer.ask(answers.differences, "POST", self._path + "/_revs_diff", body=revs)
        return {
            doc_id: Difference(row.missing, row.possible_ancestors) for doc_id, row in answer.items() if row.missing
        }

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
        query: Query = {
            "since": since,
            "limit": limit,
            "descending": descending or None,
            "style": "all_docs" if all_leaves else None,
            "include_docs": include_docs or None,
            "conflicts": conflicts or None,
            "filter": None if doc_ids is None else "_doc_ids",
        }
        method, body = ("GET", None) if doc_ids is None else ("POST", {"doc_ids": list(doc_ids)})
        return answers.to_changes(
            await self._peer.ask(answers.changes, method, self._path + "/_changes", query, body=body)
        )

    async def wait(self, since: str) -> None:
        while True:
            query: Query = {"feed": "longpoll", "since": since, "limit": 1, "heartbeat": HEARTBEAT_MS}
            page = await self._peer.ask(answers.changes, "GET", self._path + "/_changes", query)
            if page.results:
                return
            since = answers.sequence(page.last_seq)  # the peer's own time limit passed

    # -- local documents

    async def get_local(self, doc_id: str) -> Local:
        return answers.local(await self._peer.ask(answers.members, "GET", self._path + document_path(doc_id)))

    async def put_local(self, doc_id: str, body: bytes, rev: str = "") -> str:
        query = {"rev": rev} if rev else None
        answer = await self._peer.call("PUT", self._path + document_path(doc_id), query, body=body)
        return decode(answers.local_written, answer, self._peer.url).rev

    async def delete_local(self, doc_id: str, rev: str = "") -> None:
        stored = await self.get_local(doc_id)
        if rev and stored.rev != rev:
            raise Conflict
        await self._peer.call("DELETE", self._path + document_path(doc_id), {"rev": stored.rev})

    async def local_docs(self, ids: Range | Sequence[str]) -> list[Local]:
        page = await self._rows("/_local_docs", ids, {"include_docs": True})
        found = [row.doc for row in page.rows if row.value is not None]
        return [answers.local(decode(answers.members, bytes(doc), self._peer.url)) for doc in found]

    # -- attachments

    async def upload(self, chunks: AsyncIterator[bytes]) -> Upload:
        return await self._spool.add(chunks)

    async def attachment(self, doc_id: str, name: str, rev: str | None = None) -> tuple[Document, Attachment]:
        document = await self.get(doc_id, rev)
        return document, entry_of(document, name)

    async def download(
        self, document: Document, name: str, *, start: int = 0, stop: int | None = None
    ) -> AsyncIterator[bytes]:
        headers = {"accept-encoding": entry_of(document, name).encoding or "identity"}
        if start or stop is not None:
            headers["range"] = f"bytes={start}-{'' if stop is None else stop - 1}"
        path = f"{self._path}{document_path(document.id)}/{segment(name)}"
        async with self._peer.stream("GET", path, {"rev": document.rev or None}, headers=headers) as answer:
            if answer.status == HTTPStatus.PARTIAL_CONTENT:
                start, stop = 0, None
            async for chunk in _cut(answer.chunks(), start, stop):
                yield chunk

    # -- proof of equality

    async def digest(self, prefixes: Sequence[str] = ("",)) -> list[Node]:
        return await self._proof.nodes(prefixes)

    async def digest_leaves(self, prefix: str) -> dict[str, tuple[str, ...]]:
        return await self._proof.leaves(prefix)


async def _cut(chunks: AsyncIterator[bytes], start: int, stop: int | None) -> AsyncIterator[bytes]:
    """The bytes [start, stop) of a stream whose sender took no notice of the range."""
    place = 0
    async for chunk in chunks:
        part = chunk[max(0, start - place) : None if stop is None else max(0, stop - place)]
        place += len(chunk)
        if part:
            yield part


def _status(found: Document | Missing) -> RevisionStatus:
    if isinstance(found, Missing):
        return RevisionStatus(found.rev, "missing")
    return RevisionStatus(found.rev, "deleted" if found.deleted else "available")
