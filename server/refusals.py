"""The one table from the application's errors to HTTP, and the two ways of saying no: JSON, or a page on the dashboard."""

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server import dashboards
from server.api.errors import ApiError, NoSuch
from server.api.json import answer
from server.auth import errors as auth
from server.domain import errors as domain
from sync.errors import SyncError
from sync.protocol.errors import status as status_of_engine

logger = logging.getLogger(__name__)

STATUSES: dict[type[Exception], int] = {
    auth.MalformedJoin: 400,
    auth.NotEnrolled: 401,
    auth.AuthError: 403,
    auth.UsedInvite: 409,
    auth.ExpiredInvite: 410,
    domain.Invalid: 400,
    domain.Forbidden: 403,
    NoSuch: 404,
    ApiError: 400,
}
_NAMES = {400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "not_found", 405: "method_not_allowed"}

HANDLED: tuple[type[Exception], ...] = (
    auth.AuthError,
    domain.DomainError,
    ApiError,
    SyncError,
    HTTPException,
    Exception,
)


def status(error: Exception) -> int:
    """The HTTP status of an error; 500 for one nobody foresaw."""
    if isinstance(error, SyncError):
        return status_of_engine(error)
    if isinstance(error, HTTPException):
        return error.status_code
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)


async def refuse(request: Request, error: Exception) -> Response:
    """The answer to a request that failed. What nobody foresaw is logged here, and nowhere else, without its data."""
    code = status(error)
    if code >= 500:
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
        logger.error("a request failed: %s at %s", type(error).__name__, where)
    if request.url.path.startswith("/dashboard"):
        return dashboards.refuse(request, error, code)
    return answer({"error": _name(error, code), "reason": _reason(error, code)}, code)


def _name(error: Exception, code: int) -> str:
    if isinstance(error, auth.AuthError | ApiError | SyncError):
        return error.error
    return _NAMES.get(code, "internal_server_error" if code >= 500 else "bad_request")


def _reason(error: Exception, code: int) -> str:
    if isinstance(error, HTTPException):
        return error.detail
    if code == 500 and not isinstance(error, SyncError):
        return "The server failed. It has noted where."
    return str(error)
