"""Signing a browser in and out: by an invite, by a phone, by a passkey (`server/auth/sessions.py`, `passkeys.py`).

    /dashboard/sign-in#<invite>   the page reads the invite from the fragment and puts it into its form; a button sends it
    /dashboard/sign-in/phone      shows a code for the phone of a coordinator, and waits for its word
    /dashboard/sign-in/passkey    a script asks for a challenge and sends the authenticator's answer

Opening a link changes nothing, so a preview made by a messenger, which never sees the fragment, can't use an invite up.
"""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.api.json import answer
from server.auth.errors import AuthError, CrossSite, MalformedJoin
from server.auth.origin import require_own_page
from server.auth.pseudonyms import check_pseudonym
from server.auth.sessions import WAITING_SECONDS
from server.context import Context, context_of
from server.dashboards.access import coordinator
from server.dashboards.cookies import drop, end_session, give_session, keep, kept
from server.dashboards.passkeys import challenge, credential
from server.dashboards.rendering import page, qr_code
from server.domain.documents import Entrance
from server.domain.identity import COORDINATORS
from server.domain.pseudonyms import suggest
from server.language import language_of

_PROBLEMS = {"bad_request": "malformed", "conflict": "used", "gone": "expired", "forbidden": "forged"}
STATUSES = {"malformed": 400, "pseudonym": 400, "used": 409, "expired": 410, "forged": 403, "phone": 403}
CODE_LENGTH = 4
"""So many letters, the last of the id a waiting browser shows, are compared by the person with both screens before them."""


async def sign_in_page(request: Request) -> Response:
    """The three ways in."""
    return page(request, "sign_in.html", problem="")


async def sign_in(request: Request) -> Response:
    """Uses an invite for a coordinator up, and gives the browser a session."""
    context = context_of(request)
    require_own_page(request, context.public_url)
    async with request.form(max_files=0, max_fields=4) as form:
        text, wished = str(form.get("invite", "")), str(form.get("pseudonym", ""))
    try:
        # A whole link is as good as the invite in it.
        invited = context.invites.read(text.strip().rpartition("#")[2])
        if invited.role not in COORDINATORS:
            return _again(request, "phone")
        pseudonym = check_pseudonym(wished) if wished.strip() else suggest(language_of(request).code)
        identity = await context.devices.enrol(invited, pseudonym)
    except CrossSite:
        raise
    except AuthError as error:
        return _again(request, _problem(error))
    context.measures.joins.inc()
    return await _open(context, RedirectResponse("/dashboard", 303), str(identity.device), "invite")


async def open_session(request: Request) -> Response:
    """Gives the browser of a coordinator's phone app, which shows its bearer token, a session for these pages."""
    identity = await coordinator(request)
    return await _open(context_of(request), Response(status_code=204), str(identity.device), "phone")


async def sign_in_by_phone(request: Request) -> Response:
    """Shows a code that a phone reads. The browser keeps a cookie by which it, and no other, can use the phone's word."""
    context = context_of(request)
    name, cookie = context.sessions.wait()
    link = f"{context.public_url}/app/sign-in#{name}"
    shown = page(request, "sign_in_by_phone.html", code=qr_code(link), link=link, letters=name[-CODE_LENGTH:])
    keep(context, shown, "waiting", cookie, WAITING_SECONDS)
    return shown


async def phone_word(request: Request) -> Response:
    """Whether a phone has vouched for this browser yet: `{"vouched": bool}`. Raises StaleSignIn."""
    context = context_of(request)
    return answer({"vouched": await context.sessions.vouched(kept(context, request, "waiting")) is not None})


async def claim_session(request: Request) -> Response:
    """Opens the session that a phone vouched for. Raises NotEnrolled where none has, StaleSignIn, UsedSignIn."""
    context = context_of(request)
    require_own_page(request, context.public_url)
    cookie = await context.sessions.claim(kept(context, request, "waiting"))
    response = give_session(context, RedirectResponse("/dashboard", 303), cookie)
    drop(context, response, "waiting")
    return response


async def ask_for_passkey(request: Request) -> Response:
    """What the browser needs to answer with a passkey, as JSON."""
    context = context_of(request)
    require_own_page(request, context.public_url)
    options, cookie = context.passkeys.ask()
    return challenge(context, options, cookie)


async def sign_in_by_passkey(request: Request) -> Response:
    """Opens a session for the device whose passkey answered. Raises WrongPasskey, StaleSignIn, UsedSignIn, NotEnrolled."""
    context = context_of(request)
    require_own_page(request, context.public_url)
    text = await credential(request)
    device, name = await context.passkeys.answered(text, kept(context, request, "challenge"))
    await context.devices.identify(device)
    return await _open(context, Response(status_code=204), device, "passkey", name)


async def sign_out(request: Request) -> Response:
    """Ends the session in this browser."""
    context = context_of(request)
    require_own_page(request, context.public_url)
    response = RedirectResponse("/dashboard/sign-in", 303)
    try:
        identity, (_, name) = await coordinator(request), context.doorkeeper.shown(request)
        if name is not None:
            await context.sessions.end(name, identity)
    except AuthError:
        pass  # it has ended already
    end_session(context, response)
    return response


async def _open(context: Context, response: Response, device: str, by: Entrance, name: str | None = None) -> Response:
    return give_session(context, response, await context.sessions.open(device, by, name))


def _again(request: Request, problem: str) -> Response:
    return page(request, "sign_in.html", status=STATUSES[problem], problem=problem)


def _problem(error: AuthError) -> str:
    if isinstance(error, MalformedJoin) and error.field == "pseudonym":
        return "pseudonym"
    return _PROBLEMS[error.error]
