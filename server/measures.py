"""What `/metrics` tells, as Prometheus reads it: counts of requests and changes, nothing about a person or a device."""

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_DOORS = ("db", "api", "dashboard", "public", "healthz", "readyz", "metrics")


class Measures:
    """The counters of one server process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "otkrytka_requests",
            "Answered requests by door and HTTP status.",
            ("door", "status"),
            registry=self._registry,
        )
        self.joins = Counter("otkrytka_joins", "Devices that used an invite.", registry=self._registry)
        self.live_pages = Gauge(
            "otkrytka_live_pages", "Dashboard pages listening for changes.", registry=self._registry
        )
        self.applied = Gauge(
            "otkrytka_projection_applied", "Changes taken into the totals since the start.", registry=self._registry
        )
        self.behind = Gauge("otkrytka_projection_behind", "Changes not in the totals yet.", registry=self._registry)
        self._named = CollectorRegistry()
        self.behind_in = Gauge(
            "otkrytka_projection_behind_in", "The same of each database.", ("database",), registry=self._named
        )

    def text(self, *, named: bool) -> bytes:
        """Everything in Prometheus' text format; what names databases, and so chapters, only on demand."""
        return generate_latest(self._registry) + (generate_latest(self._named) if named else b"")


class CountRequests:
    """Counts every answer by the door it came from. The paths themselves name events, so they are not kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        first = scope["path"].lstrip("/").partition("/")[0]
        door = first if first in _DOORS else "phone"
        requests = scope["state"]["context"].measures.requests

        async def send_and_count(message: Message) -> None:
            if message["type"] == "http.response.start":
                requests.labels(door, str(message["status"])).inc()
            await send(message)

        await self._app(scope, receive, send_and_count)
