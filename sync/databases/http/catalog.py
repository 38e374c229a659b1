"""HttpCatalog: the databases of a CouchDB peer (CouchDB API, "Server")."""

import asyncio
from typing import Unpack

from sync.databases.contract import START, Catalog, Database
from sync.databases.http import answers
from sync.databases.http.database import HttpDatabase
from sync.databases.http.line import Line, Over
from sync.databases.http.peer import HEARTBEAT_MS, Peer, Query, segment
from sync.databases.http.spool import UPLOAD_GRACE
from sync.databases.names import check_name, is_legal
from sync.errors import BadRequest, Forbidden, NotFound, NotSupported, Unauthorized

# What peers say that have no `_db_updates` (pouchdb-server: not like this), or do not let us see it.
_CLOSED = (BadRequest, NotFound, NotSupported, Unauthorized, Forbidden)


class HttpCatalog(Catalog):
    """The databases below `url`, CouchDB's own (`_users`, `_replicator`, …) left out.

    `line` and `over` are as `Peer` takes them.

    `wait` listens to `_db_updates`. Where a peer has none it asks every database for its sequence each `poll` seconds. As a
    node of CouchDB that dies forgets what it had not told that feed yet, every name is given each `sweep` seconds all the same.
    """

    def __init__(
        self,
        url: str,
        *,
        line: Line | None = None,
        poll: float = 5.0,
        sweep: float = 300.0,
        upload_grace: float = UPLOAD_GRACE,
        **over: Unpack[Over],
    ) -> None:
        self._peer = Peer(url, line, **over)
        self._opened: dict[str, HttpDatabase] = {}
        self._poll = poll
        self._sweep = sweep
        self._grace = upload_grace
        self._feed = True
        self._polled: dict[str, str] = {}
        self._polls = 0

    def __repr__(self) -> str:
        return f"<HttpCatalog {self.url}>"

    @property
    def url(self) -> str:
        """The address, without credentials."""
        return self._peer.url

    async def open(self, name: str) -> Database:
        if name not in self._opened:
            if not is_legal(name):
                raise NotFound("Database does not exist.")
            database = HttpDatabase.at(self._peer, name, self._grace)
            await database.info()
            self._opened.setdefault(name, database)
        return self._opened[name]

    async def create(self, name: str) -> Database:
        check_name(name)
        await self._peer.call("PUT", "/" + segment(name))
        return await self.open(name)

    async def delete(self, name: str) -> None:
        await self._peer.call("DELETE", "/" + segment(name))
        database = self._opened.pop(name, None)
        if database is not None:
            await database.close()

    async def names(self) -> list[str]:
        names = await self._peer.ask(answers.names, "GET", "/_all_dbs")
        return sorted(name for name in names if not name.startswith("_"))

    async def wait(self, since: str) -> tuple[str, frozenset[str]]:
        if self._feed:
            try:
                return await self._updates(since)
            except _CLOSED:
                self._feed = False
        return await self._look(since)

    async def _updates(self, since: str) -> tuple[str, frozenset[str]]:
        if since != START:
            try:
                async with asyncio.timeout(self._sweep):
                    return await self._told(since)
            except (TimeoutError, BadRequest):
                pass  # time for the sweep, or a mark of another CouchDB. Nothing falls between: names come after the mark
        mark = await self._peer.ask(answers.updates, "GET", "/_db_updates", {"since": "now"})
        return answers.sequence(mark.last_seq), frozenset(await self.names())

    async def _told(self, since: str) -> tuple[str, frozenset[str]]:
        while True:
            query: Query = {"feed": "longpoll", "since": since, "heartbeat": HEARTBEAT_MS}
            page = await self._peer.ask(answers.updates, "GET", "/_db_updates", query)
            since = answers.sequence(page.last_seq)
            names = frozenset(row.db_name for row in page.results if not row.db_name.startswith("_"))
            if names:
                return since, names

    async def _look(self, since: str) -> tuple[str, frozenset[str]]:
        """The fallback. A mark other than the last one given out is one of another process: everything is named."""
        if since != f"poll-{self._polls}":
            self._polled = {}
        changed = await self._changed()
        while not changed and since != START:
            await asyncio.sleep(self._poll)
            changed = await self._changed()
        self._polls += 1
        return f"poll-{self._polls}", changed

    async def _changed(self) -> frozenset[str]:
        before, self._polled = self._polled, await self._sequences()
        return frozenset(name for name in before.keys() | self._polled if before.get(name) != self._polled.get(name))

    async def _sequences(self) -> dict[str, str]:
        sequences: dict[str, str] = {}
        for name in await self.names():
            try:
                sequences[name] = (await HttpDatabase.at(self._peer, name).info()).update_seq
            except _CLOSED:
                sequences[name] = ""  # deleted meanwhile, or not ours to read
        return sequences

    async def close(self) -> None:
        for database in self._opened.values():
            await database.close()
        self._opened.clear()
        await self._peer.close()
