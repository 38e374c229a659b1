"""Who may see the pages: coordinators, the national ones included."""

from starlette.requests import Request

from server.context import context_of
from server.domain.identity import Identity

ROLES = ("coordinator", "national")


async def coordinator(request: Request) -> Identity:
    """The coordinator a request comes from. Raises NotEnrolled, NotAllowed, CrossSite."""
    return await context_of(request).doorkeeper.require(request, *ROLES)
