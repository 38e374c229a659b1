"""The CouchDB HTTP API as an ASGI application.

request ─► Call ─► routes ─► policy (identify, authorize) ─► handler ─► Reply
             └──────── SyncError ────────────► errors ─────────────► Reply
"""

import logging

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from sync.databases.contract import Catalog
from sync.errors import SyncError
from sync.faults import told
from sync.policy import Open, Policy
from sync.protocol import cors, routes
from sync.protocol.call import Call, Service
from sync.protocol.replies import Reply, json, refusal
from sync.protocol.settings import Settings

_log = logging.getLogger(__name__)


class Application:
    """The API over the databases of one catalog. It can be mounted at any path, and never redirects."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            call = Call(scope, receive, self._service)
        except SyncError as error:
            await refusal(error).send(Call({**scope, "raw_path": b"/"}, receive, self._service), send)
            return
        try:
            reply = await self._answer(call)
            await reply.send(call, watched)
        except ClientDisconnect:
            return
        except SyncError as error:
            if begun:
                # Half an answer must not look like a whole one: as it has no end, the server cuts the connection.
                _log.warning("an answer was cut short: %s", error.error)
                return
            await self._dressed(call, refusal(error)).send(call, send)
        except Exception as error:
            if begun:
                raise
            _log.error("%s failed: %s", call.method, told(error))
            reply = json({"error": "unknown_error", "reason": "The server has a fault; its log says more."}, 500)
            await self._dressed(call, reply).send(call, send)

    async def _answer(self, call: Call) -> Reply:
        settings = self._service.settings
        if settings.cors is not None and (asked := cors.preflight(call, settings.cors)) is not None:
            return self._dressed(call, asked)
        route = routes.route(call.method, call.path)
        endpoint = route.endpoint
        if endpoint.access is not None:
            await call.admit(route.database, endpoint.access)
        if endpoint.opens and route.database is not None:
            call.database = await self._service.catalog.open(route.database)
        return self._dressed(call, await endpoint.handler(call, *route.arguments))

    def _dressed(self, call: Call, reply: Reply) -> Reply:
        if self._service.settings.cors is not None:
            reply.extra = cors.headers(call, self._service.settings.cors)
        return reply


def application(catalog: Catalog, policy: Policy | None = None, settings: Settings | None = None) -> Application:
    """The API over `catalog`, which stays the caller's to close. Without a policy everybody may do everything."""
    return Application(Service(catalog, policy or Open(), settings or Settings()))
