"""Is it alive, may it be asked, what does it count: for whoever watches the server.

Databases are named to the token of a national device only.
"""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from server.api.json import answer
from server.auth.errors import AuthError
from server.context import Context, context_of


async def healthz(request: Request) -> Response:
    """200 while the process answers at all."""
    return PlainTextResponse("ok\n", headers={"cache-control": "no-store"})


async def readyz(request: Request) -> Response:
    """200 once the totals have caught up with the databases after the start, with how far behind they are now; else 503."""
    context = context_of(request)
    ready, lags = context.follower.caught_up.is_set(), await _lags(context)
    projection: dict[str, object] = {"behind": sum(lags.values())}
    if await _is_national(request):
        projection["databases"] = lags
    return answer({"ready": ready, "projection": projection}, 200 if ready else 503)


async def metrics(request: Request) -> Response:
    """The counters, in Prometheus' text format."""
    context = context_of(request)
    measures, lags = context.measures, await _lags(context)
    measures.applied.set(context.follower.applied)
    measures.behind.set(sum(lags.values()))
    for database, lag in lags.items():
        measures.behind_in.labels(database).set(lag)
    text = measures.text(named=await _is_national(request))
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


async def _lags(context: Context) -> dict[str, int]:
    """How many changes of each database are not in the totals; 1 where the store can't tell more than that there are some."""
    return {database: abs(lag) for database, lag in (await context.follower.behind()).items()}


async def _is_national(request: Request) -> bool:
    """Whether the asker may know which chapters there are: anybody reaches these doors."""
    try:
        return (await context_of(request).doorkeeper.identify(request)).role == "national"
    except AuthError:
        return False
