"""`GET /api/farewell`: whether a revoked phone is to forget everything, asked by the phone itself once it has been refused.

    {"device": "<ULID>", "signature": "<base64 of a signature over SIGNED_AS + the device>"}

404 for every phone that is not: being refused alone never costs anybody a count. The order is signed with the key that the
phone was given at joining, so nobody between the two can give it.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api.errors import NoSuch
from server.api.json import answer
from server.context import context_of

SIGNED_AS = b"otkrytka-farewell/1\n"


class Farewell(msgspec.Struct, frozen=True):
    """The order to forget everything, good for this device only."""

    device: str
    signature: str


async def farewell(request: Request) -> Response:
    """A `Farewell` for whoever shows the token of such a phone; 401 for a token that is none of ours."""
    context = context_of(request)
    device = context.doorkeeper.device_of(request)
    if not await context.devices.is_to_forget(device):
        raise NoSuch("This device may keep what it has.")
    return answer(Farewell(device, context.keys.sign(SIGNED_AS + device.encode("ascii"))))
