"""Is it alive, may it be asked, what does it count: for whoever watches the server.

Databases are named to the token of a national device only.
"""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from server.api.json import answer
from server.auth.errors import AuthError
from server.context import context_of


async def healthz(request: Request) -> Response:
    """200 while the process answers at all."""
    return PlainTextResponse("ok\n", headers={"cache-control": "no-store"})


async def readyz(request: Request) -> Response:
    """200 once the totals have caught up with the databases after the start, with how far behind they are now; else 503."""
    national = await _is_national(request)
    ready, lags = context_of(request).follower.caught_up.is_set(), await _lags(request, fresh=national)
    projection: dict[str, object] = {"behind": sum(lags.values())}
    if national:
        projection["databases"] = lags
    return answer({"ready": ready, "projection": projection}, 200 if ready else 503)


async def metrics(request: Request) -> Response:
    """The counters, in Prometheus' text format."""
    context, national = context_of(request), await _is_national(request)
    measures, lags = context.measures, await _lags(request, fresh=national)
    measures.applied.set(context.follower.applied)
    measures.behind.set(sum(lags.values()))
    measures.behind_in.clear()  # of databases that are gone nothing is behind
    for database, lag in lags.items():
        measures.behind_in.labels(database).set(lag)
    text = measures.text(named=national)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


async def _lags(request: Request, *, fresh: bool) -> dict[str, int]:
    """How many changes of each database are not in the totals; 1 where the store can't tell more than that there are some."""
    follower = context_of(request).follower
    behind = await (follower.behind() if fresh else follower.behind_lately())
    return {database: abs(lag) for database, lag in behind.items()}


async def _is_national(request: Request) -> bool:
    """Whether the asker may know which chapters there are: anybody reaches these doors."""
    try:
        return (await context_of(request).doorkeeper.identify(request)).role == "national"
    except AuthError:
        return False
