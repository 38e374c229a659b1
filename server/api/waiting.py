"""`POST /api/waiting`: a phone says what it still holds, so that people know what the numbers lack (`server/waiting.py`)."""

import datetime as dt
from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api.json import answer, read_body
from server.context import context_of


class Told(msgspec.Struct):
    """How many documents the server lacks, and since when the oldest of them waits, by the phone's clock."""

    records: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    since: Annotated[dt.datetime, msgspec.Meta(tz=True)] | None = None


async def waiting(request: Request) -> Response:
    """201, for every enrolled device."""
    context = context_of(request)
    identity = await context.doorkeeper.identify(request)
    told = await read_body(request, Told)
    await context.waiting.tell(str(identity.device), told.records, told.since)
    return answer({"ok": True}, 201)
