"""The two ways of saying no: JSON, or a page where people look. With which status is in statuses.py."""

import logging

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server import dashboards, public
from server.api.errors import ApiError
from server.api.json import answer
from server.auth import errors as auth
from server.courier import errors as courier
from server.domain import errors as domain
from server.statuses import status
from sync.errors import SyncError
from sync.faults import told

logger = logging.getLogger(__name__)

_NAMES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    503: "service_unavailable",
}


_FOR_PROGRAMS = (".json", ".ics", ".atom", ".png")


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
