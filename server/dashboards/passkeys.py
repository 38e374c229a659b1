"""Making and forgetting passkeys, and what both ways with them share."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.api.json import read_bytes
from server.auth.errors import MalformedJoin
from server.auth.passkeys import CHALLENGE_SECONDS
from server.context import Context, context_of
from server.dashboards.access import coordinator
from server.dashboards.cookies import keep, kept

_LONGEST_ANSWER = 20_000


async def offer_passkey(request: Request) -> Response:
    """What the browser needs to make a passkey for this device, as JSON."""
    context = context_of(request)
    options, cookie = await context.passkeys.offer(await coordinator(request))
    return challenge(context, options, cookie)


async def add_passkey(request: Request) -> Response:
    """Keeps the public key of a new passkey. Raises WrongPasskey, StaleSignIn, UsedSignIn."""
    context = context_of(request)
    identity = await coordinator(request)
    text = await credential(request)
    await context.passkeys.register(identity, text, kept(context, request, "challenge"))
    await context.audit.record(identity, "passkey-added", str(identity.device))
    return Response(status_code=204)


async def remove_passkey(request: Request) -> Response:
    """Forgets a passkey of this device."""
    context = context_of(request)
    identity = await coordinator(request)
    await context.passkeys.remove(request.path_params["passkey"], identity)
    await context.audit.record(identity, "passkey-removed", str(identity.device))
    return RedirectResponse("/dashboard/sessions", 303)


async def credential(request: Request) -> str:
    """The authenticator's answer in a request's body, a JSON text. Raises TooLarge, MalformedJoin when it is no text."""
    try:
        return (await read_bytes(request, _LONGEST_ANSWER)).decode()
    except UnicodeDecodeError:
        raise MalformedJoin("credential", "not a JSON text") from None


def challenge(context: Context, options: str, cookie: str) -> Response:
    """Options for an authenticator, with the cookie of their challenge."""
    response = Response(options, media_type="application/json", headers={"cache-control": "no-store"})
    keep(context, response, "challenge", cookie, CHALLENGE_SECONDS)
    return response
