"""`GET /api/mirrors`: under which addresses this server can be reached, signed with the key that phones were given at joining.

    {"list": "<base64 of JSON>", "signature": "<base64>"}
    list   {"mirrors": ["https://letters.example", …], "issued": <seconds since 1970>, "expires": <the same>}

Anybody may pass the list on and nobody can change it. An old one can't be put in the place of a newer one: a phone takes none
that was issued before the one it has. One that has expired is not relied on, since a name given up may be another's now.
"""

import base64
import time

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api.json import answer
from server.auth.server_keys import ServerKeys
from server.context import context_of

SIGNED_AS = b"otkrytka-mirrors/1\n"
_GOOD_FOR_SECONDS = 90 * 24 * 3600


class Mirrors(msgspec.Struct, frozen=True):
    """The list: all addresses, the server's own first."""

    mirrors: tuple[str, ...]
    issued: int
    expires: int


class SignedMirrors(msgspec.Struct, frozen=True):
    """The list as the bytes that were signed, after SIGNED_AS."""

    list: str
    signature: str


async def mirrors(request: Request) -> Response:
    """A `SignedMirrors`, for whoever asks: a phone looks for a way in before it shows its token."""
    context = context_of(request)
    return answer(signed(context.addresses, context.keys, int(time.time())))


def signed(addresses: tuple[str, ...], keys: ServerKeys, now: int) -> SignedMirrors:
    """The list of these addresses as of now."""
    content = msgspec.json.encode(Mirrors(addresses, issued=now, expires=now + _GOOD_FOR_SECONDS))
    return SignedMirrors(base64.b64encode(content).decode("ascii"), keys.sign(SIGNED_AS + content))
