"""The page at which anybody hands in a parcel: no account, no script, and nothing is remembered of who did."""

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from server.context import context_of
from server.courier.delivery import deliver
from server.courier.errors import CourierError
from server.courier.parcels import LARGEST
from server.dashboards.rendering import page
from server.statuses import status

_FORM = 16 * 1024  # what a form adds to the file in it


async def parcels_page(request: Request) -> Response:
    """The form."""
    return page(request, "parcels.html", outcome=None, problem="")


async def take_parcel(request: Request) -> Response:
    """Takes a parcel in, and says how much of it was stored; or why it was not taken."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > LARGEST + _FORM:
        return page(request, "parcels.html", status=413, outcome=None, problem="too-large")
    async with request.form(max_files=1, max_fields=0) as form:
        file = form.get("parcel")
        content = await file.read() if isinstance(file, UploadFile) else b""
    try:
        outcome = await deliver(content, context_of(request))
    except CourierError as error:
        return page(request, "parcels.html", status=status(error), outcome=None, problem=error.error)
    return page(request, "parcels.html", outcome=outcome, problem="")
