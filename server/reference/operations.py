"""What each JSON endpoint takes and answers. A route without an entry here, and the reverse, fails the tests."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from server.api.courier import courier
from server.api.device import Described, device
from server.api.farewell import Farewell, farewell
from server.api.joining import Join, Joined, join
from server.api.mirrors import SignedMirrors, mirrors
from server.api.nights import nights
from server.api.receipts import Asked, Receipt, receipts
from server.api.sign_ins import Vouched, vouch
from server.api.totals import Totals, chapter_totals, event_totals, national_totals
from server.api.waiting import Told, waiting
from server.courier.delivery import Delivered
from server.domain.identity import COORDINATORS
from server.hub.nights import ToldNight
from server.public.data import PublicTotals, Schedule, schedule_json, schedule_on_json, totals_json

Handler = Callable[[Request], Awaitable[Response]]


class Refusal(Struct, frozen=True):
    """Why not: one word for programs, a sentence for people; `rule` names which rule refused, where one with a name did."""

    error: str
    reason: str
    rule: str = ""


class Accepted(Struct, frozen=True):
    """It is kept."""

    ok: bool


class Operation(Struct, frozen=True):
    """One endpoint: what it answers when all is well, its body and parameters, whom it is for, with which statuses it refuses.

    `roles` are () for everybody, else those whose bearer token it wants. What it is for is the text `reference-<handler>`.
    """

    answers: Any
    status: int = 200
    body: Any = None
    binary: bool = False
    parameters: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    refusals: tuple[int, ...] = ()


ANYBODY_ENROLLED = ("volunteer", "coordinator", "national", "hub")
_SCOPE = ("from", "to", "theme")

OPERATIONS: Mapping[Handler, Operation] = {
    courier: Operation(Delivered, body=bytes, binary=True, refusals=(400, 403, 413)),
    join: Operation(Joined, 201, body=Join, refusals=(400, 403, 409, 410, 413)),
    device: Operation(Described, roles=ANYBODY_ENROLLED, refusals=(401,)),
    farewell: Operation(Farewell, roles=ANYBODY_ENROLLED, refusals=(401, 404)),
    mirrors: Operation(SignedMirrors),
    nights: Operation(Accepted, 201, body=ToldNight, roles=("hub",), refusals=(400, 401, 403, 413)),
    receipts: Operation(dict[str, Receipt], body=Asked, roles=ANYBODY_ENROLLED, refusals=(400, 401, 403, 404, 413)),
    vouch: Operation(Accepted, 201, body=Vouched, roles=COORDINATORS, refusals=(400, 401, 403, 409, 410, 413)),
    national_totals: Operation(Totals, parameters=_SCOPE, roles=COORDINATORS, refusals=(400, 401, 403)),
    chapter_totals: Operation(Totals, parameters=_SCOPE, roles=COORDINATORS, refusals=(400, 401, 403, 404)),
    event_totals: Operation(Totals, parameters=_SCOPE, roles=COORDINATORS, refusals=(400, 401, 403, 404)),
    waiting: Operation(Accepted, 201, body=Told, roles=ANYBODY_ENROLLED, refusals=(400, 401, 403, 413)),
    schedule_json: Operation(Schedule),
    schedule_on_json: Operation(Schedule, refusals=(404,)),
    totals_json: Operation(PublicTotals),
}
"""By handler."""

PARAMETERS: Mapping[str, Any] = {
    "from": {"type": "string", "format": "date", "examples": ["2026-01-29"]},
    "to": {"type": "string", "format": "date", "examples": ["2026-01-29"]},
    "theme": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "examples": ["russian-science-day"]},
    "chapter": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "examples": ["moscow"]},
    "part": {"type": "string", "pattern": "^([2-9]|[1-9][0-9]{1,5})$", "examples": ["2"]},
    "event": {"type": "string", "pattern": "^event:[0-9A-HJKMNP-TV-Z]{26}$"},
}
"""In addresses: those in braces and those after the question mark."""
