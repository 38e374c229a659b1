"""The databases of the CouchDB behind us, as the rest of the server knows them: a `Catalog`, and the way in for the gateway."""

import anyio.to_thread

from server.couchdb.administration import Administration, CouchdbError, Unreachable
from sync.databases.contract import Database
from sync.databases.http import HttpCatalog
from sync.errors import AlreadyExists, Forbidden, NotFound, Unavailable
from sync.gateway import Connections, Upstream


class CouchdbCatalog(HttpCatalog):
    """An `HttpCatalog` whose new databases are sharded and locked as `prepare` does it.

    `upstream` is the same CouchDB for the gateway, over the same connections.
    """

    def __init__(self, url: str) -> None:
        self._connections = Connections()
        self.upstream = Upstream(url, self._connections)
        super().__init__(url, line=self.upstream)
        self._administration = Administration(url)

    async def open(self, name: str) -> Database:
        if name.startswith("_"):
            raise NotFound("Database does not exist.")  # `_users` and its like are CouchDB's own, whoever asks
        return await super().open(name)

    async def create(self, name: str) -> Database:
        try:
            made = await anyio.to_thread.run_sync(self._administration.create, name)
        except Unreachable as error:
            raise Unavailable(str(error)) from None
        except CouchdbError as error:
            raise Forbidden(str(error)) from None
        if not made:
            raise AlreadyExists("The database could not be created, the file already exists.")
        return await self.open(name)

    async def close(self) -> None:
        await super().close()
        await self._connections.close()
