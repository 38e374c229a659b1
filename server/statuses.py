"""The one table from the application's errors to HTTP."""

from starlette.exceptions import HTTPException

from server.api.errors import ApiError, NoSuch
from server.auth import errors as auth
from server.courier import errors as courier
from server.domain import errors as domain
from sync.errors import SyncError
from sync.protocol.errors import status as status_of_engine

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
