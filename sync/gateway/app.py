"""The gateway as an ASGI application: `sync.protocol`'s, with a way around it for what CouchDB can answer itself."""

from collections.abc import Sequence

from starlette.requests import HTTPConnection

from sync.databases.contract import Catalog, Database
from sync.documents import Document
from sync.errors import Forbidden, NotFound, SyncError
from sync.gateway import passages
from sync.gateway.relay import Relay
from sync.gateway.upstream import Upstream
from sync.policy import Access, Policy
from sync.protocol import Application, Settings
from sync.protocol.call import Call, Service
from sync.protocol.replies import Reply


class Gateway(Application):
    """The CouchDB HTTP API over the CouchDB at `upstream`, behind `policy`.

    `catalog` is the same CouchDB as the contract knows it (`HttpCatalog`). Both are the caller's to close.
    """

    def __init__(self, upstream: Upstream, catalog: Catalog, policy: Policy, settings: Settings | None = None) -> None:
        super().__init__(Service(catalog, Guarded(policy), settings or Settings()))
        self._upstream = upstream

    async def _answer(self, call: Call) -> Reply:
        passage = passages.find(call.method, call.path, call.query)
        if passage is None:
            return await super()._answer(call)
        await call.admit(passage.database, passage.access)
        body = await self._body(call) if passage.takes_body else None
        return self._dressed(call, Relay(self._upstream, passage, body))

    async def _body(self, call: Call) -> bytes:
        if call.method == "POST":
            call.require_json()
        return await call.question()


class Guarded:
    """A policy with two rules more, for what only CouchDB has: databases of its own, and design documents that it runs."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    async def identify(self, connection: HTTPConnection) -> object:
        """As the policy says."""
        return await self._policy.identify(connection)

    async def authorize(self, identity: object, database: str | None, access: Access) -> None:
        """As the policy says; `_users` and its like do not exist by this door."""
        if database is not None and database.startswith("_"):
            raise NotFound("Database does not exist.")
        await self._policy.authorize(identity, database, access)

    async def validate(
        self, identity: object, database: Database, documents: Sequence[Document]
    ) -> list[SyncError | None]:
        """As the policy says, and Forbidden for a design document unless the identity may administer the database."""
        refusals = await self._policy.validate(identity, database, documents)
        designs = [number for number, document in enumerate(documents) if document.id.startswith("_design/")]
        if designs:
            try:
                await self._policy.authorize(identity, database.name, Access.ADMIN)
            except Forbidden as error:
                for number in designs:
                    refusals[number] = refusals[number] or error
        return refusals
