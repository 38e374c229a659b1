"""`_all_docs`, `_design_docs` and `_local_docs`, with their parameters, keys and queries (CouchDB API, "Bulk Document APIs").

Rows leave page by page; a page is never larger than a few thousand of them, whatever was asked for.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence

import msgspec

from sync.databases.contract import Database, Range, Rows
from sync.databases.contract import Row as Found
from sync.errors import BadRequest
from sync.protocol.call import Call
from sync.protocol.parameters import boolean, json_value, natural, unreadable
from sync.protocol.rendering import Shown
from sync.protocol.replies import Reply, Stream, encode
from sync.protocol.rows import Framing, Pace, Row, framed, row_of

_LIST = Framing(between=b",\r\n")

_ALIASES = {"start_key": "startkey", "end_key": "endkey"}


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """What one query asks for: a range of ids, or the keys in their order."""

    range: Range
    keys: tuple[object, ...] | None = None
    include_docs: bool = False
    conflicts: bool = False
    update_seq: bool = False
    shown: Shown = Shown()


class Scope(msgspec.Struct, frozen=True):
    """Which ids an endpoint lists: those from `first` up to, and without, `beyond`."""

    first: str | None = None
    beyond: str | None = None

    def holds(self, doc_id: str) -> bool:
        return (self.first is None or doc_id >= self.first) and (self.beyond is None or doc_id < self.beyond)


EVERYTHING = Scope()
DESIGN = Scope("_design/", "_design0")

_NOT_HERE = Found("", "")
_object = msgspec.json.Decoder(dict[str, object])


async def all_docs(call: Call) -> Reply:
    """`GET`, `POST /{db}/_all_docs`."""
    return await _answer(call, EVERYTHING)


async def design_docs(call: Call) -> Reply:
    """`GET`, `POST /{db}/_design_docs`: the same of design documents alone."""
    return await _answer(call, DESIGN)


async def all_docs_queries(call: Call) -> Reply:
    """`POST /{db}/_all_docs/queries`: several lists in one answer."""
    return await _answer_queries(call, EVERYTHING)


async def design_docs_queries(call: Call) -> Reply:
    """`POST /{db}/_design_docs/queries`."""
    return await _answer_queries(call, DESIGN)


async def parameters(call: Call) -> dict[str, object]:
    """The query's parameters over those of a POST body, all as JSON values. Raises BadRequest."""
    given: dict[str, object] = {}
    if call.method == "POST":
        call.require_json()
        given = await call.json(_object, "Request body must be a JSON object")
        if not isinstance(given.get("keys", []), list | None):
            raise BadRequest("`keys` body member must be an array.")
    for name, text in call.query.items():
        name = _ALIASES.get(name, name)
        given[name] = json_value(text) if name in ("key", "keys", "startkey", "endkey") else text
    if not isinstance(given.get("keys", []), list | None):
        raise BadRequest("`keys` parameter must be an array.")
    return given


def listing(given: Mapping[str, object]) -> Listing:
    """Raises BadRequest naming the parameter that can't be read."""
    named = {_ALIASES.get(name, name): value for name, value in given.items()}
    keys = named.get("keys")
    if isinstance(keys, list) and len(keys) != 1 and any(name in named for name in ("key", "startkey", "endkey")):
        raise unreadable("`keys` is incompatible with `key`, `start_key` and `end_key`")
    return Listing(
        range=_range(named),
        keys=tuple(keys) if isinstance(keys, list) else None,
        include_docs=boolean(named.get("include_docs", False)),
        conflicts=boolean(named.get("conflicts", False)),
        update_seq=boolean(named.get("update_seq", False)),
        shown=Shown(
            attachments=boolean(named.get("attachments", False)),
            encoding_info=boolean(named.get("att_encoding_info", False)),
        ),
    )


def _range(named: Mapping[str, object]) -> Range:
    return Range(
        start=_bound(named, "startkey"),
        end=_bound(named, "endkey"),
        inclusive_end=boolean(named.get("inclusive_end", True)),
        descending=boolean(named.get("descending", False)),
        skip=natural(named.get("skip", 0)),
        limit=natural(named["limit"]) if named.get("limit") is not None else None,
    )


def _bound(named: Mapping[str, object], name: str) -> str | None:
    """What bounds the ids at one end, None where nothing does. Whatever is no string comes before every id, as in CouchDB."""
    given = name if name in named else "key"
    if given not in named:
        return None
    value = named[given]
    return value if isinstance(value, str) else ""


async def _answer(call: Call, scope: Scope) -> Reply:
    asked = listing(await parameters(call))

    async def chunks() -> AsyncGenerator[bytes, None]:
        async for chunk in _body(call, asked, scope):
            yield chunk
        yield b"\n"

    return Stream(chunks(), compress=True)


async def _answer_queries(call: Call, scope: Scope) -> Reply:
    body = await parameters(call)
    queries = body.get("queries")
    if not isinstance(queries, list):
        raise BadRequest("POST body must include `queries` parameter.")
    listings = [listing(query) if isinstance(query, dict) else _refuse_query() for query in queries]

    async def chunks() -> AsyncGenerator[bytes, None]:
        yield b'{"results":[\r\n'
        for number, one in enumerate(listings):
            yield b",\r\n" if number else b""
            async for chunk in _body(call, one, scope):
                yield chunk
        yield b"\r\n]}\n"

    return Stream(chunks(), compress=True)


def _refuse_query() -> Listing:
    raise BadRequest("A query must be a JSON object")


class _Page(msgspec.Struct, frozen=True):
    """Rows of one page and, for keys, what was asked for in the same order. `pace` learns from how they are shown."""

    found: Rows
    pace: Pace
    keys: Sequence[object] | None = None


async def _body(call: Call, asked: Listing, scope: Scope) -> AsyncGenerator[bytes, None]:
    update_seq = b""
    if asked.update_seq:
        update_seq = b',"update_seq":' + encode((await call.database.info()).update_seq)
    separator = b""
    async for page in _pages(call, asked, scope):
        if not separator:
            total, offset = await _counts(call, page.found, scope, descending=asked.range.descending)
            yield b'{"total_rows":%d,"offset":%b%b,"rows":[\r\n' % (total, encode(offset), update_seq)
        keys = page.keys or [row.id for row in page.found.rows]
        rows = [_row(call.database, key, row, asked) for key, row in zip(keys, page.found.rows, strict=True)]
        page.pace.saw(rows)
        if rows and separator:
            yield separator
        async for chunk in framed(rows, _LIST):
            yield chunk
        separator = b",\r\n"
    yield b"\r\n]}"


async def _counts(call: Call, page: Rows, scope: Scope, *, descending: bool) -> tuple[int, int | None]:
    """`total_rows` and `offset`, counted within the scope: there are few design documents."""
    if scope is EVERYTHING:
        return page.total, None if page.offset is None else min(page.offset, page.total)
    whole = await call.database.all_docs(_within(Range(descending=descending), scope))
    total = len(whole.rows)
    return total, None if page.offset is None else min(page.offset - (whole.offset or 0), total)


async def _pages(call: Call, asked: Listing, scope: Scope) -> AsyncGenerator[_Page, None]:
    if asked.keys is not None:
        async for page in _pages_of_keys(call, asked, scope):
            yield page
        return
    pace = Pace()
    async for found in _pages_of_range(call, asked, _within(asked.range, scope), pace):
        yield _Page(found, pace)


async def _pages_of_range(call: Call, asked: Listing, wanted: Range, pace: Pace) -> AsyncGenerator[Rows, None]:
    left = wanted.limit
    last: str | None = None
    while True:
        size = pace.size if left is None else min(left, pace.size)
        again = last is not None and wanted.descending
        page = await call.database.all_docs(
            msgspec.structs.replace(wanted, limit=size + again),
            include_docs=asked.include_docs,
            conflicts=asked.conflicts,
        )
        full = len(page.rows) == size + again
        if again and page.rows and page.rows[0].id == last:
            page = Rows(page.rows[1:], page.total, page.offset)
        yield page
        left = None if left is None else left - len(page.rows)
        if not full or left == 0 or not page.rows:
            return
        last = page.rows[-1].id
        # Ascending, the next possible id is the last one and a NUL; descending has no such neighbour.
        wanted = msgspec.structs.replace(wanted, start=last if wanted.descending else last + "\0", skip=0)


async def _pages_of_keys(call: Call, asked: Listing, scope: Scope) -> AsyncGenerator[_Page, None]:
    keys: Sequence[object] = asked.keys or ()
    if asked.range.descending:
        keys = keys[::-1]
    keys = keys[asked.range.skip :][: asked.range.limit]
    pace, start = Pace(), 0
    while start == 0 or start < len(keys):
        page = keys[start : start + pace.size]
        start += pace.size
        ids = [key for key in page if isinstance(key, str) and scope.holds(key)]
        found = await call.database.all_docs(ids, include_docs=asked.include_docs, conflicts=asked.conflicts)
        rows = iter(found.rows)
        every = [next(rows) if isinstance(key, str) and scope.holds(key) else _NOT_HERE for key in page]
        yield _Page(Rows(every, found.total, None), pace, page)


def _within(wanted: Range, scope: Scope) -> Range:
    """The range narrowed to the scope. `start` is where the walk begins, so it is the upper bound when descending."""
    if scope.first is None or scope.beyond is None:
        return wanted
    if not wanted.descending:
        start = max(wanted.start or scope.first, scope.first)
        outside = wanted.end is None or wanted.end >= scope.beyond
        end, inclusive = (scope.beyond, False) if outside else (wanted.end, wanted.inclusive_end)
        return msgspec.structs.replace(wanted, start=start, end=end, inclusive_end=inclusive)
    start = min(wanted.start or scope.beyond, scope.beyond)
    outside = wanted.end is None or wanted.end < scope.first
    end, inclusive = (scope.first, True) if outside else (wanted.end, wanted.inclusive_end)
    return msgspec.structs.replace(wanted, start=start, end=end, inclusive_end=inclusive)


def _row(database: Database, asked_key: object, row: Found, asked: Listing) -> Row:
    key = encode(asked_key)
    if not row.rev:
        return b'{"key":%b,"error":"not_found"}' % key
    if row.deleted:
        doc = b',"doc":null' if asked.include_docs else b""
        return b'{"id":%b,"key":%b,"value":{"rev":"%b","deleted":true}%b}' % (key, key, row.rev.encode(), doc)
    if row.document is None:
        return b'{"id":%b,"key":%b,"value":{"rev":"%b"}}' % (key, key, row.rev.encode())
    extra = b',"_conflicts":' + encode(row.conflicts) if row.conflicts else b""
    head = b'{"id":%b,"key":%b,"value":{"rev":"%b"},"doc":' % (key, key, row.rev.encode())
    return row_of(database, row.document, asked.shown, head=head, extra=extra, tail=b"}")
