"""One way to edit any document: shown as a form, taken in, reconciled with what others stored, checked by the rules, written.

    GET   the form, of a document as it is or of one that is to be
    POST  303 when stored · 400 with what is wrong · 409 with both values where somebody else changed the same field

The id of a new document is made when its form is shown, so that a form sent twice makes one document.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.audit import Change
from server.context import context_of
from server.dashboards import forms
from server.dashboards.forms import Body, Field, Sent, Wrong
from server.dashboards.rendering import page
from server.dashboards.writing import Stored, find, write
from server.domain.errors import Invalid
from server.domain.identifiers import is_ulid, new_ulid
from server.domain.identity import Identity
from sync.errors import Conflict

_TRIES = 5
"""Somebody may store something between our reading and our writing; each time we read again."""


@dataclass(frozen=True)
class Edit:
    """What is edited, and how its page looks.

    `fresh` is what a new document begins with; None: the document must be there. `finish` has the last word on a body that is
    about to be written, and may raise Wrong where two fields contradict each other. `back` is where the page leads when it is
    done, and `eyebrow` what is there. With `hold` nothing is written now: the page shows something to look at first, and what
    was typed.
    """

    identity: Identity
    database: str
    id: str
    fields: Sequence[Field]
    act: str
    title: str
    back: str
    fresh: Body | None = None
    hold: bool = False
    finish: Callable[[Body, Mapping[str, Any]], Body] | None = None
    eyebrow: str = ""
    lead: str = ""
    template: str = "form.html"
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def minted(self) -> str:
        """The last part of the id, which the form of a new document carries."""
        return self.id.rpartition(":")[2]


async def edit(request: Request, what: Edit, form: FormData | None = None) -> Response:
    """The answer to a GET or POST of an editing page."""
    stored = await find(context_of(request), what.database, what.id)
    if form is None:
        return _page(request, what, forms.shown(what.fields, _base(what, stored)))
    given = forms.sent(what.fields, form)
    if what.hold:
        now = forms.texts(what.fields, _base(what, stored))
        held = replace(forms.reconcile(given, now), was=now, clashes={})
        return _page(request, what, held, status=409)
    for _ in range(_TRIES):
        try:
            return await _take(request, what, stored, given)
        except Conflict:
            stored = await find(context_of(request), what.database, what.id)
    raise Conflict("Others keep changing this document")


async def _take(request: Request, what: Edit, stored: Stored, given: Sent) -> Response:
    base = _base(what, stored)
    now = forms.texts(what.fields, base)
    joined = forms.reconcile(given, now)
    if joined.clashes:
        return _page(request, what, replace(joined, was=now), status=409)
    read, problems = forms.values(what.fields, joined, now)
    if problems:
        return _page(request, what, replace(joined, was=now, problems=problems), status=400)
    if not read and stored.rev:
        return RedirectResponse(what.back, 303)
    body = forms.put(what.fields, base, read)
    try:
        if what.finish is not None:
            body = what.finish(body, read)
        await write(context_of(request), what.identity, what.database, stored, body)
    except Wrong as error:
        return _page(request, what, replace(joined, was=now, problems={error.name: error.key}), status=400)
    except Invalid as error:
        return _page(request, what, replace(joined, was=now, problems=_blame(what.fields, error)), status=400)
    changes = [Change(name, now[name], joined.texts[name]) for name in read if now[name] != joined.texts[name]]
    await context_of(request).audit.record(what.identity, what.act, what.id, changes)
    return RedirectResponse(what.back, 303)


async def form_of(request: Request, *, max_size: int = 1024 * 1024) -> FormData | None:
    """The form a request brings; None for one that asks for the page."""
    return await request.form(max_files=0, max_part_size=max_size) if request.method == "POST" else None


def minted(form: FormData | None) -> str:
    """The ULID the form of a new document was shown with; a new one for a form that is to be shown."""
    given = form.get("new") if form is not None else None
    return given if isinstance(given, str) and is_ulid(given) else new_ulid()


def _base(what: Edit, stored: Stored) -> Body:
    return stored.body if stored.rev or what.fresh is None else what.fresh


def _blame(fields: Sequence[Field], error: Invalid) -> dict[str, str]:
    """The field a rule refused, by its path; none of them where the path leads elsewhere."""
    for one in fields:
        if ".".join(map(str, one.path)) == error.path.replace("[", ".").replace("]", ""):
            return {one.name: "form-problem-refused"}
    return {"": "form-problem-refused"}


def _page(request: Request, what: Edit, given: Sent, *, status: int = 200) -> Response:
    return page(request, what.template, what.identity, status=status, what=what, given=given)
