"""`GET /api/device`: who the server takes a device for. A hub asks which chapters are its own."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api.json import answer
from server.context import context_of
from server.domain.identity import databases_of


class Described(msgspec.Struct, frozen=True):
    """What `POST /api/join` answered, as it is now, without the token."""

    device: str
    pseudonym: str
    role: str
    chapters: tuple[str, ...]
    databases: tuple[str, ...]


async def device(request: Request) -> Response:
    """A `Described` for whoever asks; 401 for nobody we know."""
    identity = await context_of(request).doorkeeper.identify(request)
    described = Described(
        str(identity.device), identity.pseudonym, identity.role, identity.chapters, databases_of(identity)
    )
    return answer(described)
