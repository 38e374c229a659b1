"""The register as a CSV table: out, and in again after a look at what it would change. Nothing is written unseen.

    file ─► preview (every row: new, changed, suspicious, refused) ─► rows ticked ─► written, each under its own revision

The table travels through the preview's form, and is judged again when it comes back: a row whose prisoner somebody has changed
in between is not written, but shown once more.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from server.audit import Change
from server.context import Context, context_of
from server.dashboards.access import coordinator
from server.dashboards.register.records import national
from server.dashboards.rendering import page
from server.dashboards.writing import Stored, write
from server.domain import register_csv
from server.domain.identifiers import REGISTER, new_ulid, prisoner_id
from server.domain.identity import Identity
from server.domain.register_csv import Proposal, Unreadable
from sync.databases.contract import Range
from sync.errors import Conflict

LARGEST = 4 * 1024 * 1024
SHOWN = ("refused", "suspicious", "changed", "new")
TICKED = frozenset({"new", "changed"})


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
        return await _preview(request, identity, table, chosen)
    except Unreadable as error:
        return page(request, "table.html", identity, status=400, columns=register_csv.COLUMNS, problem=error.key)


async def _preview(request: Request, identity: Identity, table: str, chosen: set[str] | None) -> Response:
    context, rows = context_of(request), register_csv.read(table)
    known = await _stored(context)
    proposals = register_csv.propose(rows, {name: stored.body for name, stored in known.items()})
    outcome = None
    if chosen is not None:
        outcome = await _write(context, identity, proposals, known, chosen)
        known = await _stored(context)
        left = [(line, row) for line, row in rows if line not in outcome.written]
        proposals = register_csv.propose(left, {name: stored.body for name, stored in known.items()})
    return page(
        request,
        "preview.html",
        identity,
        table=table,
        groups=[(verdict, [one for one in proposals if one.verdict == verdict]) for verdict in SHOWN],
        same=sum(one.verdict == "same" for one in proposals),
        outcome=outcome,
        ticked=TICKED,
        tick=lambda proposal: _tick(proposal, known),
        prisoners=(await context.register.shelf()).prisoners,
    )


async def _write(
    context: Context, identity: Identity, proposals: Sequence[Proposal], known: Mapping[str, Stored], chosen: set[str]
) -> Outcome:
    written: set[int] = set()
    for proposal in proposals:
        if proposal.verdict == "refused" or _tick(proposal, known) not in chosen:
            continue
        stored = known[proposal.id] if proposal.id else Stored(prisoner_id(new_ulid()))
        try:
            await write(context, identity, REGISTER, stored, proposal.body)
        except Conflict:
            continue
        written.add(proposal.line)
        changes = [Change(*change) for change in proposal.changes]
        await context.audit.record(identity, "prisoner-imported", stored.id, changes)
    return Outcome(frozenset(written), len(chosen) - len(written))


def _tick(proposal: Proposal, known: Mapping[str, Stored]) -> str:
    """What a ticked row says: which line, what was said of it, and the revision it was compared with."""
    return f"{proposal.line} {proposal.verdict} {known[proposal.id].rev if proposal.id in known else ''}"


async def _table(form: FormData) -> str:
    """The text of the table: from the file, or from the preview's form. Raises Unreadable."""
    given = form.get("file") or form.get("table")
    if isinstance(given, str):
        return given.replace("\r\n", "\n")
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
