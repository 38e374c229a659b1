"""Signing a browser in and out.

    /dashboard/sign-in#<invite>   the page reads the invite from the fragment and puts it into its form; a button sends it

Opening the link changes nothing, so a preview made by a messenger, which never sees the fragment, can't use the invite up.
"""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.auth.errors import AuthError, CrossSite, MalformedJoin
from server.auth.origin import require_own_page
from server.auth.pseudonyms import check_pseudonym
from server.auth.tokens import SESSION_SECONDS
from server.context import Context, context_of
from server.dashboards.access import ROLES, coordinator
from server.dashboards.rendering import page
from server.domain.pseudonyms import suggest
from server.language import language_of

_PROBLEMS = {"bad_request": "malformed", "conflict": "used", "gone": "expired", "forbidden": "forged"}
STATUSES = {"malformed": 400, "pseudonym": 400, "used": 409, "expired": 410, "forged": 403, "phone": 403}


async def sign_in_page(request: Request) -> Response:
    """The form."""
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
        if invited.role not in ROLES:
            return _again(request, "phone")
        pseudonym = check_pseudonym(wished) if wished.strip() else suggest(language_of(request).code)
        identity = await context.devices.enrol(invited, pseudonym)
    except CrossSite:
        raise
    except AuthError as error:
        return _again(request, _problem(error))
    context.measures.joins.inc()
    return _with_session(context, RedirectResponse("/dashboard", 303), str(identity.device))


async def open_session(request: Request) -> Response:
    """Gives the browser of a coordinator's phone app, which shows its bearer token, a session for these pages."""
    identity = await coordinator(request)
    return _with_session(context_of(request), Response(status_code=204), str(identity.device))


async def sign_out(request: Request) -> Response:
    """Ends the session in this browser."""
    context = context_of(request)
    require_own_page(request, context.public_url)
    response = RedirectResponse("/dashboard/sign-in", 303)
    response.delete_cookie(
        context.doorkeeper.cookie, secure=context.doorkeeper.secure, httponly=True, samesite="strict"
    )
    return response


def _with_session(context: Context, response: Response, device: str) -> Response:
    response.set_cookie(
        context.doorkeeper.cookie,
        context.doorkeeper.tokens.session(device),
        max_age=SESSION_SECONDS,
        secure=context.doorkeeper.secure,
        httponly=True,
        samesite="strict",
    )
    response.headers["cache-control"] = "no-store"
    return response


def _again(request: Request, problem: str) -> Response:
    return page(request, "sign_in.html", status=STATUSES[problem], problem=problem)


def _problem(error: AuthError) -> str:
    if isinstance(error, MalformedJoin) and error.field == "pseudonym":
        return "pseudonym"
    return _PROBLEMS[error.error]
