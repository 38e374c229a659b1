"""The log of administrative acts, as a page: everything for national, one's own acts for other coordinators."""

from collections.abc import Mapping

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.audit import DEEDS
from server.context import context_of
from server.dashboards.access import coordinator
from server.dashboards.filters import skip_of
from server.dashboards.rendering import page
from server.domain.documents import Chapter
from server.domain.identifiers import chapter_id
from server.language import Language, language_of
from server.register import Shelf

PAGE = 200
_RECORDS = frozenset({"figure", "facility", "theme", "rules", "chapter"})


class Subject(msgspec.Struct, frozen=True):
    """What an act was done to: how it is called, and the page it has, if any."""

    name: str
    address: str | None = None


async def acts(request: Request) -> Response:
    """The latest acts first, a page at a time (`?skip=`)."""
    context, language = context_of(request), language_of(request)
    identity = await coordinator(request)
    skip = skip_of(request)
    by = None if identity.role == "national" else identity.device
    seen = await context.audit.acts(by=by, skip=skip, most=PAGE + 1)
    pseudonyms = await context.devices.pseudonyms()
    shelf = await context.register.shelf()
    shown = [(act, _subject(act.subject, shelf, pseudonyms, language)) for act in seen[:PAGE]]
    more = skip + PAGE if len(seen) > PAGE else None
    return page(request, "acts.html", identity, acts=shown, known=DEEDS, more=more)


def _subject(subject: str, shelf: Shelf, pseudonyms: Mapping[str, str], language: Language) -> Subject:
    """A subject as people know it; its id where nobody here knows it."""
    kind, _, rest = subject.partition(":")
    if subject in pseudonyms:
        return Subject(pseudonyms[subject])
    if subject in shelf.prisoners:
        return Subject(language.name(shelf.prisoners[subject].name), f"/dashboard/register/{subject}")
    if kind == "event":
        return Subject(f"{language.text('figure-event')} …{rest[-6:]}", f"/dashboard/events/{subject}")
    if kind in _RECORDS:
        return Subject(rest, f"/dashboard/register/records#{kind}")
    if subject == "*":
        return Subject(language.text("chapters-all"))
    chapters = shelf.all(Chapter)
    named = [chapters.get(chapter_id(slug)) for slug in subject.split(", ")]
    return Subject(", ".join(language.name(one.name) for one in named if one) if all(named) else subject)
