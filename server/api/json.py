"""JSON in and out of the endpoints."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api.errors import BadBody
from sync.errors import TooLarge

_LONGEST = 4 * 1024 * 1024

T = TypeVar("T")


async def read_body(request: Request, shape: type[T]) -> T:
    """The request's body in a shape. Raises BadBody naming the field that is wrong, TooLarge."""
    try:
        return msgspec.json.decode(await read_bytes(request, _LONGEST), type=shape)
    except msgspec.ValidationError as error:
        raise BadBody(_named(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadBody("body: it is not JSON") from None


async def read_bytes(request: Request, most: int) -> bytes:
    """The request's body as it is. Raises TooLarge."""
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > most:
            raise TooLarge(f"body: it is larger than {most} bytes", error="too_large")
    return bytes(received)


def answer(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer that nobody in between keeps."""
    return Response(
        msgspec.json.encode(content),
        status,
        media_type="application/json",
        headers={"cache-control": "no-store", **(headers or {})},
    )


def _named(message: str) -> str:
    """The decoder's words with the field first: "invite: Expected `str`, got `int`"."""
    if message.startswith("Object missing required field `"):
        return message.split("`")[1] + ": it is missing"
    reason, _, place = message.partition(" - at `$")
    return f"{place.strip('`').lstrip('.') or 'body'}: {reason}"
