"""The JSON endpoints: joining, receipts, totals, a hub's nights, and what operation asks of a server.

Handlers raise; `server/refusals.py` answers, with the statuses of `server/statuses.py`.
"""

from starlette.routing import Route

from server.api.courier import courier
from server.api.device import device
from server.api.farewell import farewell
from server.api.joining import join
from server.api.mirrors import mirrors
from server.api.nights import nights
from server.api.operation import healthz, metrics, readyz
from server.api.receipts import receipts
from server.api.sign_ins import vouch
from server.api.totals import chapter_totals, event_totals, national_totals
from server.api.waiting import waiting

ROUTES = [
    Route("/api/courier", courier, methods=["POST"]),
    Route("/api/join", join, methods=["POST"]),
    Route("/api/device", device, methods=["GET"]),
    Route("/api/farewell", farewell, methods=["GET"]),
    Route("/api/mirrors", mirrors, methods=["GET"]),
    Route("/api/nights", nights, methods=["POST"]),
    Route("/api/receipts", receipts, methods=["POST"]),
    Route("/api/sign-ins", vouch, methods=["POST"]),
    Route("/api/totals", national_totals, methods=["GET"]),
    Route("/api/totals/chapters/{chapter}", chapter_totals, methods=["GET"]),
    Route("/api/totals/events/{event}", event_totals, methods=["GET"]),
    Route("/api/waiting", waiting, methods=["POST"]),
    Route("/healthz", healthz, methods=["GET"]),
    Route("/readyz", readyz, methods=["GET"]),
    Route("/metrics", metrics, methods=["GET"]),
]
