"""What needs a coordinator's choice: values that lost against a concurrent edit, and closings that compete."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.audit import Change
from server.context import context_of
from server.dashboards import views
from server.dashboards.access import chapters_seen, coordinator, event_in
from server.dashboards.rendering import page
from server.dashboards.writing import Stored, find, write
from server.domain import merging
from server.domain.documents import Overruled
from server.domain.identifiers import chapter_of, closing_id, new_ulid
from server.projection import queries
from sync.errors import Conflict

_DECLARED = ("basis", "heads", "letters", "cards", "handmade", "recipients", "at_least", "same_table", "note")


async def conflicts(request: Request) -> Response:
    """The queue: every event with something in it, of the chapters this coordinator may see."""
    context, identity = context_of(request), await coordinator(request)
    mark = context.follower.signals.mark
    shown = await context.tables.read(views.conflicts, chapters_seen(identity))
    pseudonyms = await context.devices.pseudonyms()
    return page(request, "conflicts.html", identity, shown=shown, pseudonyms=pseudonyms, live=mark)


async def choose(request: Request) -> Response:
    """Settles the values that somebody chose about; one that came into the queue meanwhile stays in it."""
    context, identity = context_of(request), await coordinator(request)
    database, event = await event_in(request, identity)
    async with request.form(max_files=0) as form:
        chosen = {name.removeprefix("pick "): str(value) for name, value in form.items() if name.startswith("pick ")}
    stored = await find(context, database, event)
    queue = msgspec.convert(stored.body.get("overruled", []), list[Overruled])
    settled = [one for one in queue if chosen.get(views.key_of(one)) in ("holds", "lost")]
    restored = [one for one in settled if chosen[views.key_of(one)] == "lost"]
    if settled:
        try:
            await write(context, identity, database, stored, _resolved(stored, queue, settled, restored))
        except Conflict:  # somebody edited it just now: the queue is shown again as it then is
            return RedirectResponse("/dashboard/conflicts", 303)
        changes = [Change(one.field, _text(stored.body.get(one.field)), one.value or "") for one in restored]
        await context.audit.record(identity, "conflict-settled", event, changes)
    return RedirectResponse("/dashboard/conflicts", 303)


async def choose_closing(request: Request) -> Response:
    """Settles competing closings: the chosen one's numbers are declared once more, by whoever chose."""
    context, identity = context_of(request), await coordinator(request)
    database, event = await event_in(request, identity)
    async with request.form(max_files=0) as form:
        chosen, seen = str(form.get("closing", "")), form.getlist("rival")
    rivals = views.rivals((await context.tables.read(queries.evening, database, event)).closings)
    if set(rivals) == set(seen) and chosen in rivals:  # else another one has come, and all are shown again
        declared = (await find(context, database, chosen)).body
        body: dict[str, object] = {
            "type": "closing",
            "schema": 1,
            "event": event,
            "chapter": chapter_of(database),
            "device": identity.device,
            "replaces": rivals[0],
            "settles": list(rivals[1:]),
            **{name: declared[name] for name in _DECLARED if name in declared},
        }
        await write(context, identity, database, Stored(closing_id(event, new_ulid())), body)
        await context.audit.record(identity, "closing-chosen", event)
    return RedirectResponse("/dashboard/conflicts", 303)


def _resolved(
    stored: Stored, queue: list[Overruled], settled: list[Overruled], restored: list[Overruled]
) -> dict[str, object]:
    """The event without what was settled, with the values that were to win after all. Raises Invalid."""
    body: dict[str, Any] = dict(stored.body)
    left = [msgspec.to_builtins(one) for one in queue if one not in settled]
    body["overruled"] = left
    if not left:
        del body["overruled"]
    for one in restored:
        value = merging.lost_value(one)
        if one.value is None:
            body.pop(one.field, None)
        else:
            body[one.field] = value
    return body


def _text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
