"""Devices and invites: who is enrolled, letting more in, shutting one out."""

import segno
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.auth.devices import may_manage
from server.auth.errors import MalformedJoin, NotAllowed
from server.auth.invites import DEFAULT_HOURS, ROLES, invitation, join_link, sign_in_link
from server.chapters import chapter_slugs
from server.context import Context, context_of
from server.dashboards.access import ROLES as COORDINATORS
from server.dashboards.access import coordinator
from server.dashboards.rendering import page
from server.domain.documents import Role
from server.domain.identifiers import chapter_database, is_ulid
from server.domain.identity import Identity
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
        hours = str(form.get("hours", DEFAULT_HOURS))
    if role == "national":
        chapters = []
    try:
        invited = invitation(role, chapters, _hours(hours), await chapter_slugs(context.catalog))
    except MalformedJoin as error:
        return await _page(request, identity, problem=error.field, status=400)
    if not may_manage(identity, invited.role, invited.chapters):
        raise NotAllowed("Coordinators invite volunteers of their own chapters.")
    text = context.invites.sign(invited)
    link = join_link(context.public_url, text)
    return page(
        request,
        "invite.html",
        identity,
        invited=invited,
        link=link,
        sign_in=sign_in_link(context.public_url, text) if invited.role in COORDINATORS else None,
        code=Markup(segno.make(link, error="l").svg_inline(omitsize=True, light="#fff", border=3)),  # noqa: S704 made by us
    )


async def revoke(request: Request) -> Response:
    """Refuses a device from now on; a lost phone is told to forget everything too."""
    context = context_of(request)
    identity = await coordinator(request)
    device = request.path_params["device"]
    if not is_ulid(device):
        raise HTTPException(404)
    async with request.form(max_files=0, max_fields=10) as form:
        forget = form.get("forget") == "yes"
    await context.devices.revoke(device, identity, forget=forget)
    return RedirectResponse("/dashboard/devices", 303)


async def _page(request: Request, identity: Identity, *, problem: str = "", status: int = 200) -> Response:
    context = context_of(request)
    mine = [
        device
        for device in await context.devices.everyone()
        if may_manage(identity, device.role, device.chapters) or device.id == identity.device
    ]
    return page(
        request,
        "devices.html",
        identity,
        status=status,
        problem=problem,
        devices=mine,
        names=await context.tables.read(queries.chapters),
        heard=await _heard(context, identity),
        roles=_invitable(identity),
        chapters=await _open_to(context, identity),
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
