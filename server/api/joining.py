"""`POST /api/join`: an invite becomes an enrolled device with a token."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api.json import answer, read_body
from server.auth.pseudonyms import check_pseudonym
from server.context import context_of
from server.domain.identity import databases_of
from server.domain.pseudonyms import suggest


class _Join(msgspec.Struct):
    invite: str
    pseudonym: str | None = None


class Joined(msgspec.Struct, frozen=True):
    """What a device keeps. `mirrors` are further addresses of the same databases."""

    device: str
    pseudonym: str
    role: str
    chapters: tuple[str, ...]
    databases: tuple[str, ...]
    token: str
    mirrors: tuple[str, ...] = ()


async def join(request: Request) -> Response:
    """201 with a `Joined`; 400, 403 (not ours), 409 (used), 410 (expired)."""
    context = context_of(request)
    body = await read_body(request, _Join)
    invited = context.invites.read(body.invite)
    english = request.headers.get("accept-language", "").lower().startswith("en")
    pseudonym = suggest("en" if english else "ru") if body.pseudonym is None else check_pseudonym(body.pseudonym)
    identity = await context.devices.enrol(invited, pseudonym)
    context.measures.joins.inc()
    device = str(identity.device)
    joined = Joined(
        device=device,
        pseudonym=pseudonym,
        role=identity.role,
        chapters=identity.chapters,
        databases=databases_of(identity),
        token=context.doorkeeper.tokens.token(device),
    )
    return answer(joined, 201)
