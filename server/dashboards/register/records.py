"""The forms of the register: a prisoner, a placement, and its smaller documents. Only national coordinators write them."""

import datetime as dt

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.context import context_of
from server.dashboards import forms
from server.dashboards.access import coordinator
from server.dashboards.editing import Edit, edit, form_of, minted
from server.dashboards.forms import Field, Option
from server.dashboards.register.people import prisoner_in
from server.dashboards.rendering import page
from server.dashboards.writing import find, write
from server.domain import validation
from server.domain.documents import STATUSES, Chapter, Facility, Figure, Rules, Theme
from server.domain.identifiers import REGISTER, is_slug, new_ulid, prisoner_id
from server.domain.identity import Identity
from server.language import Language, language_of

KINDS: dict[str, type[Chapter] | type[Theme] | type[Rules] | type[Facility] | type[Figure]] = {
    "figure": Figure,
    "facility": Facility,
    "theme": Theme,
    "rules": Rules,
    "chapter": Chapter,
}


async def prisoner(request: Request) -> Response:
    """Makes or changes a prisoner."""
    identity = await national(request)
    form, language = await form_of(request), language_of(request)
    is_new = "prisoner" not in request.path_params
    name = prisoner_id(minted(form)) if is_new else prisoner_in(request)
    stored = await find(context_of(request), REGISTER, name)
    what = Edit(
        identity,
        REGISTER,
        name,
        _prisoner_fields(language, str(stored.body.get("status") or "")),
        act="prisoner-made" if is_new else "prisoner-edited",
        title=language.text("register-new" if is_new else "register-edit"),
        back="/dashboard/register" if is_new and form is None else f"/dashboard/register/{name}",
        fresh={"type": "prisoner", "schema": 1, "status": "detained"} if is_new else None,
        eyebrow=language.text("register-title") if is_new else await _name(request, name),
        lead=language.text("register-edit-lead"),
    )
    return await edit(request, _there(what, stored.rev), form)


async def placement(request: Request) -> Response:
    """Makes or changes where somebody is held; the number behind the last makes a new one."""
    identity = await national(request)
    name, number = prisoner_in(request), request.path_params["number"]
    stored = await find(context_of(request), REGISTER, name)
    places = stored.body.get("placements") or []
    form, language = await form_of(request), language_of(request)
    there = len(places) if isinstance(places, list) else 0
    if number > there:
        raise HTTPException(404)
    what = Edit(
        identity,
        REGISTER,
        name,
        _placement_fields(number),
        act="placement-made" if number == there else "placement-edited",
        title=language.text("placement-new" if number == there else "placement-edit"),
        back=f"/dashboard/register/{name}",
        eyebrow=await _name(request, name),
        lead=language.text("placement-lead"),
    )
    return await edit(request, _there(what, stored.rev), form)


async def confirm(request: Request) -> Response:
    """Notes that the address somebody is at now was found right today."""
    context, identity = context_of(request), await national(request)
    name = prisoner_in(request)
    stored = await find(context, REGISTER, name)
    places = stored.body.get("placements")
    if not isinstance(places, list) or not places:
        raise HTTPException(404)
    today = dt.datetime.now(dt.UTC).date().isoformat()
    checked = [*places[:-1], {**places[-1], "verified_on": today}]
    await write(context, identity, REGISTER, stored, {**stored.body, "placements": checked})
    await context.audit.record(identity, "address-confirmed", name)
    return RedirectResponse(f"/dashboard/register/{name}", 303)


async def records(request: Request) -> Response:
    """The smaller documents: figures, facilities, themes, advice, chapters."""
    identity = await coordinator(request)
    shelf = await context_of(request).register.shelf()
    shown = {kind: shelf.all(struct) for kind, struct in KINDS.items()}
    return page(request, "records.html", identity, shown=shown)


async def record(request: Request) -> Response:
    """Makes or changes one of them. Chapters are made on the server itself, together with their database."""
    identity = await national(request)
    kind, given = request.path_params["kind"], request.path_params.get("slug")
    if kind not in KINDS or (given is not None and not is_slug(given)):
        raise HTTPException(404)
    form, language = await form_of(request), language_of(request)
    is_new = given is None
    if is_new and kind == "chapter":
        raise HTTPException(404)
    slug = given or _new_slug(form)
    doc_id = f"{kind}:{slug}"
    stored = await find(context_of(request), REGISTER, doc_id)
    what = Edit(
        identity,
        REGISTER,
        doc_id,
        _record_fields(kind),
        act=f"{kind}-made" if is_new else f"{kind}-edited",
        title=language.text(f"record-{kind}"),
        back="/dashboard/register/records",
        eyebrow=language.text("records-others"),
        fresh={"type": kind, "schema": 1, "at_least": True} if kind == "figure" else {"type": kind, "schema": 1},
        more={"slug": slug},
    )
    return await edit(request, what if is_new else _there(what, stored.rev), form)


async def national(request: Request) -> Identity:
    """A national coordinator. Raises Forbidden for the others, who read the register."""
    identity = await coordinator(request)
    validation.authorize(REGISTER, identity, "write")
    return identity


async def _name(request: Request, prisoner: str) -> str:
    known = (await context_of(request).register.shelf()).prisoners.get(prisoner)
    return language_of(request).name(known.name) if known else ""


def _there(what: Edit, rev: str) -> Edit:
    """Raises a 404 for a document that is to be changed and isn't there."""
    if not rev and what.fresh is None:
        raise HTTPException(404)
    return what


def _new_slug(form: FormData | None) -> str:
    given = form.get("new") if form is not None else None
    return given if isinstance(given, str) and is_slug(given) else new_ulid().lower()


def _prisoner_fields(language: Language, status: str) -> tuple[Field, ...]:
    known = [*STATUSES, *([status] if status and status not in STATUSES else [])]
    statuses: list[Option] = [(one, status_text(language, one)) for one in known]
    return (
        Field("name_ru", "register-name-ru", ("name", "ru"), read=forms.line),
        Field("name_en", "register-name-en", ("name", "en"), read=forms.line, hint="register-name-hint"),
        Field("born", "register-born", ("born",), read=forms.vague, empty=None, hint="register-vague-hint"),
        Field("status", "register-status", ("status",), "choice", read=forms.one_of(statuses), options=statuses),
        Field("articles", "register-articles", ("articles",), read=forms.listed(forms.line), show=forms.joined(),
              empty=[], hint="register-comma-hint"),
        Field("detained_since", "register-since", ("detained_since",), read=forms.vague, empty=None,
              hint="register-vague-hint"),
        Field("sentence", "register-sentence", ("sentence",), read=forms.line, empty=None),
        Field("themes", "register-themes", ("themes",), read=forms.listed(forms.slug), show=forms.joined(), empty=[],
              hint="register-themes-hint"),
        Field("sources", "register-sources", ("sources",), "prose", read=forms.listed(forms.prose, "\n"),
              show=forms.joined("\n"), empty=[], hint="register-lines-hint"),
        Field("note", "register-note", ("note",), "prose", read=forms.prose),
    )  # fmt: skip


def _placement_fields(number: int) -> tuple[Field, ...]:
    def at(member: str) -> tuple[str | int, ...]:
        return ("placements", number, member)

    return (
        Field("facility", "placement-facility", at("facility"), required=True, read=forms.line),
        Field("address", "placement-address", at("address"), read=forms.line, empty=None),
        Field("from", "placement-from", at("from"), read=forms.vague, empty=None, hint="register-vague-hint"),
        Field("to", "placement-to", at("to"), read=forms.vague, empty=None),
        Field("verified_on", "placement-verified", at("verified_on"), read=forms.vague, empty=None),
        Field("source", "placement-source", at("source"), "prose", read=forms.prose, empty=None),
    )


def _record_fields(kind: str) -> tuple[Field, ...]:
    heading = {"rules": "title", "figure": "about"}.get(kind, "name")
    named = (
        Field("ru", "record-name-ru", (heading, "ru"), read=forms.line),
        Field("en", "record-name-en", (heading, "en"), read=forms.line),
    )
    text = (
        Field("text_ru", "record-text-ru", ("text", "ru"), "prose", read=forms.prose),
        Field("text_en", "record-text-en", ("text", "en"), "prose", read=forms.prose),
    )
    more: dict[str, tuple[Field, ...]] = {
        "figure": (
            Field("count", "figure-count", ("count",), "number", required=True, read=forms.number, empty=None),
            Field("at_least", "figure-at-least", ("at_least",), "check", read=_yes, show=_said, empty=False),
            Field("on", "figure-on", ("on",), "date", required=True, read=forms.day),
            Field("source", "placement-source", ("source",), required=True, read=forms.line),
        ),
        "facility": (
            Field("address", "placement-address", ("address",), read=forms.line, empty=None),
            Field("languages", "facility-languages", ("languages",), read=forms.listed(forms.slug),
                  show=forms.joined(), empty=[], hint="facility-languages-hint"),
            _in_both("forbidden"),
            _in_both("enclosures"),
            Field("eletters", "facility-eletters", ("eletters",), read=forms.pair("name", "address"),
                  show=forms.paired("name", "address"), empty=None, hint="facility-eletters-hint"),
            Field("verified_on", "placement-verified", ("verified_on",), read=forms.vague, empty=None),
            Field("sources", "register-sources", ("sources",), "prose", read=forms.listed(forms.prose, "\n"),
                  show=forms.joined("\n"), empty=[], hint="register-lines-hint"),
        ),
        "theme": text,
        "rules": (*text, Field("order", "rules-order", ("order",), "number", read=forms.number, empty=0)),
        "chapter": (
            Field("zone", "field-zone", ("zone",), read=forms.zone, empty=None),
            Field("silent", "chapter-silent", ("silent_after_days",), "number", read=forms.number, empty=7),
        ),
    }  # fmt: skip
    return (*named, *more[kind])


def _in_both(name: str) -> Field:
    """What a facility forbids or allows: a line for each, in both languages."""
    show = forms.paired("ru", "en")
    return Field(
        name,
        f"facility-{name}",
        (name,),
        "prose",
        read=forms.listed(forms.pair("ru", "en"), "\n"),
        show=lambda items: "\n".join(map(show, items)),
        empty=[],
        hint="facility-both-hint",
    )


def status_text(language: Language, status: str) -> str:
    """A status in words, or as it stands where nobody here knows it."""
    return language.text(f"prisoner-status-{status}") if status in STATUSES else status


def _yes(text: str) -> bool:
    return text == "yes"


def _said(value: bool) -> str:
    return "yes" if value else ""
