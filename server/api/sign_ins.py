"""`POST /api/sign-ins`: a coordinator's phone vouches for the browser whose code it read (`server/auth/sessions.py`)."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api.json import answer, read_body
from server.context import context_of
from server.domain.identity import COORDINATORS


class Vouched(msgspec.Struct):
    """The id that the browser shows."""

    browser: str


async def vouch(request: Request) -> Response:
    """201; 400 for what is no such id, 403 for other roles, 409 when it was vouched for before, 410 when it waited too long."""
    context = context_of(request)
    identity = await context.doorkeeper.require(request, *COORDINATORS)
    body = await read_body(request, Vouched)
    await context.sessions.approve(body.browser, identity)
    await context.audit.record(identity, "session-vouched", str(identity.device))
    return answer({"ok": True}, 201)
