"""`_changes` as a finished list (`feed=normal`) and what all feeds share: the query, its pages and its rows.

The feeds that wait are in `feeds.py`.
"""

import hashlib
from collections.abc import AsyncGenerator

import msgspec

from sync.databases.contract import NOW, START, Change, Changes, Database
from sync.errors import BadRequest
from sync.protocol.call import Call
from sync.protocol.filters import Choice, choose
from sync.protocol.parameters import digits, heartbeat, milliseconds
from sync.protocol.rendering import Shown
from sync.protocol.replies import Reply, Stream, encode, etag, is_fresh, not_modified
from sync.protocol.rows import Framing, Pace, Row, framed, row_of

_STYLES = {"main_only": False, "all_docs": True}


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader asks of the feed. Times in milliseconds; `heartbeat` None means none, then `timeout` ends the wait."""

    feed: str
    since: str
    limit: int | None
    descending: bool
    all_leaves: bool
    include_docs: bool
    conflicts: bool
    shown: Shown
    heartbeat: int | None
    timeout: int
    choice: Choice


async def read_query(call: Call) -> Query:
    """Raises BadRequest naming the parameter that can't be read, NotFound for a filter that is not there."""
    query = call.query
    feed = query.get("feed", "normal")
    since = query.get("since") or query.get("last-event-id") or START
    if feed == "eventsource":
        since = call.header(b"last-event-id") or since
    style = query.get("style", "main_only")
    if style not in _STYLES:
        raise BadRequest("`style` must be main_only or all_docs")
    return Query(
        feed="continuous" if feed == "live" else feed,
        since=since.strip('"'),
        limit=_limit(query.get("limit")),
        descending=call.flag("descending"),
        all_leaves=_STYLES[style],
        include_docs=call.flag("include_docs"),
        conflicts=call.flag("conflicts"),
        shown=Shown(attachments=call.flag("attachments"), encoding_info=call.flag("att_encoding_info")),
        heartbeat=heartbeat(query),
        timeout=min(milliseconds(query, "timeout", call.settings.timeout), call.settings.timeout),
        choice=await choose(call),
    )


def _limit(given: str | None) -> int | None:
    if given is None:
        return None
    limit = digits(given)
    if limit is None:
        raise BadRequest("`limit` must be a positive integer")
    return limit


class Page(msgspec.Struct, frozen=True):
    """Rows as JSON with their sequences, the one to go on from, and how many changes follow (-1: unknown).

    `follows` says that rows came before these, `last` that there is nothing more now, or that the reader's limit is reached.
    """

    rows: list[Row]
    seqs: list[str]
    since: str
    pending: int
    follows: bool
    last: bool

    @property
    def told(self) -> bool:
        """Whether there are any rows, with it or before it."""
        return self.follows or bool(self.rows)


class Reader:
    """Reads the feed on from where it stands, page by page, until the reader's limit is reached."""

    def __init__(self, call: Call, query: Query) -> None:
        self._call = call
        self._query = query
        self._pace = Pace()
        self._told = False
        self.since = query.since
        self.left = query.limit

    @property
    def exhausted(self) -> bool:
        """Whether nothing that comes later is wanted: the limit has been reached, or the walk went backwards."""
        return self.left == 0 or self._query.descending

    async def page(self) -> Page:
        query, choice = self._query, self._query.choice
        size = self._page_size()
        changes = await self._call.database.changes(
            self.since,
            limit=size,
            descending=query.descending,
            all_leaves=query.all_leaves,
            include_docs=query.include_docs or choice.needs_documents,
            conflicts=query.conflicts and query.include_docs,
            doc_ids=choice.doc_ids,
        )
        rows, seqs = await self._rows(changes)
        last = self.exhausted or size is None or len(changes.rows) < size
        self._pace.saw(rows)
        page = Page(rows, seqs, self.since, changes.pending, self._told, last)
        self._told = page.told
        return page

    def _page_size(self) -> int | None:
        """How many rows to ask the store for. A walk backwards has no sequence to go on from: it is one page."""
        if self.left == 0:
            return 0
        filtered = self._query.choice.keep is not None
        if self._query.descending:
            return None if filtered else self.left
        return self._pace.size if self.left is None or filtered else min(self._pace.size, self.left)

    async def _rows(self, changes: Changes) -> tuple[list[Row], list[str]]:
        """The rows the filter keeps, up to the limit; moves `since` behind the last one that was looked at."""
        keep = self._query.choice.keep
        rows: list[Row] = []
        seqs: list[str] = []
        for change in changes.rows:
            kept = change if keep is None else await keep(change)
            if kept is None:
                continue
            rows.append(_row(self._call.database, kept, self._query))
            seqs.append(change.seq)
            if len(rows) == self.left:
                break
        if self.left is not None:
            self.left -= len(rows)
        self.since = seqs[-1] if self.left == 0 and seqs else changes.last_seq
        return rows, seqs


def _row(database: Database, change: Change, query: Query) -> Row:
    revs = b'"},{"rev":"'.join([rev.encode() for rev in change.revs])
    head = b'{"seq":"%b","id":%b,"changes":[{"rev":"%b"}]' % (change.seq.encode(), encode(change.id), revs)
    if change.deleted:
        head += b',"deleted":true'
    if not query.include_docs or change.document is None:
        return head + b"}"
    extra = b',"_conflicts":' + encode(change.conflicts) if change.conflicts else b""
    return row_of(database, change.document, query.shown, head=head + b',"doc":', extra=extra, tail=b"}")


async def normal(call: Call, query: Query) -> Reply:
    """Everything after `since`, once."""
    tag = hashlib.md5(encode((await call.database.changes(NOW)).last_seq), usedforsecurity=False).hexdigest()[:25]
    if is_fresh(call, tag):
        return not_modified(tag)

    async def chunks() -> AsyncGenerator[bytes, None]:
        reader = Reader(call, query)
        page = await reader.page()
        yield OPENING
        while True:
            async for chunk in listed(page):
                yield chunk
            if page.last:
                break
            page = await reader.page()
        yield closing(page)

    headers = ((b"cache-control", b"must-revalidate"), (b"content-type", b"application/json"), etag(tag))
    return Stream(chunks(), headers=headers, compress=True)


OPENING = b'{"results":[\n'
_SEPARATOR = b",\n"
_LIST = Framing(between=_SEPARATOR)


async def listed(page: Page) -> AsyncGenerator[bytes, None]:
    """The rows of a page as members of a list that goes on from page to page."""
    if page.rows and page.follows:
        yield _SEPARATOR
    async for chunk in framed(page.rows, _LIST):
        yield chunk


def closing(page: Page) -> bytes:
    """The end of a list of changes."""
    return b'\n],\n"last_seq":"%b","pending":%d}\n' % (page.since.encode(), max(page.pending, 0))
