"""`_find` and `_explain`: documents by a condition on what they hold (CouchDB API, "/{db}/_find").

Every query reads all documents of the database, page by page: the databases of a chapter are small, and a view that is
built and kept would be a second truth beside the documents. Results come in the order of the index that CouchDB
would take.
"""

import time
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import msgspec

from sync.databases.contract import Range, Row
from sync.documents import Document
from sync.protocol.call import Call
from sync.protocol.indexes import ALL_DOCS, Index, indexes
from sync.protocol.queries import NIL, Query, choose, read, read_bookmark, write_bookmark
from sync.protocol.rendering import render
from sync.protocol.replies import Json, Reply, encode, json
from sync.protocol.rows import Pace
from sync.selectors import Selector, compile_selector, is_missing, lookup, sort_key, split_path

_object = msgspec.json.Decoder(dict[str, Any])


class Found(msgspec.Struct):
    """A matching document: its place in the order, and what is shown of it."""

    place: list[Any]
    key: tuple[Any, ...]
    shown: bytes


async def find(call: Call) -> Reply:
    """`POST /{db}/_find`."""
    began = time.perf_counter()
    query = await _query(call)
    index, warning = choose(query, await indexes(call.database))
    search = _Search(call, query, index)
    rows = await search.rows()
    answer = b'{"docs":[\n' + b",\n".join(row.shown for row in rows) + b"\n],\n"
    answer += b'"bookmark": ' + encode(write_bookmark(rows[-1].place) if rows else query.bookmark or NIL)
    if query.execution_stats:
        answer += b',\n"execution_stats": ' + encode(search.statistics(len(rows), time.perf_counter() - began))
    if warning:
        answer += b',\n"warning": ' + encode(warning)
    return Json(answer + b"}")


async def explain(call: Call) -> Reply:
    """`POST /{db}/_explain`: which index the query would go by."""
    query = await _query(call)
    index, _ = choose(query, await indexes(call.database))
    options = {
        "use_index": query.use_index,
        "bookmark": query.bookmark,
        "limit": query.limit,
        "skip": query.skip,
        "sort": dict(query.sort),
        "fields": query.fields,
        "conflicts": query.conflicts,
        "execution_stats": query.execution_stats,
    }
    return json(
        {
            "dbname": call.path[0],
            "index": index.told(),
            "partitioned": False,
            "selector": query.selector,
            "opts": options,
            "limit": query.limit,
            "skip": query.skip,
            "fields": query.fields,
        }
    )


async def _query(call: Call) -> Query:
    call.require_json()
    return read(await call.json(_object, "Request body must be a JSON object"))


class _Search:
    def __init__(self, call: Call, query: Query, index: Index) -> None:
        self._call = call
        self._query = query
        self._columns = [split_path(name) for name in index.columns]
        self._matches: list[Selector] = [compile_selector(query.selector)]
        if index.partial is not None:
            self._matches.append(compile_selector(index.partial))
        self._in_order = index is ALL_DOCS and not query.descending
        after = read_bookmark(query.bookmark)
        self._after = None if after is None else _key(after)
        self._examined = 0

    async def rows(self) -> list[Found]:
        """What matches, in order, of the page that was asked for. No more is held than that page and the part before it."""
        query = self._query
        enough = query.skip + query.limit
        best: list[Found] = []
        async for found in self._all():
            best.append(found)
            if self._in_order and len(best) >= enough:
                break
            if len(best) >= 2 * enough + 1000:
                best = self._sorted(best)[:enough]
        return self._sorted(best)[query.skip : enough]

    def _sorted(self, found: list[Found]) -> list[Found]:
        return sorted(found, key=lambda row: row.key, reverse=self._query.descending)

    async def _all(self) -> AsyncGenerator[Found, None]:
        wanted, pace = Range(), Pace()
        while True:
            size = pace.size
            page = await self._call.database.all_docs(
                msgspec.structs.replace(wanted, limit=size), include_docs=True, conflicts=self._query.conflicts
            )
            for row in page.rows:
                if row.document is not None and (found := self._look_at(row, row.document)) is not None:
                    yield found
            pace.saw([row.document.body for row in page.rows if row.document is not None])
            if len(page.rows) < size:
                return
            wanted = Range(start=page.rows[-1].id + "\0")

    def _look_at(self, row: Row, document: Document) -> Found | None:
        if row.id.startswith("_design/"):
            return None
        self._examined += 1
        value: dict[str, Any] = {"_id": row.id, "_rev": row.rev} | msgspec.json.decode(document.body)
        if not all(matches(value) for matches in self._matches):
            return None
        columns = [lookup(value, path) for path in self._columns]
        if any(is_missing(column) for column in columns):
            return None
        place = [*columns, row.id]
        key = _key(place)
        if self._after is not None and (key >= self._after if self._query.descending else key <= self._after):
            return None
        return Found(place, key, self._shown(row, document, value))

    def _shown(self, row: Row, document: Document, value: Mapping[str, Any]) -> bytes:
        if self._query.fields:
            return encode(pick(value, self._query.fields))
        extra = b',"_conflicts":' + encode(row.conflicts) if row.conflicts else b""
        return render(document, extra=extra)

    def statistics(self, returned: int, seconds: float) -> dict[str, object]:
        return {
            "total_keys_examined": self._examined,
            "total_docs_examined": self._examined,
            "total_quorum_docs_examined": 0,
            "results_returned": returned,
            "execution_time_ms": round(seconds * 1000, 3),
        }


def _key(place: list[Any]) -> tuple[Any, ...]:
    return tuple(sort_key(value) for value in place)


def pick(value: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    """The named members only, nested ones within their objects; those that are missing are left out."""
    picked: dict[str, Any] = {}
    for field in fields:
        path = split_path(field)
        member = lookup(value, path)
        if is_missing(member):
            continue
        target = picked
        for name in path[:-1]:
            target = target.setdefault(name, {})
        target[path[-1]] = member
    return picked
