"""Evenings made, changed, closed, cancelled and sent from a laptop, by a coordinator of their chapter."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, get_args
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.audit import Change
from server.context import Context, context_of
from server.dashboards import forms
from server.dashboards.access import coordinator, event_in
from server.dashboards.editing import Edit, edit, form_of, minted
from server.dashboards.forms import Body, Field, Option
from server.dashboards.writing import find, write
from server.domain import totals, validation
from server.domain.counting import count
from server.domain.days import local, zone_named
from server.domain.documents import Basis, Chapter, Closing, Declarable, EventKind, EventStatus, Method, Theme
from server.domain.identifiers import (
    chapter_database,
    chapter_id,
    chapter_of,
    closing_id,
    dispatch_id,
    event_id,
    is_slug,
)
from server.domain.identity import Identity
from server.language import Language, language_of
from server.projection import queries

DECLARABLE: tuple[Declarable, ...] = get_args(Declarable)
_ZONE = "Europe/Moscow"  # of an event that names none, in a chapter that names none
_LISTED = {"yes": True, "no": False}
_IN_SCHEDULE = {"": "event-listed-unsaid", "yes": "event-listed-yes", "no": "event-listed-no"}


async def new_event(request: Request) -> Response:
    """Makes an evening of a chapter."""
    context, identity = context_of(request), await coordinator(request)
    slug = request.path_params["chapter"]
    if not is_slug(slug):
        raise HTTPException(404)
    database = chapter_database(slug)
    validation.authorize(database, identity, "write")
    form = await form_of(request)
    about = (await context.register.shelf()).all(Chapter).get(chapter_id(slug))
    doc_id = event_id(minted(form))
    fresh = {
        "type": "event",
        "schema": 1,
        "chapter": slug,
        "device": identity.device,
        "kind": "letters",
        "status": "planned",
        "theme": None,
        "zone": (about.zone if about else None) or _ZONE,
        "listed": True,
    }
    language = language_of(request)
    title, chapter = language.text("event-new"), language.name(about.name) if about else slug
    back = f"/dashboard/events/{doc_id}" if form is not None else f"/dashboard/chapters/{slug}"
    what = await _event_edit(
        request, identity, database, doc_id, act="event-made", title=title, fresh=fresh, back=back, eyebrow=chapter
    )
    return await edit(request, what, form)


async def edit_event(request: Request) -> Response:
    """Changes an evening; cancelling and reopening it is a change of its state."""
    identity = await coordinator(request)
    database, doc_id = await event_in(request, identity)
    title = language_of(request).text("event-edit")
    back = f"/dashboard/events/{doc_id}"
    what = await _event_edit(request, identity, database, doc_id, act="event-edited", title=title, back=back)
    return await edit(request, what, await form_of(request))


async def cancel_event(request: Request) -> Response:
    """Cancels an evening. It stays, with whatever was counted, so that every phone hears of it."""
    context, identity = context_of(request), await coordinator(request)
    database, doc_id = await event_in(request, identity)
    stored = await find(context, database, doc_id)
    if stored.body.get("status") != "cancelled":
        await write(context, identity, database, stored, {**stored.body, "status": "cancelled"})
        before = str(stored.body.get("status"))
        await context.audit.record(identity, "event-cancelled", doc_id, [Change("status", before, "cancelled")])
    return RedirectResponse(f"/dashboard/events/{doc_id}", 303)


async def close_event(request: Request) -> Response:
    """Declares the numbers of an evening; a closing that stands is replaced, and only by whoever has seen it."""
    context, identity = context_of(request), await coordinator(request)
    database, event = await event_in(request, identity)
    form = await form_of(request)
    known = await context.tables.read(queries.evening, database, event)
    aliases = await context.tables.read(queries.aliases)
    standing = totals.standing(known.closings)
    seen = standing or ""
    doc_id = closing_id(event, minted(form))
    # Somebody closed it meanwhile: their numbers are shown before ours replace them.
    overtaken = form is not None and form.get("seen") != seen and doc_id != standing
    language, before = language_of(request), known.closings[standing] if standing else None
    what = Edit(
        identity,
        database,
        doc_id,
        _closing_fields(language),
        act="event-closed",
        title=language.text("close-again" if before else "close-title"),
        back=f"/dashboard/events/{event}",
        fresh=_closing(event, database, identity, standing, known.closings),
        finish=_with_bounds(form),
        hold=overtaken,
        eyebrow=known.event.title if known.event else "",
        template="close.html",
        more={
            "counted": count(known.sheets, aliases),
            "standing": before,
            "seen": seen,
            "overtaken": overtaken,
            "bounds": set(form.getlist("at_least")) if form is not None else set(before.at_least if before else ()),
            "declarable": DECLARABLE,
        },
    )
    return await edit(request, what, form)


async def new_dispatch(request: Request) -> Response:
    """Notes letters of an evening that were handed to the post."""
    identity = await coordinator(request)
    database, event = await event_in(request, identity)
    form, language = await form_of(request), language_of(request)
    methods = [(value, language.text(f"method-{value}")) for value in get_args(Method)]
    fields = (
        Field("on", "dispatch-on", ("on",), control="date", required=True, read=forms.day),
        Field("count", "dispatch-count", ("count",), control="number", required=True, read=forms.number, empty=None),
        Field("method", "dispatch-method", ("method",), "choice", read=forms.one_of(methods), options=methods),
        Field("note", "closing-note", ("note",), control="prose", read=forms.prose),
    )
    fresh: Body = {
        "type": "dispatch",
        "schema": 1,
        "event": event,
        "chapter": chapter_of(database),
        "device": identity.device,
        "on": "",
        "method": "post",
    }
    what = Edit(
        identity,
        database,
        dispatch_id(event, minted(form)),
        fields,
        act="letters-sent",
        title=language.text("dispatch-title"),
        back=f"/dashboard/events/{event}",
        fresh=fresh,
        eyebrow=str((await find(context_of(request), database, event)).body.get("title") or ""),
        lead=language.text("dispatch-lead"),
    )
    return await edit(request, what, form)


async def _event_edit(
    request: Request, identity: Identity, database: str, doc_id: str, *, eyebrow: str = "", **more: Any
) -> Edit:
    stored = await find(context_of(request), database, doc_id)
    zone = zone_named(str(stored.body.get("zone") or "")) or ZoneInfo(_ZONE)
    fields = await _event_fields(context_of(request), language_of(request), zone)

    def finish(body: Body, read: Mapping[str, Any]) -> Body:
        return _zoned(body, read, zone)

    title = str(stored.body.get("title") or "")
    return Edit(identity, database, doc_id, fields, finish=finish, eyebrow=title or eyebrow, **more)


async def _event_fields(context: Context, language: Language, zone: ZoneInfo) -> tuple[Field, ...]:
    themes = (await context.register.shelf()).all(Theme)
    theme: list[Option] = [(name.partition(":")[2], language.name(body.name)) for name, body in themes.items()]
    status = [(value, language.text(f"status-{value}")) for value in get_args(EventStatus)]
    kind = [(value, language.text(f"event-kind-{value}")) for value in get_args(EventKind)]
    listed = [(value, language.text(key)) for value, key in _IN_SCHEDULE.items()]
    none: Option = ("", language.text("form-no-theme"))

    def show(moment: str) -> str:
        return _local(moment, zone)

    return (
        Field("title", "field-title", ("title",), required=True, read=forms.line),
        Field("starts", "field-starts", ("starts",), "moment", required=True, read=forms.moment, show=show),
        Field("ends", "field-ends", ("ends",), "moment", read=forms.moment, show=show, empty=None),
        Field("zone", "field-zone", ("zone",), required=True, read=forms.zone, hint="event-zone-hint"),
        Field("place", "field-place", ("place",), read=forms.line, hint="form-place-hint"),
        Field("bring", "field-bring", ("bring",), "prose", read=forms.prose),
        Field("theme", "field-theme", ("theme",), "choice", read=forms.slug, options=[none, *theme], empty=None),
        Field("kind", "field-kind", ("kind",), "choice", read=forms.one_of(kind), options=kind),
        Field("status", "field-status", ("status",), "choice", read=forms.one_of(status), options=status),
        Field(
            "listed",
            "field-listed",
            ("listed",),
            "choice",
            read=_listed(listed),
            show=_said,
            options=listed,
            empty=None,
        ),
    )


def _listed(options: list[Option]) -> Callable[[str], bool]:
    known = forms.one_of(options)
    return lambda text: _LISTED[known(text)]


def _said(listed: bool) -> str:
    return "yes" if listed else "no"


def _closing_fields(language: Language) -> tuple[Field, ...]:
    basis = [(value, language.text(f"closing-basis-{value}")) for value in get_args(Basis)]
    labels = {
        "heads": "figure-heads",
        "letters": "figure-letters",
        "cards": "figure-cards",
        "handmade": "figure-handmade",
        "recipients": "figure-recipients",
    }
    numbers = [Field(name, labels[name], (name,), "number", read=forms.number, empty=None) for name in DECLARABLE]
    return (
        Field("basis", "closing-basis", ("basis",), "choice", read=forms.one_of(basis), options=basis),
        *numbers,
        Field("note", "closing-note", ("note",), control="prose", read=forms.prose),
    )


def _closing(event: str, database: str, identity: Identity, replaces: str | None, known: Mapping[str, Closing]) -> Body:
    """What a closing begins with: the numbers of the one it replaces, as most of them stay."""
    before = known[replaces] if replaces else None
    numbers = {name: getattr(before, name) for name in ("basis", *DECLARABLE, "note")} if before else {"basis": "tally"}
    return {
        "type": "closing",
        "schema": 1,
        "event": event,
        "chapter": chapter_of(database),
        "device": identity.device,
        "replaces": replaces,
        **numbers,
    }


def _with_bounds(form: FormData | None) -> Any:
    chosen = set(form.getlist("at_least")) if form is not None else set()

    def finish(body: Body, read: Mapping[str, Any]) -> Body:
        return {**body, "at_least": [name for name in DECLARABLE if name in chosen and body.get(name) is not None]}

    return finish


def _local(moment: str, zone: ZoneInfo) -> str:
    """What the clocks of a zone show at a stored moment; one just typed is that already."""
    read = dt.datetime.fromisoformat(moment)
    return (local(read, zone.key) if read.tzinfo else read).replace(tzinfo=None).isoformat(timespec="minutes")


def _zoned(body: Body, read: Mapping[str, Any], before: ZoneInfo) -> Body:
    """Gives the times that were typed their zone's offset; in another zone the clocks show the same as they did before.

    Raises Wrong for an end that is typed before the beginning.
    """
    zone = ZoneInfo(body["zone"])
    touched = ("starts", "ends") if "zone" in read else tuple(read.keys() & {"starts", "ends"})
    clocks = {name: dt.datetime.fromisoformat(_local(body[name], before)) for name in touched if body.get(name)}
    moments = {name: clock.replace(tzinfo=zone) for name, clock in clocks.items()}
    known = {name: dt.datetime.fromisoformat(body[name]) for name in ("starts", "ends") if body.get(name)} | moments
    if moments and "ends" in known and known["ends"] <= known["starts"]:
        raise forms.Wrong("form-problem-ends", "ends")
    return {**body, **{name: moment.isoformat(timespec="seconds") for name, moment in moments.items()}}
