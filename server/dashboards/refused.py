"""Documents that phones offered and the rules did not let in, with what to do about each."""

from typing import get_args

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.context import context_of
from server.dashboards.access import coordinator
from server.dashboards.rendering import page
from server.domain.documents import Chapter
from server.domain.errors import Fault, Rule
from server.domain.identifiers import chapter_database
from server.domain.identity import Identity
from server.quarantine import Refused


async def refused(request: Request) -> Response:
    """The queue of the databases this coordinator may see."""
    context, identity = context_of(request), await coordinator(request)
    return page(
        request,
        "refused.html",
        identity,
        entries=await context.quarantine.entries(_databases(identity)),
        advice=_advice,
        rules=get_args(Rule),
        pseudonyms=await context.devices.pseudonyms(),
        chapters={
            chapter_database(name.partition(":")[2]): chapter
            for name, chapter in (await context.register.shelf()).all(Chapter).items()
        },
    )


async def forget(request: Request) -> Response:
    """Takes an entry off the list: somebody has looked. What the phone holds stays on the phone."""
    context, identity = context_of(request), await coordinator(request)
    async with request.form(max_files=0) as form:
        device, database, document = (str(form.get(name, "")) for name in ("device", "database", "document"))
    allowed = _databases(identity)
    may = allowed is None or database in allowed
    if may and await context.quarantine.forget(device, database, document):
        await context.audit.record(identity, "refusal-seen", document)
    return RedirectResponse("/dashboard/refused", 303)


def _databases(identity: Identity) -> frozenset[str] | None:
    return None if identity.role == "national" else frozenset(map(chapter_database, identity.chapters))


def _advice(one: Refused) -> str:
    """The text that says what to do about a refusal."""
    if one.rule in get_args(Fault):
        return "refused-advice-shape"
    kind = one.document.partition(":")[0]
    return "refused-advice-role" if kind in ("closing", "dispatch", "reply", "event") else "refused-advice-other"
