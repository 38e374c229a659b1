"""Revisions from a peer: `_bulk_get`, or one `?open_revs=` a document where a peer has no such thing."""

import json
from collections.abc import Sequence

from sync.databases.contract import Leaf, Missing
from sync.databases.http import answers
from sync.databases.http.peer import Peer, Query, document_path, read_document
from sync.documents import Document, generation
from sync.errors import BadRequest, NotFound, NotSupported
from sync.protocol.errors import from_wire

Asked = tuple[str, str | None]
Answer = list[Document | Missing]

# With `att_encoding_info` an attachment says that it is stored compressed, and can be passed on as it stands.
WHOLE: Query = {"revs": True, "att_encoding_info": True}
_REVS_A_REQUEST = 100  # they go into the address, which servers bound at about 8,000 characters
# What peers without `_bulk_get` say: CouchDB 1 takes it for a document or asks for a Referer.
_LACKING = (BadRequest, NotFound, NotSupported)


class Reader:
    """Reads the revisions of one database below `path`."""

    def __init__(self, peer: Peer, path: str) -> None:
        self._peer = peer
        self._path = path
        self._bulk = True

    async def open_revs(self, doc_id: str, revs: Sequence[str] | None, *, latest: bool = False) -> Answer:
        """As the contract's `open_revs`."""
        if revs is None:
            return await self._open(doc_id, "all", latest=latest)
        found: Answer = []
        for start in range(0, len(revs), _REVS_A_REQUEST):
            some = json.dumps(list(revs[start : start + _REVS_A_REQUEST]))
            found += await self._open(doc_id, some, latest=latest)
        place = {rev: number for number, rev in enumerate(revs)}  # CouchDB answers in an order of its own
        return sorted(found, key=lambda one: place.get(one.rev, len(place)))

    async def _open(self, doc_id: str, revs: str, *, latest: bool) -> Answer:
        query = {**WHOLE, "open_revs": revs, "latest": latest or None}
        rows = await self._peer.ask(answers.opened, "GET", self._path + document_path(doc_id), query)
        return [answers.document(row.ok) or Missing(doc_id, row.missing) for row in rows]

    async def bulk_get(self, wanted: Sequence[Asked], *, latest: bool = False) -> list[Answer]:
        """As the contract's `bulk_get`."""
        if self._bulk and wanted:
            try:
                return await self._bulk_get(wanted, latest=latest)
            except _LACKING:
                await self._peer.call("GET", self._path)  # raises if it is the database that is not there
                self._bulk = False
        return [await self._get(doc_id, rev, latest=latest) for doc_id, rev in wanted]

    async def _get(self, doc_id: str, rev: str | None, *, latest: bool) -> Answer:
        if rev is not None:
            return await self.open_revs(doc_id, [rev], latest=latest)
        try:
            found = await self._peer.call("GET", self._path + document_path(doc_id), WHOLE)
            return [read_document(found, self._peer.url)]
        except NotFound as error:
            return [Missing(doc_id, "", error.reason)]

    async def _bulk_get(self, wanted: Sequence[Asked], *, latest: bool) -> list[Answer]:
        asked = [{"id": doc_id} if rev is None else {"id": doc_id, "rev": rev} for doc_id, rev in wanted]
        query = {**WHOLE, "latest": latest or None}
        got = await self._peer.ask(answers.bulk_got, "POST", self._path + "/_bulk_get", query, body={"docs": asked})
        rows = [(row.id, [_answer(row.id, found) for found in row.docs]) for row in got.results]
        if [doc_id for doc_id, _ in rows] == [doc_id for doc_id, _ in wanted]:
            answered = [found for _, found in rows]
        else:
            answered = _sort_out(wanted, rows)
        return [found if rev is not None else _winner(found) for (_, rev), found in zip(wanted, answered, strict=True)]


def _answer(doc_id: str, found: answers.Found) -> Document | Missing:
    document = answers.document(found.ok)
    if document is not None:
        return document
    fault = found.error or answers.Fault(error="not_found", reason="missing")
    error = from_wire(0, fault)
    if not isinstance(error, NotFound):
        raise error
    return Missing(doc_id, "" if fault.rev == "undefined" else fault.rev, error.reason)


def _winner(found: Answer) -> Answer:
    """CouchDB answers every leaf where no revision is named."""
    leaves = [one for one in found if isinstance(one, Document)]
    return [max(leaves, key=standing)] if leaves else found


def standing(leaf: Document | Leaf) -> tuple[bool, int, str]:
    """CouchDB's order of leaves, lowest first: deleted before live, then by generation, then by hash."""
    return not leaf.deleted, generation(leaf.rev), leaf.rev.partition("-")[2]


def _sort_out(wanted: Sequence[Asked], rows: list[tuple[str, Answer]]) -> list[Answer]:
    """pouchdb-server puts all revisions of an id into one row: give each to whoever asked for it, the rest to the first."""
    by_id: dict[str, Answer] = {}
    for doc_id, found in rows:
        by_id.setdefault(doc_id, []).extend(found)
    sorted_out: list[Answer] = []
    for doc_id, rev in wanted:
        mine = [one for one in by_id.get(doc_id, ()) if one.rev == rev]
        sorted_out.append(mine)
        by_id[doc_id] = [one for one in by_id.get(doc_id, ()) if one.rev != rev]
    for number, (doc_id, _) in enumerate(wanted):
        sorted_out[number] += by_id.pop(doc_id, [])
    return sorted_out
