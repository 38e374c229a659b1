"""The register as a CSV table: out, and in again after a look at what it would change. Nothing is written unseen.

    file ─► preview (every row: new, changed, suspicious, refused) ─► rows ticked ─► written, each under its own revision

The table travels through the preview's form, and is judged again when it comes back: a row whose prisoner somebody has changed
in between is not written, but shown once more. New people get the ids that were kept for them when the preview was made, so
a form that is sent twice, even at once, makes nobody twice. One table is judged and written at a time, so that whoever sends
the same one later is shown that everybody in it is there.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

import anyio.to_thread
import msgspec
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from server.audit import Change
from server.context import Context, context_of
from server.dashboards.access import coordinator
from server.dashboards.register.records import national
from server.dashboards.rendering import page
from server.dashboards.writing import Stored, checked
from server.domain import register_csv
from server.domain.identifiers import REGISTER, is_ulid, new_ulid, prisoner_id, ulid_after
from server.domain.identity import Identity
from server.domain.register_csv import Proposal, Row, Unreadable
from sync.databases.contract import Range
from sync.errors import Conflict

LARGEST = 4 * 1024 * 1024
SHOWN = ("refused", "suspicious", "changed", "new")
TICKED = frozenset({"new", "changed"})
_AT_ONCE = 100


class Outcome(msgspec.Struct, frozen=True):
    """What became of the rows that were ticked: the lines written, and how many are not what was shown any more."""

    written: frozenset[int]
    overtaken: int


async def export(request: Request) -> Response:
    """The whole register as a table."""
    context = context_of(request)
    await coordinator(request)
    known = await _stored(context)
    table = register_csv.write((name, dict(stored.body)) for name, stored in known.items())
    day = dt.datetime.now(dt.UTC).date().isoformat()
    headers = {"content-disposition": f'attachment; filename="register-{day}.csv"', "cache-control": "no-store"}
    return Response(table, media_type="text/csv; charset=utf-8", headers=headers)


async def upload(request: Request) -> Response:
    """The page that asks for a table."""
    return page(request, "table.html", await national(request), columns=register_csv.COLUMNS, problem="")


async def preview(request: Request) -> Response:
    """What a table would change; with `confirm`, writes the rows that are ticked and shows those that are left."""
    identity = await national(request)
    limits = {"max_fields": 2 * register_csv.MOST_ROWS, "max_part_size": 2 * LARGEST}
    try:
        async with request.form(max_files=1, **limits) as form:
            table = await _table(form)
            chosen = set(map(str, form.getlist("row"))) if form.get("confirm") else None
            opened = str(form.get("opened", ""))
        return await _preview(request, identity, table, chosen, opened if is_ulid(opened) else new_ulid())
    except Unreadable as error:
        return page(request, "table.html", identity, status=400, columns=register_csv.COLUMNS, problem=error.key)


async def _preview(request: Request, identity: Identity, table: str, chosen: set[str] | None, opened: str) -> Response:
    context, rows = context_of(request), register_csv.read(table)
    written = frozenset[int]()
    if chosen is not None:
        async with context.register.changing:
            known = await _stored(context)
            proposals = await _proposed(rows, known)
            ticked = [one for one in proposals if one.verdict != "refused" and _tick(one, known) in chosen]
            written = await _write(context, identity, ticked, known, opened)
    known = await _stored(context)
    proposals = await _proposed([(line, row) for line, row in rows if line not in written], known)
    return page(
        request,
        "preview.html",
        identity,
        table=table,
        opened=opened,
        groups=[(verdict, [one for one in proposals if one.verdict == verdict]) for verdict in SHOWN],
        same=sum(one.verdict == "same" for one in proposals),
        outcome=None if chosen is None else Outcome(written, len(chosen) - len(written)),
        ticked=TICKED,
        tick=lambda proposal: _tick(proposal, known),
        prisoners=(await context.register.shelf()).prisoners,
    )


async def _proposed(rows: Sequence[tuple[int, Row]], known: Mapping[str, Stored]) -> Sequence[Proposal]:
    """What the rows would do. Comparing thousands of names takes seconds, in which others are served."""
    bodies = {name: stored.body for name, stored in known.items()}
    return await anyio.to_thread.run_sync(register_csv.propose, rows, bodies)


async def _write(
    context: Context, identity: Identity, ticked: Sequence[Proposal], known: Mapping[str, Stored], opened: str
) -> frozenset[int]:
    """Writes the rows that nobody was faster with, and answers their lines.

    The log is told first: if the server ends between the two, nothing is in the register that the log does not tell of. Of rows
    that were left after all, it is told too.
    """
    database = await context.catalog.open(REGISTER)
    written: set[int] = set()
    for begin in range(0, len(ticked), _AT_ONCE):
        some = [(one, _target(one, known, opened)) for one in ticked[begin : begin + _AT_ONCE]]
        documents = await checked(context, identity, REGISTER, [(stored, one.body) for one, stored in some])
        meant = [(stored.id, [Change(*change) for change in one.changes]) for one, stored in some]
        await context.audit.record_all(identity, "prisoner-imported", meant)
        outcomes = await database.write(documents)
        written |= {one.line for (one, _), outcome in zip(some, outcomes, strict=True) if outcome.error is None}
        if left := [outcome for outcome in outcomes if outcome.error is not None]:
            await context.audit.record_all(identity, "prisoner-import-left", [(outcome.id, ()) for outcome in left])
        for outcome in left:
            if outcome.error is not None and not isinstance(outcome.error, Conflict):
                raise outcome.error
    return frozenset(written)


def _target(proposal: Proposal, known: Mapping[str, Stored], opened: str) -> Stored:
    """The document a row is written to; for somebody new the one that was kept for its line."""
    return known[proposal.id] if proposal.id else Stored(prisoner_id(ulid_after(opened, proposal.line)))


def _tick(proposal: Proposal, known: Mapping[str, Stored]) -> str:
    """What a ticked row says: which line, what was said of it, whom it is like, and the revision it was compared with."""
    return (
        f"{proposal.line} {proposal.verdict} {proposal.like} {known[proposal.id].rev if proposal.id in known else ''}"
    )


async def _table(form: FormData) -> str:
    """The text of the table: from the file, or from the preview's form. Raises Unreadable."""
    given = form.get("file") or form.get("table")
    if isinstance(given, str):
        return given
    if not isinstance(given, UploadFile) or not given.filename:
        raise Unreadable("import-problem-none")
    raw = await given.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise Unreadable("import-problem-rows")
    return register_csv.decoded(raw)


async def _stored(context: Context) -> dict[str, Stored]:
    """The prisoners of the register as they are stored, by id."""
    database = await context.catalog.open(REGISTER)
    page = await database.all_docs(Range(start="prisoner:", end="prisoner;"), include_docs=True)
    return {
        row.id: Stored(row.id, row.rev, msgspec.json.decode(row.document.body, type=dict[str, object]))
        for row in page.rows
        if row.document is not None
    }
