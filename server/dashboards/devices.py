"""Devices and invites: who is enrolled, letting more in, shutting one out for a while or for good."""

import datetime as dt

import msgspec
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.auth.devices import may_manage
from server.auth.errors import AlreadyRevoked, MalformedJoin, NotAllowed
from server.auth.invites import DEFAULT_HOURS, ROLES, Invitation, again, invitation, join_link, sign_in_link
from server.chapters import chapter_slugs
from server.context import Context, context_of
from server.dashboards.access import coordinator
from server.dashboards.rendering import page, qr_code
from server.domain.documents import Role
from server.domain.identifiers import chapter_database, is_ulid
from server.domain.identity import COORDINATORS, Identity
from server.language import language_of
from server.projection import queries


async def devices(request: Request) -> Response:
    """The list of devices and the form that makes an invite."""
    return await _page(request, await coordinator(request))


async def make_invite(request: Request) -> Response:
    """Shows a new invite, once: it is kept nowhere."""
    context = context_of(request)
    identity = await coordinator(request)
    async with request.form(max_files=0, max_fields=200) as form:
        role = str(form.get("role", ""))
        chapters = [str(value) for value in form.getlist("chapter")]
        hours, wished = str(form.get("hours", DEFAULT_HOURS)), str(form.get("many", 1))
    if role == "national":
        chapters = []
    try:
        invited = invitation(role, chapters, _hours(hours), await chapter_slugs(context.catalog))
    except MalformedJoin as error:
        return await _page(request, identity, problem=error.field, status=400)
    if not may_manage(identity, invited.role, invited.chapters):
        raise NotAllowed("Coordinators invite volunteers of their own chapters.")
    many = _many(wished)
    made = [_ticket(context, one) for one in [invited, *(again(invited) for _ in range(many - 1))]]
    for _ in made:
        await context.audit.record(identity, "invite-made", ", ".join(invited.chapters) or "*")
    return page(request, "invite.html", identity, invited=invited, tickets=made)


class Ticket(msgspec.Struct, frozen=True):
    """One invite as it is shown and printed: the link for a phone, its code, and a browser's link where the role has one."""

    link: str
    code: Markup
    sign_in: str | None


def _ticket(context: Context, invited: Invitation) -> Ticket:
    text = context.invites.sign(invited)
    link = join_link(context.public_url, text)
    return Ticket(link, qr_code(link), sign_in_link(context.public_url, text) if invited.role in COORDINATORS else None)


async def revoke(request: Request) -> Response:
    """Refuses a device from now on; a lost phone is told to forget everything too."""
    context = context_of(request)
    identity = await coordinator(request)
    device = request.path_params["device"]
    if not is_ulid(device):
        raise HTTPException(404)
    async with request.form(max_files=0, max_fields=10) as form:
        forget = form.get("forget") == "yes"
    try:
        await context.devices.revoke(device, identity, forget=forget)
    except AlreadyRevoked:
        return await _page(request, identity, revoked=True, status=409)
    await context.audit.record(identity, "device-forgotten" if forget else "device-revoked", device)
    return RedirectResponse("/dashboard/devices", 303)


async def set_standing(request: Request) -> Response:
    """Suspends a device, lets it in again, or changes until when it is let in; says so where it was revoked."""
    context = context_of(request)
    identity = await coordinator(request)
    found = await context.devices.find(request.path_params["device"])
    if found is None:
        raise HTTPException(404)
    async with request.form(max_files=0, max_fields=10) as form:
        suspend, days = form.get("suspend"), str(form.get("days", ""))
    suspended, until = found.suspended, found.until
    if suspend is not None:
        suspended = suspend == "yes"
        act = "device-suspended" if suspended else "device-resumed"
    elif days in TERMS:
        until = dt.datetime.now(dt.UTC) + dt.timedelta(days=int(days)) if int(days) else None
        act = "device-extended"
    else:
        raise HTTPException(400)
    try:
        await context.devices.set_standing(found.id, identity, suspended=suspended, until=until)
    except AlreadyRevoked:
        return await _page(request, identity, revoked=True, status=409)
    await context.audit.record(identity, act, found.id)
    return RedirectResponse("/dashboard/devices", 303)


TERMS = ("7", "30", "90", "365", "0")
"""For how many days a device may be let in from today; 0 is for ever."""
_MOST_AT_ONCE = 30


async def _page(
    request: Request, identity: Identity, *, problem: str = "", revoked: bool = False, status: int = 200
) -> Response:
    """The list. `problem` is what is wrong with the wish for an invite; `revoked`: that a device can't be changed any more."""
    context = context_of(request)
    mine = [
        device
        for device in await context.devices.everyone()
        if may_manage(identity, device.role, device.chapters) or device.id == identity.device
    ]
    names, language = await context.tables.read(queries.chapters), language_of(request)
    return page(
        request,
        "devices.html",
        identity,
        status=status,
        problem=problem,
        revoked=revoked,
        devices=mine,
        names=names,
        heard=await _heard(context, identity),
        waiting=await context.waiting.of([device.id for device in mine]),
        now=dt.datetime.now(dt.UTC),
        terms=TERMS,
        most=_MOST_AT_ONCE,
        roles=_invitable(identity),
        chapters=sorted(
            await _open_to(context, identity),
            key=lambda slug: language.name(names[slug].name) if slug in names else slug,
        ),
        default_hours=DEFAULT_HOURS,
    )


async def _heard(context: Context, identity: Identity) -> dict[str, object]:
    """When counts of each device last arrived, in any of the chapters this identity may see."""
    latest: dict[str, object] = {}
    for slug in await _open_to(context, identity):
        latest |= await context.tables.read(queries.heard_from, chapter_database(slug))
    return latest


async def _open_to(context: Context, identity: Identity) -> list[str]:
    there = await chapter_slugs(context.catalog)
    return there if identity.role == "national" else [slug for slug in there if slug in identity.chapters]


def _invitable(identity: Identity) -> tuple[Role, ...]:
    return ROLES if identity.role == "national" else ("volunteer",)


def _hours(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0


def _many(text: str) -> int:
    return min(max(int(text), 1), _MOST_AT_ONCE) if text.isdecimal() and len(text) < 4 else 1
