"""Who may see the pages: coordinators, the national ones included; and who may change an event."""

from starlette.exceptions import HTTPException
from starlette.requests import Request

from server.context import context_of
from server.domain import validation
from server.domain.identity import COORDINATORS, Identity
from server.projection import queries


async def coordinator(request: Request) -> Identity:
    """The coordinator a request comes from. Raises NotEnrolled, NotAllowed, CrossSite."""
    return await context_of(request).doorkeeper.require(request, *COORDINATORS)


def chapters_seen(identity: Identity) -> frozenset[str] | None:
    """The chapters whose numbers a coordinator sees, by slug; None for all."""
    return None if identity.role == "national" else frozenset(identity.chapters)


async def event_in(request: Request, identity: Identity) -> tuple[str, str]:
    """The database of the event in the address, and its id, if this coordinator may write there. Raises Forbidden, or a 404."""
    event = request.path_params["event"]
    databases = await context_of(request).tables.read(queries.databases_of, event)
    database = validation.first_open(databases, identity, "write")
    if database is None:
        raise HTTPException(404)
    return database, event
