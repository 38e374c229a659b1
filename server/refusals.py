"""The one table from the application's errors to HTTP, and the two ways of saying no: JSON, or a page where people look."""

import logging

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server import dashboards, public
from server.api.errors import ApiError, NoSuch
from server.api.json import answer
from server.auth import errors as auth
from server.courier import errors as courier
from server.domain import errors as domain
from sync.errors import SyncError
from sync.faults import told
from sync.protocol.errors import status as status_of_engine

logger = logging.getLogger(__name__)

STATUSES: dict[type[Exception], int] = {
    auth.MalformedJoin: 400,
    auth.NotEnrolled: 401,
    auth.AuthError: 403,
    auth.UsedInvite: 409,
    auth.ExpiredInvite: 410,
    auth.AlreadyRevoked: 409,
    auth.UsedSignIn: 409,
    auth.StaleSignIn: 410,
    courier.Unreadable: 400,
    courier.Distrusted: 403,
    domain.Invalid: 400,
    domain.Forbidden: 403,
    NoSuch: 404,
    ApiError: 400,
}
_NAMES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    503: "service_unavailable",
}


_FOR_PROGRAMS = (".json", ".ics", ".atom", ".png")

HANDLED: tuple[type[Exception], ...] = (
    auth.AuthError,
    courier.CourierError,
    domain.DomainError,
    ApiError,
    SyncError,
    HTTPException,
)


def status(error: Exception) -> int:
    """The HTTP status of an error; 500 for one nobody foresaw."""
    if isinstance(error, SyncError):
        return status_of_engine(error)
    if isinstance(error, HTTPException):
        return error.status_code
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)


class Edge:
    """The layer around all doors: what nobody foresaw is answered with 500 and noted here, and nowhere else.

    Only the kind of the error and the lines of code are logged: its message and its values may hold what was counted.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            return
        except Exception as error:
            if scope["type"] != "http":
                raise  # the start or the end of the server itself: the operator needs to see everything
            logger.error("a request failed: %s", told(error))
            if not begun:
                await (await self._refusal(Request(scope, receive), error))(scope, receive, send)

    async def _refusal(self, request: Request, error: Exception) -> Response:
        """The answer to a fault: its page, or a line where that fails too: nobody further out may log it whole."""
        try:
            return await refuse(request, error)
        except Exception as fault:
            logger.error("a refusal could not be shown: %s", told(fault))
            return answer(_told(error, 500), 500)


async def refuse(request: Request, error: Exception) -> Response:
    """The answer to a request that failed, with the headers that belong to it: those a 405 allows."""
    response = _shown(request, error)
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


def _shown(request: Request, error: Exception) -> Response:
    code = status(error)
    if request.url.path.startswith("/dashboard"):
        return dashboards.refuse(request, error, code)
    if request.url.path.startswith("/public/") and not request.url.path.endswith(_FOR_PROGRAMS):
        return public.refuse(request, code)
    return answer(_told(error, code), code)


def _told(error: Exception, code: int) -> dict[str, str]:
    """What a program is told: a name, a sentence, and by which rule where one has a name."""
    said = {"error": _name(error, code), "reason": _reason(error, code)}
    if isinstance(error, auth.NotEnrolled | courier.CourierError | domain.DomainError | SyncError) and error.rule:
        said["rule"] = error.rule
    return said


def _name(error: Exception, code: int) -> str:
    if isinstance(error, auth.AuthError | courier.CourierError | ApiError | SyncError):
        return error.error
    return _NAMES.get(code, "internal_server_error" if code >= 500 else "bad_request")


def _reason(error: Exception, code: int) -> str:
    if isinstance(error, HTTPException):
        return error.detail
    if code == 500 and not isinstance(error, SyncError):
        return "The server failed. It has noted where."
    return str(error)
