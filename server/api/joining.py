"""`POST /api/join`: an invite becomes an enrolled device with a token.

A phone may name a `key` of its own, by whose signature the server knows what comes from it by other hands (`server/courier`).
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api.json import answer, read_body
from server.auth.pseudonyms import check_pseudonym
from server.auth.signatures import check_public_text
from server.context import context_of
from server.domain.identity import databases_of
from server.domain.pseudonyms import suggest
from server.language import language_of


class Join(msgspec.Struct):
    """An invite, and what a phone says of itself."""

    invite: str
    pseudonym: str | None = None
    key: str | None = None


class Keys(msgspec.Struct, frozen=True):
    """By which a phone knows this server from now on (`server/auth/server_keys.py`)."""

    signing: str
    courier: str


class Joined(msgspec.Struct, frozen=True):
    """What a device keeps. `mirrors` are further addresses of this server, to be believed as much as this answer."""

    device: str
    pseudonym: str
    role: str
    chapters: tuple[str, ...]
    databases: tuple[str, ...]
    token: str
    keys: Keys
    mirrors: tuple[str, ...] = ()


async def join(request: Request) -> Response:
    """201 with a `Joined`; 400, 403 (not ours), 409 (used), 410 (expired)."""
    context = context_of(request)
    body = await read_body(request, Join)
    invited = context.invites.read(body.invite)
    suggested = suggest(language_of(request).code)
    pseudonym = suggested if body.pseudonym is None else check_pseudonym(body.pseudonym)
    key = None if body.key is None else check_public_text(body.key)
    identity = await context.devices.enrol(invited, pseudonym, key)
    context.measures.joins.inc()
    device = str(identity.device)
    joined = Joined(
        device=device,
        pseudonym=pseudonym,
        role=identity.role,
        chapters=identity.chapters,
        databases=databases_of(identity),
        token=context.doorkeeper.tokens.token(device),
        keys=Keys(context.keys.signing, context.keys.courier),
        mirrors=context.settings.mirrors,
    )
    return answer(joined, 201)
