"""Is it alive, may it be asked, what does it count: for whoever watches the server."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from server.api.json import answer
from server.context import context_of


async def healthz(request: Request) -> Response:
    """200 while the process answers at all."""
    return PlainTextResponse("ok\n", headers={"cache-control": "no-store"})


async def readyz(request: Request) -> Response:
    """200 once the totals have caught up with the databases after the start, with how far behind they are now; else 503."""
    context = context_of(request)
    ready = context.follower.caught_up.is_set()
    content = {"ready": ready, "projection": {"behind": await context.follower.behind()}}
    return answer(content, 200 if ready else 503)


async def metrics(request: Request) -> Response:
    """The counters, in Prometheus' text format."""
    context = context_of(request)
    context.measures.applied.set(context.follower.applied)
    for database, lag in (await context.follower.behind()).items():
        context.measures.behind.labels(database).set(abs(lag))
    return Response(context.measures.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
