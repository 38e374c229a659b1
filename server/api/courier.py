"""`POST /api/courier`: a parcel from whoever carries it. No account is asked for: the parcel itself says whose it is."""

from starlette.requests import Request
from starlette.responses import Response

from server.api.json import answer, read_bytes
from server.context import context_of
from server.courier.delivery import deliver
from server.courier.parcels import LARGEST


async def courier(request: Request) -> Response:
    """200 with a `Delivered`; 400 for what can't be read, 403 for what is not from a known device, 413."""
    return answer(await deliver(await read_bytes(request, LARGEST), context_of(request)))
