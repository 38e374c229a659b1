"""The application: every door of the server, in one place.

/db/…         the database API (sync/protocol), with the domain's rules as its policy
/api/… /healthz /readyz /metrics     server/api
/dashboard…   server/dashboards
/public…      server/public; what programs may ask, described: server/reference
everything else: the phone app's files
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypedDict, cast

import anyio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from server import api, dashboards, public, reference
from server.addresses import all_addresses
from server.bodies import BoundForms
from server.context import Context, open_context
from server.cross_origin import CrossOrigin
from server.headers import SecurityHeaders
from server.hub.link import Link
from server.jobs.schedule import every_night
from server.measures import CountRequests
from server.phone import PhoneApp
from server.projection.keeping import keep_coverage
from server.refusals import Edge, refuse
from server.settings import Settings
from server.statuses import HANDLED
from sync.faults import told

logger = logging.getLogger(__name__)


class _State(TypedDict):
    context: Context


class Ended(Exception):
    """What works beside the requests has failed, and with it the server: whoever started it may start it again."""


def create_app(settings: Settings) -> Starlette:
    """The server of these settings. It opens its data when it starts, and lets go of it when it stops."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[_State]:
        async with open_context(settings) as context, anyio.create_task_group() as tasks:
            tasks.start_soon(_lasting, context.follower.run)
            tasks.start_soon(_lasting, every_night, settings)
            if context.member is None:
                tasks.start_soon(_lasting, context.publisher.run)
                tasks.start_soon(_lasting, keep_coverage, context.catalog, context.tables, context.follower)
            else:
                tasks.start_soon(_lasting, Link(settings, context.member, context.catalog, context.above).run)
            app.state.stopping = context.follower.signals.stop
            yield {"context": context}
            tasks.cancel_scope.cancel()

    addresses = all_addresses(settings)
    elsewhere = addresses if settings.mirrors else ()
    app = Starlette(
        routes=[
            Mount("/db", _engine),
            *api.ROUTES,
            *dashboards.ROUTES,
            *public.ROUTES,
            *reference.ROUTES,
            Route("/{path:path}", PhoneApp().answer, methods=["GET"]),
        ],
        middleware=[
            Middleware(SecurityHeaders, secure=addresses[0].startswith("https:"), mirrors=elsewhere),
            Middleware(CrossOrigin, origins=elsewhere),
            Middleware(CountRequests),
            Middleware(Edge),
            Middleware(BoundForms),
        ],
        exception_handlers=dict.fromkeys(HANDLED, refuse),
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False  # PouchDB asks for /db/name/ and must not be sent elsewhere
    return app


async def _lasting(work: Callable[..., Awaitable[None]], *args: object) -> None:
    """Does what is to last as long as the server. Of a fault only its place is logged, as of one met by a request (`Edge`)."""
    try:
        await work(*args)
    except Exception as error:
        logger.critical("what works beside the requests has failed, so the server ends: %s", told(error))
        raise Ended from None


async def _engine(scope: Scope, receive: Receive, send: Send) -> None:
    """The database API of the running context."""
    context = cast("_State", scope["state"])["context"]
    await context.engine(scope, receive, send)
