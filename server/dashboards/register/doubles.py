"""Two documents about one person: suggested by their names, and made one. Nothing is thrown away: sheets name both."""

from collections.abc import Mapping
from contextlib import suppress

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.audit import Change
from server.context import Context, context_of
from server.dashboards.access import coordinator
from server.dashboards.register.records import national
from server.dashboards.rendering import page
from server.dashboards.writing import find, write
from server.domain import names
from server.domain.documents import Prisoner
from server.domain.identifiers import REGISTER
from server.domain.identity import Identity
from server.projection import people as letters
from sync.errors import Conflict

MOST = 100


class Suggestion(msgspec.Struct, frozen=True):
    """Two prisoners side by side, each with how many letters they had."""

    sides: tuple[tuple[str, Prisoner, int], tuple[str, Prisoner, int]]
    likeness: float


async def doubles(request: Request) -> Response:
    """Pairs that may be one person, or the two that the address names (`?one=…&other=…`)."""
    context, identity = context_of(request), await coordinator(request)
    prisoners = (await context.register.shelf()).prisoners
    one, other = request.query_params.get("one", ""), request.query_params.get("other", "")
    if one in prisoners and other in prisoners and one != other:
        pairs = [names.Pair(one, other, names.likeness(prisoners[one], prisoners[other]))]
    else:
        pairs = await context.register.duplicates()
    shown = pairs[:MOST]
    had = await context.tables.read(letters.letters_to, [name for pair in shown for name in (pair.one, pair.other)])
    return page(
        request,
        "doubles.html",
        identity,
        suggestions=[_suggestion(pair, prisoners, had) for pair in shown],
        found=len(pairs),
        merged=[(name, one) for name, one in prisoners.items() if one.merged_into],
        prisoners=prisoners,
    )


async def merge(request: Request) -> Response:
    """Makes `double` an alias of `keep`, or takes that back (`undo`). Letters to either are then letters to one person."""
    context, identity = context_of(request), await national(request)
    async with request.form(max_files=0) as form:
        keep, undo = str(form.get("keep", "")), bool(form.get("undo"))
        others = {*map(str, form.getlist("double")), *map(str, form.getlist("pair"))} - {keep}
    if len(others) != 1:
        raise HTTPException(400)
    [double] = others
    async with context.register.changing:
        survivor = await _part(context, identity, double) if undo else await _merge(context, identity, double, keep)
    return RedirectResponse(f"/dashboard/register/{survivor}", 303)


async def _merge(context: Context, identity: Identity, double: str, keep: str) -> str:
    shelf = await context.register.shelf()
    if double not in shelf.prisoners or keep not in shelf.prisoners:
        raise HTTPException(400)
    # Whoever is an alias of either stays that one's alias, so that taking this back is the whole way back.
    going, survivor = (shelf.survivors.get(name, name) for name in (double, keep))
    if going == survivor:
        raise HTTPException(400)
    await _say(context, identity, "prisoner-merged", going, survivor)
    return await _untied(context, identity, survivor)


async def _untied(context: Context, identity: Identity, survivor: str) -> str:
    """Who somebody is after a merge. Another server on the store may just have merged them the other way round: whoever of the
    two looks last sees the circle, and says in the document of who is all of it that they are nobody else."""
    for name in (await context.register.shelf()).in_circles:
        with suppress(Conflict):  # the other server was faster, and says the same
            await _say(context, identity, "prisoner-parted", name, None)
    return (await context.register.shelf()).survivors.get(survivor, survivor)


async def _part(context: Context, identity: Identity, double: str) -> str:
    known = (await context.register.shelf()).prisoners.get(double)
    if known is None:
        raise HTTPException(400)
    if known.merged_into is not None:  # else somebody was faster
        await _say(context, identity, "prisoner-parted", double, None)
    return double


async def _say(context: Context, identity: Identity, act: str, name: str, survivor: str | None) -> None:
    """Notes in somebody's document who they are."""
    stored = await find(context, REGISTER, name)
    await write(context, identity, REGISTER, stored, {**stored.body, "merged_into": survivor})
    before = str(stored.body.get("merged_into") or "")
    await context.audit.record(identity, act, name, [Change("merged_into", before, survivor or "")])


def _suggestion(pair: names.Pair, prisoners: Mapping[str, Prisoner], had: Mapping[str, letters.Had]) -> Suggestion:
    one, other = ((name, prisoners[name], had.get(name, letters.NOTHING).written) for name in (pair.one, pair.other))
    return Suggestion((one, other), pair.likeness)
